"""The manager confirms: suggestions become minutes, and those concerned are asked to answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from service.db.tables import ActionItem, MinutesVersion, Participant
from service.db.transition import transition
from service.db.unit_of_work import Work
from service.domain.edits import Item
from service.domain.ids import new_id
from service.domain.lifecycle import Event
from service.domain.minutes import Minutes, Stamp, sha256_of
from service.domain.policy import Action, Thing
from service.domain.review import minutes_from
from service.usecases.access import find_meeting
from service.usecases.action_items import note_change
from service.usecases.actor import Actor
from service.usecases.feedback_indicators import keep_indicators
from service.usecases.invitations import ask_for_answer
from service.usecases.meeting_documents import (
    MINUTES,
    MeetingDocuments,
    require_revision,
    sweep,
)
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import version_of
from service.usecases.review_state import load_review
from service.usecases.tone_hints import forget_tone


def confirm(
    rapport: Rapport, actor: Actor, meeting_id: str, revision: int, displayed: Collection[str]
) -> MinutesVersion:
    """The first version. `displayed`: ids that the manager was shown, "summary" among them.

    Raises NotFound, NotAllowed, VersionChanged, WrongState, NotReviewed, NotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.confirm, Thing.draft, lock=True)
        require_revision(meeting, revision)
        documents = MeetingDocuments(rapport, work, meeting)
        review = load_review(documents, work)
        minutes = minutes_from(
            review.draft,
            review.added,
            review.decisions,
            displayed=displayed,
            participants=review.participants,
            stamp=Stamp(new_id(), meeting.id, actor.person_id, work.now),
            plan=review.plan,
        )
        meeting.minutes_key_id = rapport.keys.create()
        version = keep_version(documents, work, minutes, actor, Event.confirm)
        keep_indicators(work, meeting, review.draft)
        forget_tone(documents, work)
    sweep(rapport, meeting)
    return version


def keep_version(
    documents: MeetingDocuments, work: Work, minutes: Minutes, actor: Actor, event: Event
) -> MinutesVersion:
    """Document, version, action items, state and messages of newly confirmed minutes."""
    meeting = documents.meeting
    version = MinutesVersion(
        id=minutes["id"],
        meeting_id=meeting.id,
        version=minutes["version"],
        sha256=sha256_of(minutes),
        document_id=documents.add(MINUTES, minutes).id,
        confirmed_by=actor.person_id,
        confirmed_at=work.now,
    )
    work.add(version)
    people = list(work.session.scalars(select(Participant).filter_by(meeting_id=meeting.id)))
    person_of = {one.pid: one.person_id for one in people}
    _keep_action_items(documents, work, minutes, person_of, actor)
    meeting.version = version.version
    transition(work, meeting, event, actor.person_id)
    for person_id in (one.person_id for one in people if one.role == "employee"):
        if person_id is not None:
            ask_for_answer(documents.rapport, work, meeting, person_id)
    return version


def _keep_action_items(
    documents: MeetingDocuments,
    work: Work,
    minutes: Minutes,
    person_of: dict[str, str | None],
    actor: Actor,
) -> None:
    """What became of an item or step stays, a day that it was moved to as well unless the minutes changed
    theirs; one that a correction took out is dropped.
    """
    meeting = documents.meeting
    known = {
        row.item: row for row in work.session.scalars(select(ActionItem).filter_by(meeting_id=meeting.id))
    }
    said = _days(documents, work) if known else {}
    for item, learner in _items(minutes):
        row = known.pop(item["id"], None)
        is_new = row is None
        if row is None:
            row = ActionItem(meeting_id=meeting.id, item=item["id"], status="open", status_at=work.now)
        row.version = minutes["version"]
        row.owner_id = person_of.get(item["owner"])
        row.plan_of, row.resource = person_of.get(learner), item.get("resource")
        row.recurrence = item.get("recurrence")
        was_due = row.due
        if is_new or said.get(item["id"]) != item["due"]:
            row.due = date.fromisoformat(item["due"]) if item["due"] else None
        work.add(row)
        if not is_new and row.due != was_due:
            note_change(work, row, actor, was_due)
    for row in known.values():
        if row.status != "dropped":
            row.status, row.status_at = "dropped", work.now
            note_change(work, row, actor, row.due)


def _items(minutes: Minutes) -> list[tuple[Item, str]]:
    """Action items, and steps with whose plan they are of."""
    items = [(item, "") for item in minutes["action_items"]]
    return items + [(step, entry["person"]) for entry in minutes["plan"] for step in entry["will"]]


def _days(documents: MeetingDocuments, work: Work) -> dict[str, str | None]:
    """What the version until now said of days."""
    before: Minutes = documents.read(documents.of(version_of(work, documents.meeting).document_id))
    return {item["id"]: item["due"] for item, _ in _items(before)}
