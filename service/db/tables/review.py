"""From suggestion to acknowledged minutes; what was said stays in encrypted documents."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class Suggestion(Owned, Base):
    """An item of a draft or one that a person added. `kind`: the list of the draft it belongs to."""

    __tablename__ = "suggestion"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    item: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(30))
    confidence: Mapped[float | None]
    origin: Mapped[str] = mapped_column(String(10), default="engine")

    __table_args__ = (UniqueConstraint("meeting_id", "item"),)


class ItemDecision(Owned, Base):
    """The manager's decision on an item. `document_id`: the words of an edit. The newest one counts."""

    __tablename__ = "decision"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    item: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(10))
    no_date: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)
    by_person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("meeting_id", "item"),)


class MinutesVersion(Owned, Base):
    """A confirmed version; immutable. `sha256`: of its canonical JSON, what the others acknowledge."""

    __tablename__ = "minutes_version"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    confirmed_by: Mapped[str] = mapped_column(String(36))
    confirmed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("meeting_id", "version"),)


class Acknowledgement(Owned, Base):
    """An employee's answer to one version: acknowledge or dispute. `document_id`: items and comment."""

    __tablename__ = "acknowledgement"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[str] = mapped_column(String(15))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("meeting_id", "version", "person_id"),)


class ActionItem(Owned, Base):
    """A confirmed action item, or a step of a development plan. Its words are in the minutes.

    `plan_of`: whose plan; `resource`: what the step is learnt with. `status`: open, in_work, done, moved or
    dropped.
    """

    __tablename__ = "action_item"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    item: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    plan_of: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    resource: Mapped[str | None] = mapped_column(String(64))
    due: Mapped[date | None]
    recurrence: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default="open")
    status_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("meeting_id", "item"),
        Index("ix_action_item_owner_status", "owner_id", "status", "due"),
    )


class ActionItemChange(Owned, Base):
    """What somebody made of an action item: its status and day after that, and the day before (`was_due`)."""

    __tablename__ = "action_item_change"

    action_item_id: Mapped[str] = mapped_column(ForeignKey("action_item.id"), index=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    status: Mapped[str] = mapped_column(String(10))
    due: Mapped[date | None]
    was_due: Mapped[date | None]
    by_person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
