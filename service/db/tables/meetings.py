"""Meetings: series, participants, their consent, legal holds, erasures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class Series(Owned, Base):
    """Meetings of one pair or group. `rhythm`: weekly, biweekly, monthly, quarterly or none."""

    __tablename__ = "series"

    manager_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    employee_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    rhythm: Mapped[str] = mapped_column(String(20), default="none")
    created_at: Mapped[datetime]


class Meeting(Owned, Base):
    """One conversation. `state`: domain/lifecycle.State. `key_id`: its key in the key store; None: erased.

    `minutes_key_id`: a second key, of minutes and answers to them, which outlive recording and transcript.
    `revision` counts every change that a second tab must not overwrite (the API's ETag).
    `draft_id`, `transcript_id`: the newest of these documents.
    """

    __tablename__ = "meeting"

    series_id: Mapped[str | None] = mapped_column(ForeignKey("series.id"))
    manager_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    state_since: Mapped[datetime]
    held_on: Mapped[date]
    started_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str] = mapped_column(String(10), default="auto")
    minutes_language: Mapped[str | None] = mapped_column(String(10))
    sensitivity: Mapped[str] = mapped_column(String(10), default="normal")
    key_id: Mapped[str | None] = mapped_column(String(64))
    minutes_key_id: Mapped[str | None] = mapped_column(String(64))
    transcript_id: Mapped[str | None] = mapped_column(String(36))
    draft_id: Mapped[str | None] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str | None] = mapped_column(String(64))
    audio_erased_at: Mapped[datetime | None]
    created_by: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_meeting_manager_day", "manager_id", "held_on", "id"),
        Index("ix_meeting_organisation_state", "organisation_id", "state"),
    )


class Participant(Owned, Base):
    """A person in a meeting under the id that its documents use (`pid`: m, e, s1 ...)."""

    __tablename__ = "participant"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    pid: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(20))

    __table_args__ = (UniqueConstraint("meeting_id", "pid"), UniqueConstraint("meeting_id", "person_id"))


class Consent(Owned, Base):
    """Consent of one participant. `state`: domain/consent; `by_person_id`: who said so; `host`: the machine
    elsewhere that it names.
    """

    __tablename__ = "consent"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participant.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by_person_id: Mapped[str | None] = mapped_column(String(36))
    told_at: Mapped[datetime | None]
    host: Mapped[str | None] = mapped_column(String(255))


class Hold(Owned, Base):
    """A legal hold: it blocks erasure once a second person agreed. `reason_code`: a code, not a text."""

    __tablename__ = "hold"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    reason_code: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[str] = mapped_column(String(36))
    asked_at: Mapped[datetime]
    agreed_by: Mapped[str | None] = mapped_column(String(36))
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Permit(Owned, Base):
    """What one person asks for and another one grants. `kind`: hr_access or erasure (of all of a meeting).

    `reason_code`: a code, not a text. `ended_at`: from when it gives no right any more.
    """

    __tablename__ = "permit"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason_code: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[str] = mapped_column(String(36))
    asked_at: Mapped[datetime]
    agreed_by: Mapped[str | None] = mapped_column(String(36))
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Erasure(Owned, Base):
    """An erasure under way or done. `what`: audio, transcript or all. `state`: preparing, destroying or done.

    `keys`, `blobs`: what remains to be destroyed; whoever finds them after a crash goes on.
    """

    __tablename__ = "erasure"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    what: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), index=True)
    keys: Mapped[list[Any]] = mapped_column(default=list)
    blobs: Mapped[list[Any]] = mapped_column(default=list)
    asked_by: Mapped[str] = mapped_column(String(36))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
