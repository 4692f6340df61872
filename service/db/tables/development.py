"""Goals, ratings, profiles and the catalogue: dates, states and numbers; words are encrypted documents."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class Goal(Owned, Base):
    """A goal of a person, below another goal or none. `blob`: name of its encrypted words."""

    __tablename__ = "goal"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("goal.id"))
    state: Mapped[str] = mapped_column(String(20), default="open")
    due: Mapped[date | None]
    blob: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]


class RatingCycle(Owned, Base):
    """A period that is rated."""

    __tablename__ = "rating_cycle"

    name: Mapped[str] = mapped_column(String(100))
    from_day: Mapped[date]
    until_day: Mapped[date]


class Rating(Owned, Base):
    """A person's rating in a cycle, given by their manager."""

    __tablename__ = "rating"

    cycle_id: Mapped[str] = mapped_column(ForeignKey("rating_cycle.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    given_by: Mapped[str] = mapped_column(String(36))
    value: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("cycle_id", "person_id"),)


class Profile(Owned, Base):
    """A person's development profile (models/development.Profile), encrypted. `key_id`: its own key."""

    __tablename__ = "profile"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    key_id: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(String(80))
    updated_at: Mapped[datetime]


class Catalogue(Owned, Base):
    """A development catalogue of the organisation. `sha256`: of its file; the newest one counts."""

    __tablename__ = "catalogue"

    sha256: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int]
    path: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]
