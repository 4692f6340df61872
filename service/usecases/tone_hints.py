"""Hints on tone are the manager's for a while: then only how many there were stays."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import Document
from service.db.unit_of_work import Work
from service.usecases.meeting_documents import DRAFT, MeetingDocuments


def forget_tone(documents: MeetingDocuments, work: Work) -> bool:
    """Replaces every draft by one without flags and rewordings; `tone_counts` has their number by label.

    False where there was nothing to forget.
    """
    meeting = documents.meeting
    newest = documents.of(meeting.draft_id)
    draft = documents.read(newest)
    labels = [flag["label"] for flag in draft["tone_flags"]]
    old = list(work.session.scalars(select(Document).filter_by(meeting_id=meeting.id, kind=DRAFT)))
    if not labels and len(old) == 1:
        return False
    before = draft.get("tone_counts", {})
    counts = {label: before.get(label, 0) + labels.count(label) for label in sorted({*labels, *before})}
    made = {**draft, "tone_flags": [], "tone_counts": counts}
    meeting.draft_id = documents.add(DRAFT, made, newest.created_at).id
    documents.discard(*old)
    return True
