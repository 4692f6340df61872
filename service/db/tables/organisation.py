"""Organisation, its units, the people in it and who manages whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Identified, Owned


class Organisation(Identified, Base):
    """A customer. `settings`: its choices by name (service/domain/organisation_settings), no secrets."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Unit(Owned, Base):
    """A team or department, in a tree. `retired_on`: from when nobody is put into it any more."""

    __tablename__ = "unit"

    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    retired_on: Mapped[date | None]


class ConversationTemplate(Owned, Base):
    """What the organisation made of the template of one kind of conversation (domain/templates)."""

    __tablename__ = "template"

    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    content: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("organisation_id", "kind", "language"),)


class Person(Owned, Base):
    """Somebody in the organisation, with or without an account. `sort_key`: pinyin for Chinese names.

    `aliases`: what they are called in meetings (张总, Liz). `left_on`: their last day, if they left.
    `shows_radar`: lets the manager of today see their skill radar.
    """

    __tablename__ = "person"

    display_name: Mapped[str] = mapped_column(String(200))
    family_name: Mapped[str] = mapped_column(String(100), default="")
    given_name: Mapped[str] = mapped_column(String(100), default="")
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    sort_key: Mapped[str] = mapped_column(String(400), default="")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    email: Mapped[str | None] = mapped_column(String(320))
    left_on: Mapped[date | None]
    shows_radar: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_person_organisation_sort", "organisation_id", "sort_key", "id"),)


class Relation(Owned, Base):
    """Who manages whom, from a day on and until one. `kind`: manager, stand_in or successor."""

    __tablename__ = "relation"

    kind: Mapped[str] = mapped_column(String(20))
    manager_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    employee_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    made_by: Mapped[str | None] = mapped_column(String(36))
