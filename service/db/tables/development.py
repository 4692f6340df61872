"""Goals, ratings, profiles and the catalogue: dates, states and numbers; words are encrypted documents."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
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
    """A list that an administrator imports whole. `kind`: resources or competencies; `sha256`: of its
    entries. `ready_share` (0..1): how much of it a worker has made ready for search; `reason`: a code, why it
    could not.
    """

    __tablename__ = "catalogue"

    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int]
    ready_share: Mapped[float] = mapped_column(default=0.0)
    reason: Mapped[str | None] = mapped_column(String(60))
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organisation_id", "kind"),)


class CatalogueEntry(Owned, Base):
    """An entry in the order of its file. `line`: it as JSON; `words`: what a search looks through."""

    __tablename__ = "catalogue_entry"

    catalogue_id: Mapped[str] = mapped_column(ForeignKey("catalogue.id"))
    position: Mapped[int]
    entry: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("catalogue_id", "entry"),
        UniqueConstraint("catalogue_id", "position"),
    )
