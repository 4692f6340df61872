"""The draft with decisions so far: what the manager of the meeting reviews, and nobody else sees."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport
from service.usecases.review_state import ReviewState, load_review


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """`open_items`: ids that one confirm cannot cover. `revision`: what a decision has to name."""

    review: ReviewState
    open_items: list[str]
    revision: int


def read_draft(rapport: Rapport, actor: Actor, meeting_id: str) -> ReadDraft:
    """The review as it stands. The look is in the audit log. Raises NotFound, NotAllowed, WrongState."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.draft)
        review = load_review(MeetingDocuments(rapport, work, meeting), work)
    note_looks(rapport, actor, "draft", [meeting.id])
    return ReadDraft(review, review.open_items(), meeting.revision)
