"""The draft with decisions so far: what the manager of the meeting reviews, and nobody else sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.action_items import ListedItem
from service.usecases.actor import Actor
from service.usecases.earlier_items import earlier_items
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport
from service.usecases.review_state import ReviewState, load_review


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """`open_items`: ids that one confirm cannot cover. `revision`: what a decision has to name.

    `earlier`: action items of the minutes before, which `follow_up` is about, by their ids there.
    """

    review: ReviewState
    open_items: list[str]
    revision: int
    earlier: Mapping[str, ListedItem]


def read_draft(rapport: Rapport, actor: Actor, meeting_id: str) -> ReadDraft:
    """The review as it stands. The look is in the audit log. Raises NotFound, NotAllowed, WrongState."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.draft)
        review = load_review(MeetingDocuments(rapport, work, meeting), work)
        earlier = earlier_items(rapport, work, actor, meeting)
    note_looks(rapport, actor, "draft", [meeting.id])
    return ReadDraft(review, review.open_items(), meeting.revision, earlier)
