"""A second draft takes the place of the first one: what the manager decided stays, the rest is made anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, event, select

from service.db.tables import Document, ItemDecision, Meeting, Suggestion
from service.db.unit_of_work import Work
from service.domain.review import SUGGESTIONS, merge_redraft
from service.domain.transcripts import texts
from service.storage.documents import DocumentStore


def replace_draft(
    work: Work, documents: DocumentStore, meeting: Meeting, made: Document, new: dict[str, Any]
) -> tuple[dict[str, Any], Document]:
    """The draft that the manager goes on with, and its row; the caller discards `made` and the one before.

    `meeting`: locked, with a draft; `made`: the document of the new draft `new`.
    """
    key_id = meeting.key_id or ""
    old = work.one(Document, meeting.draft_id or "")
    transcript = documents.read(key_id, work.one(Document, meeting.transcript_id or "").name)
    decided = select(ItemDecision.item).filter_by(meeting_id=meeting.id)
    added = select(Suggestion.item).filter_by(meeting_id=meeting.id, origin="human")
    merged = merge_redraft(
        documents.read(key_id, old.name),
        set(work.session.scalars(decided)),
        new,
        texts(transcript),
        set(work.session.scalars(added)),
    )
    name = documents.write(key_id, merged)
    event.listen(work.session, "after_rollback", lambda session: documents.delete(name))
    row = Document(
        meeting_id=meeting.id,
        kind="draft",
        revision=made.revision + 1,
        name=name,
        created_at=old.created_at,
    )
    _forget_others(work, meeting, merged)
    return merged, work.add(row)


def _forget_others(work: Work, meeting: Meeting, draft: dict[str, Any]) -> None:
    """Suggestions of the first draft that nobody decided on and that did not come again."""
    left = {item["id"] for group in SUGGESTIONS for item in draft[group]}
    own = select(Suggestion).filter_by(meeting_id=meeting.id, origin="engine")
    gone = [row.id for row in work.session.scalars(own) if row.item not in left]
    work.session.execute(delete(Suggestion).where(Suggestion.id.in_(gone)))
