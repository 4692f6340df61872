"""A draft with everything that its manager has decided and added so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from service.db.tables import ItemDecision, Participant
from service.db.unit_of_work import Work
from service.domain.edits import SUMMARY, Decision, Item, Verdict
from service.domain.errors import WrongState
from service.domain.lifecycle import Event, State
from service.domain.minutes import ITEM_FIELDS
from service.domain.review import undecided
from service.usecases.make_plan import read_plan
from service.usecases.meeting_documents import ADDED, MeetingDocuments


@dataclass(frozen=True, slots=True)
class ReviewState:
    """`added`: items of people by group. `participants`: the ids that the documents use. `plan`: entries of
    the development plan, made of what was accepted.
    """

    draft: dict[str, Any]
    added: dict[str, list[Item]]
    decisions: list[Decision]
    participants: frozenset[str]
    plan: list[Item]

    def open_items(self) -> list[str]:
        """Ids that need a decision of their own even when everything was displayed."""
        shown = {item["id"] for group in ITEM_FIELDS for item in self.draft[group]} | {SUMMARY}
        return undecided(self.draft, self.decisions, shown)


def load_review(documents: MeetingDocuments, work: Work) -> ReviewState:
    """Reads it. Raises WrongState where no draft waits for its manager."""
    meeting = documents.meeting
    if meeting.state != State.drafted or meeting.draft_id is None:
        raise WrongState("wrong_state", state=State(meeting.state), event=Event.confirm)
    added = documents.newest(ADDED)
    rows = work.session.scalars(select(ItemDecision).filter_by(meeting_id=meeting.id))
    return ReviewState(
        documents.read(documents.of(meeting.draft_id)),
        documents.read(added) if added else {},
        [_decision(documents, row) for row in rows],
        frozenset(work.session.scalars(select(Participant.pid).filter_by(meeting_id=meeting.id))),
        read_plan(documents),
    )


def _decision(documents: MeetingDocuments, row: ItemDecision) -> Decision:
    fields = documents.read(documents.of(row.document_id)) if row.document_id else {}
    return Decision(row.item, Verdict(row.verdict), row.by_person_id, row.at, fields, row.no_date)
