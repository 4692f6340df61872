"""Corrects a transcript; suggestions whose quotes it no longer holds are marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from service.db.tables import Meeting, Participant
from service.domain.errors import WrongState
from service.domain.lifecycle import Event, State
from service.domain.policy import Action, Thing
from service.domain.review import SUGGESTIONS, mark_stale
from service.domain.transcripts import TurnEdit, edited, texts
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_documents import (
    DRAFT,
    TRANSCRIPT,
    MeetingDocuments,
    require_revision,
    sweep,
)
from service.usecases.rapport import Rapport

_NOT_NOW = frozenset({State.planned, State.uploaded, State.processing, State.erased})


def edit_transcript(
    rapport: Rapport, actor: Actor, meeting_id: str, revision: int, edits: Sequence[TurnEdit]
) -> Meeting:
    """The meeting with a new revision of its transcript.

    Raises NotFound, NotAllowed, VersionChanged, WrongState while it is being processed, NotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.edit, Thing.transcript, lock=True)
        require_revision(meeting, revision)
        if meeting.state in _NOT_NOW:
            raise WrongState("wrong_state", state=State(meeting.state), event=Event.correct)
        documents = MeetingDocuments(rapport, work, meeting)
        old = documents.of(meeting.transcript_id)
        before = documents.read(old)
        speakers = {one["id"] for one in before["participants"]}
        own = select(Participant.pid).filter_by(meeting_id=meeting.id)
        after = edited(before, edits, speakers | set(work.session.scalars(own)))
        meeting.transcript_id = documents.add(TRANSCRIPT, after, old.created_at).id
        documents.discard(old)
        if meeting.draft_id is not None:
            _mark_draft(documents, texts(after))
        meeting.revision += 1
        work.audit(actor.person_id, "edit", "transcript", meeting.id, {"rev": after["rev"]})
    sweep(rapport, meeting)
    return meeting


def _mark_draft(documents: MeetingDocuments, turns: dict[int, str]) -> None:
    """Hints on words that nobody said go; suggestions stay, marked."""
    old = documents.of(documents.meeting.draft_id)
    draft: dict[str, Any] = documents.read(old)
    marked = {group: [mark_stale(item, turns) for item in draft[group]] for group in SUGGESTIONS}
    flags = [flag for flag in draft["tone_flags"] if flag["quote"] in turns.get(flag["turn"], "")]
    made = {**draft, **marked, "tone_flags": flags}
    documents.meeting.draft_id = documents.add(DRAFT, made, old.created_at).id
    documents.discard(old)
