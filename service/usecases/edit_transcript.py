"""Corrects a transcript; the draft follows: quotes keep their place, owners the words that they said."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import ItemDecision, Meeting
from service.db.unit_of_work import Work
from service.domain.corrections import Anchors, Reassigned, corrected_draft
from service.domain.errors import WrongState
from service.domain.lifecycle import Event, State
from service.domain.policy import Action, Thing
from service.domain.transcripts import Correction
from service.domain.transcripts import edited as corrected
from service.jobs.assignment import participants_of
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_documents import (
    ADDED,
    DRAFT,
    TRANSCRIPT,
    MeetingDocuments,
    require_revision,
    sweep,
)
from service.usecases.rapport import Rapport

_NOT_NOW = frozenset({State.planned, State.uploaded, State.processing, State.erased})


def edit_transcript(
    rapport: Rapport, actor: Actor, meeting_id: str, revision: int, correction: Correction
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
        people = participants_of(work, meeting.id)
        after = corrected(before, correction, people)
        meeting.transcript_id = documents.add(TRANSCRIPT, after, old.created_at).id
        documents.discard(old)
        ids = {one["id"] for one in people}
        reassigned = Reassigned(correction.speakers, ids, _decided(work, meeting))
        _follow(documents, Anchors(before, after), reassigned)
        meeting.revision += 1
        work.audit(actor.person_id, "edit", "transcript", meeting.id, {"rev": after["rev"]})
    sweep(rapport, meeting)
    return meeting


def _decided(work: Work, meeting: Meeting) -> set[str]:
    return set(work.session.scalars(select(ItemDecision.item).filter_by(meeting_id=meeting.id)))


def _follow(documents: MeetingDocuments, anchors: Anchors, reassigned: Reassigned) -> None:
    """Draft and added items point at the new revision."""
    meeting = documents.meeting
    if meeting.draft_id is not None:
        old = documents.of(meeting.draft_id)
        draft = corrected_draft(documents.read(old), anchors, reassigned)
        meeting.draft_id = documents.add(DRAFT, draft, old.created_at).id
        documents.discard(old)
    own = documents.newest(ADDED)
    if own is not None:
        items = documents.read(own)
        followed = {group: [anchors.followed(one) for one in found] for group, found in items.items()}
        if followed != items:
            documents.add(ADDED, followed, own.created_at)
            documents.discard(own)
