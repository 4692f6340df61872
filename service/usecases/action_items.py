"""Action items of confirmed minutes: whose they are, by when, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Select, select

from service.db.tables import ActionItem, Document, Meeting, Participant
from service.db.unit_of_work import Work
from service.domain.errors import VersionChanged
from service.domain.follow_up import ItemStatus, Progress, changed
from service.domain.plan import steps_of
from service.domain.policy import Action, Thing
from service.errors import Refused
from service.usecases.access import find_meeting, require
from service.usecases.actor import Actor
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import version_of

PAGE_MOST = 100

Whose = Literal["mine", "meetings"]
"""Those that I own, or all of the meetings that I was in."""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An action item with its words, and the day of its meeting."""

    row: ActionItem
    task: str
    held_on: date


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Newest first. `next_cursor`: where the next page begins; None at the end."""

    items: list[ListedItem]
    next_cursor: str | None


def list_action_items(
    rapport: Rapport,
    actor: Actor,
    whose: Whose = "mine",
    status: ItemStatus | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> ItemPage:
    """One page, without items of meetings that the actor may not read. The look is in the audit log."""
    limit = max(1, min(limit, PAGE_MOST))
    with rapport.database.read(actor.organisation_id) as work:
        rows = list(work.session.scalars(_query(work, actor, whose, status, cursor).limit(limit + 1)))
        readable = _readable(rapport, work, actor, {row.meeting_id for row in rows[:limit]})
    note_looks(rapport, actor, "minutes", readable)
    tasks = {meeting_id: _tasks(*found) for meeting_id, found in readable.items()}
    items = [
        ListedItem(row, tasks[row.meeting_id].get(row.item, ""), readable[row.meeting_id][0].meeting.held_on)
        for row in rows[:limit]
        if row.meeting_id in readable
    ]
    return ItemPage(items, rows[limit - 1].id if len(rows) > limit else None)


def set_status(
    rapport: Rapport,
    actor: Actor,
    item_id: str,
    revision: int,
    status: ItemStatus,
    due: date | None = None,
) -> ActionItem:
    """What became of an item; `due`: the new day when it is moved.

    Raises NotFound, NotAllowed, VersionChanged, WrongState, NotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        row = work.one(ActionItem, item_id, lock=True)
        find_meeting(work, actor, row.meeting_id, Action.follow_up, Thing.action_items)
        if row.revision != revision:
            raise VersionChanged("version_changed")
        before = Progress(ItemStatus(row.status), row.due.isoformat() if row.due else None)
        after = changed(before, status, due.isoformat() if due else None)
        row.status, row.status_at = after.status, work.now
        row.due = due if due is not None else row.due
        row.revision += 1
        work.audit(actor.person_id, "follow_up", "action_item", row.id, {"status": status.value})
    return row


def _query(
    work: Work, actor: Actor, whose: Whose, status: ItemStatus | None, cursor: str | None
) -> Select[ActionItem]:
    query = work.rows(ActionItem).order_by(ActionItem.id.desc())
    if whose == "mine":
        query = query.where(ActionItem.owner_id == actor.person_id)
    else:
        own = select(Participant.meeting_id).where(Participant.person_id == actor.person_id)
        led = select(Meeting.id).where(Meeting.manager_id == actor.person_id)
        query = query.where(ActionItem.meeting_id.in_(own.union(led)))
    if status is not None:
        query = query.where(ActionItem.status == status)
    return query if cursor is None else query.where(ActionItem.id < cursor)


def _readable(
    rapport: Rapport, work: Work, actor: Actor, meeting_ids: set[str]
) -> dict[str, tuple[MeetingDocuments, Document]]:
    """The minutes of those meetings whose action items the actor may read."""
    found = {}
    for meeting_id in meeting_ids:
        meeting = work.one(Meeting, meeting_id)
        try:
            require(work, actor, meeting, Action.read, Thing.action_items)
        except Refused:
            continue
        documents = MeetingDocuments(rapport, work, meeting)
        found[meeting_id] = documents, documents.of(version_of(work, meeting).document_id)
    return found


def _tasks(documents: MeetingDocuments, document: Document) -> dict[str, str]:
    minutes = documents.read(document)
    return {item["id"]: item["task"] for item in (*minutes["action_items"], *steps_of(minutes["plan"]))}
