"""The manager's decisions on suggestions, and items that they add."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from sqlalchemy import select

from service.db.tables import ItemDecision, Meeting, Suggestion
from service.db.unit_of_work import Work
from service.domain.edits import Decision, Item, Verdict, new_item
from service.domain.errors import NotValid
from service.domain.minutes import ITEM_FIELDS
from service.domain.plan import steps_of
from service.domain.policy import Action, Thing
from service.domain.review import check_decision, groups_by_id
from service.domain.transcripts import Quote, Transcript, quoted
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.make_plan import renewed_plan
from service.usecases.meeting_documents import (
    ADDED,
    DECISION,
    MeetingDocuments,
    require_revision,
    sweep,
)
from service.usecases.rapport import Rapport
from service.usecases.review_state import ReviewState, load_review

MOST_ADDED = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """What the manager wants with one item (domain/edits.Decision without who and when)."""

    item: str
    verdict: Verdict
    fields: Mapping[str, str | None] = field(default_factory=dict)
    no_date: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """An item that a person adds to a group of the minutes, with the words of the talk that it stems from."""

    group: str
    fields: Mapping[str, str | None]
    no_date: bool = False
    quotes: Sequence[Quote] = ()


def decide(
    rapport: Rapport,
    actor: Actor,
    meeting_id: str,
    revision: int,
    choices: Sequence[Choice] = (),
    additions: Sequence[Addition] = (),
    withdrawn: Collection[str] = (),
) -> Meeting:
    """The meeting after all of them, or none. `withdrawn`, which comes first: ids that become undecided, or
    are no longer added.

    Raises NotFound, NotAllowed, VersionChanged, WrongState, NotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.decide, Thing.draft, lock=True)
        require_revision(meeting, revision)
        documents = MeetingDocuments(rapport, work, meeting)
        review = load_review(documents, work)
        taken = set(groups_by_id(review.draft, review.added, review.plan))
        _withdraw(documents, work, withdrawn, taken)
        left = _without(review.added, withdrawn)
        added = add_items(left, additions, review.participants, taken, transcript_of(documents, additions))
        _store_added(documents, work, review, added)
        decisions = [decision_of(choice, actor, work) for choice in choices]
        _store_all(documents, work, replace(review, added=added), decisions, withdrawn)
        meeting.revision += 1
        changes = len(choices) + len(additions) + len(withdrawn)
        work.audit(actor.person_id, "decide", "draft", meeting.id, {"count": changes})
    sweep(rapport, meeting)
    return meeting


def decision_of(choice: Choice, actor: Actor, work: Work) -> Decision:
    """The choice of this actor, now."""
    return Decision(choice.item, choice.verdict, actor.person_id, work.now, choice.fields, choice.no_date)


def transcript_of(documents: MeetingDocuments, additions: Sequence[Addition]) -> Transcript:
    """The transcript, where something is quoted from it. Raises NotFound."""
    if not any(one.quotes for one in additions):
        return {"turns": []}
    read: Transcript = documents.read(documents.of(documents.meeting.transcript_id))
    return read


def add_items(
    before: Mapping[str, Sequence[Item]],
    additions: Sequence[Addition],
    participants: frozenset[str],
    taken: set[str],
    transcript: Transcript,
) -> dict[str, list[Item]]:
    """All items that people added, by group, each with an id ("h1") not in `taken`. Raises NotValid."""
    made = {group: list(items) for group, items in before.items()}
    free = (f"h{n}" for n in count(1) if f"h{n}" not in taken)
    for one in additions:
        if one.group not in ITEM_FIELDS:
            raise NotValid("not_a_choice", field="group", allowed=", ".join(ITEM_FIELDS))
        evidence = quoted(transcript, one.quotes)
        item = new_item(
            one.group, next(free), one.fields, participants, no_date=one.no_date, evidence=evidence
        )
        made.setdefault(one.group, []).append(item)
    if sum(map(len, made.values())) > MOST_ADDED:
        raise NotValid("too_many_items", most=MOST_ADDED)
    return made


def _without(added: Mapping[str, Sequence[Item]], withdrawn: Collection[str]) -> dict[str, list[Item]]:
    return {group: [one for one in items if one["id"] not in withdrawn] for group, items in added.items()}


def _withdraw(documents: MeetingDocuments, work: Work, withdrawn: Collection[str], known: set[str]) -> None:
    for item in withdrawn:
        if item not in known:
            raise NotValid("unknown_item", item=item)
    own = documents.meeting.id
    decisions = select(ItemDecision).where(ItemDecision.meeting_id == own, ItemDecision.item.in_(withdrawn))
    for row in work.session.scalars(decisions):
        old = documents.of(row.document_id) if row.document_id else None
        work.session.delete(row)
        work.session.flush()
        if old is not None:
            documents.discard(old)
    added = select(Suggestion).where(
        Suggestion.meeting_id == own, Suggestion.item.in_(withdrawn), Suggestion.origin == "human"
    )
    for suggestion in work.session.scalars(added):
        work.session.delete(suggestion)


def _store_added(
    documents: MeetingDocuments, work: Work, review: ReviewState, added: dict[str, list[Item]]
) -> None:
    if added == review.added:
        return
    old = documents.newest(ADDED)
    documents.add(ADDED, added)
    if old is not None:
        documents.discard(old)
    known = {item["id"] for items in review.added.values() for item in items}
    for group, items in added.items():
        for item in items:
            if item["id"] not in known:
                work.add(
                    Suggestion(meeting_id=documents.meeting.id, item=item["id"], kind=group, origin="human")
                )


def _store_all(
    documents: MeetingDocuments,
    work: Work,
    review: ReviewState,
    decisions: Sequence[Decision],
    withdrawn: Collection[str],
) -> None:
    """Those on steps of the plan come last: the others may change the plan."""
    known = groups_by_id(review.draft, review.added)
    first = [decision for decision in decisions if decision.item in known]
    for decision in first:
        checked = check_decision(review.draft, review.added, decision, review.participants)
        _store(documents, work, checked)
    touched = {*withdrawn, *(decision.item for decision in first)}
    plan = renewed_plan(documents, work, review.draft, review.plan, touched)
    gone = {step["id"] for step in steps_of(review.plan)} - {step["id"] for step in steps_of(plan)}
    _withdraw(documents, work, gone, gone)
    for decision in decisions:
        if decision.item not in known:
            checked = check_decision(review.draft, review.added, decision, review.participants, plan)
            _store(documents, work, checked)


def _store(documents: MeetingDocuments, work: Work, decision: Decision) -> None:
    meeting_id = documents.meeting.id
    row = work.session.scalar(select(ItemDecision).filter_by(meeting_id=meeting_id, item=decision.item))
    if row is None:
        row = ItemDecision(meeting_id=meeting_id, item=decision.item)
    old = documents.of(row.document_id) if row.document_id else None
    row.document_id = documents.add(DECISION, dict(decision.fields)).id if decision.fields else None
    row.verdict, row.no_date = decision.verdict, decision.no_date
    row.by_person_id, row.at = decision.by, decision.at
    work.add(row)
    if old is not None:
        documents.discard(old)
