"""Who is alive and what is being worked on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class Heartbeat(Base):
    """A node says that it lives, by the database's clock. `kind`: web, worker or live."""

    __tablename__ = "heartbeat"

    node: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Job(Owned, Base):
    """One run of the workflow over a meeting. `id` is the workflow's id.

    `state`: queued, running, done, failed, parked or cancelled. `step`, `share` 0..1, `left_s`: how far it
    is and the estimate of what is left, in seconds. `attempts`: how often it was begun or taken over.
    """

    __tablename__ = "job"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    state: Mapped[str] = mapped_column(String(12))
    step: Mapped[str] = mapped_column(String(30), default="")
    share: Mapped[float] = mapped_column(default=0.0)
    left_s: Mapped[float | None]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(64))
    node: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_job_meeting", "meeting_id", "created_at"),
        Index("ix_job_organisation_state", "organisation_id", "state"),
    )
