"""Takes what is to be erased out of the tables, and says which keys and blobs are to be destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from service.db.tables import (
    Acknowledgement,
    ActionItem,
    ActionItemChange,
    Document,
    FeedbackIndicator,
    ItemDecision,
    Meeting,
    MinutesVersion,
    Recording,
    RecordingPart,
    Suggestion,
)
from service.db.unit_of_work import Work
from service.usecases.meeting_documents import (
    ADDED,
    DECISION,
    DRAFT,
    PLAN,
    TRANSCRIPT,
    UNDER_MINUTES_KEY,
)
from service.usecases.rapport import Rapport

_OUTLIVE_SOUND = (TRANSCRIPT, DRAFT, DECISION, ADDED, PLAN)
"""Kinds of documents under the meeting's first key that stay when only its sound goes."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Ids of keys and names of blobs that no row of the meeting names any more."""

    keys: list[str]
    blobs: list[str]


def take_out_sound(rapport: Rapport, work: Work, meeting: Meeting, new_key: str) -> TakenOut:
    """Recordings and intermediate documents go; texts are encrypted anew under `new_key`."""
    blobs = _recordings(work, meeting)
    old_key = meeting.key_id
    if old_key is None:
        return TakenOut([new_key], blobs)
    for document in _documents(work, meeting):
        if document.kind in UNDER_MINUTES_KEY:
            continue
        blobs.append(document.name)
        if document.kind in _OUTLIVE_SOUND:
            document.name = rapport.documents.write(new_key, rapport.documents.read(old_key, document.name))
            document.step = None
        else:
            work.session.delete(document)
    meeting.key_id = new_key
    return TakenOut([old_key], blobs)


def take_out_transcript(work: Work, meeting: Meeting) -> TakenOut:
    """Everything but minutes and the answers to them."""
    _delete(work, meeting, ItemDecision, Suggestion)
    blobs = _recordings(work, meeting)
    for document in _documents(work, meeting):
        if document.kind not in UNDER_MINUTES_KEY:
            blobs.append(document.name)
            work.session.delete(document)
    keys = [meeting.key_id] if meeting.key_id else []
    meeting.key_id = meeting.transcript_id = meeting.draft_id = None
    return TakenOut(keys, blobs)


def take_out_everything(work: Work, meeting: Meeting) -> TakenOut:
    """All but who met when, their consent, and the audit log."""
    _delete(work, meeting, ActionItemChange, ActionItem, Acknowledgement, MinutesVersion)
    _delete(work, meeting, ItemDecision, Suggestion, FeedbackIndicator)
    blobs = _recordings(work, meeting)
    blobs += [document.name for document in _documents(work, meeting)]
    _delete(work, meeting, Recording, Document)
    keys = [key for key in (meeting.key_id, meeting.minutes_key_id) if key]
    meeting.key_id = meeting.minutes_key_id = meeting.transcript_id = meeting.draft_id = None
    return TakenOut(keys, blobs)


def _documents(work: Work, meeting: Meeting) -> list[Document]:
    return list(work.session.scalars(select(Document).filter_by(meeting_id=meeting.id)))


def _recordings(work: Work, meeting: Meeting) -> list[str]:
    """Names of all parts, which are taken out; the recordings say that they were erased."""
    own = select(Recording.id).where(Recording.meeting_id == meeting.id)
    parts = RecordingPart.recording_id.in_(own)
    names = list(work.session.scalars(select(RecordingPart.name).where(parts)))
    work.session.execute(delete(RecordingPart).where(parts))
    erased = {"state": "erased", "received_bytes": 0, "size_bytes": 0, "fingerprint": None}
    work.session.execute(update(Recording).where(Recording.meeting_id == meeting.id).values(**erased))
    return names


def _delete(work: Work, meeting: Meeting, *tables: Any) -> None:  # noqa: ANN401 - mapped classes
    work.session.flush()
    for table in tables:
        work.session.execute(delete(table).where(table.meeting_id == meeting.id))
