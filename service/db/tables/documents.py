"""Where the encrypted bytes of a meeting are: documents by kind and revision, recordings in parts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class Document(Owned, Base):
    """One encrypted JSON document. `kind`: transcript, draft, minutes, decision, comment, window, ...

    `step`: the key of the step that made it, so that finished work is found again; `name`: of its blob.
    """

    __tablename__ = "document"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    kind: Mapped[str] = mapped_column(String(30))
    revision: Mapped[int] = mapped_column(default=1)
    step: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_document_meeting_kind", "meeting_id", "kind", "revision"),
        UniqueConstraint("meeting_id", "step"),
    )


class Recording(Owned, Base):
    """An upload and, once complete, the sound of a meeting. `state`: receiving, complete, refused, erased.

    `track`: the participant whose voice it is, for separate tracks. `fingerprint`: keyed hash of its bytes.
    """

    __tablename__ = "recording"

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    media_type: Mapped[str | None] = mapped_column(String(100))
    track: Mapped[str | None] = mapped_column(String(64))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    duration_s: Mapped[float | None]
    created_by: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class RecordingPart(Owned, Base):
    """A piece of a recording as it came in: bytes `start` to `start + size_bytes`."""

    __tablename__ = "recording_part"

    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"))
    start: Mapped[int] = mapped_column(BigInteger)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))

    __table_args__ = (UniqueConstraint("recording_id", "start"),)
