"""Action items of confirmed minutes: whose they are, by when, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from service.db.tables import ActionItem, ActionItemChange, Document, Meeting, Participant, Person
from service.db.unit_of_work import Work
from service.domain.errors import VersionChanged
from service.domain.follow_up import OUTSTANDING, ItemStatus, Progress, changed
from service.domain.plan import steps_of
from service.domain.policy import Action, Thing, allows
from service.errors import Refused
from service.usecases.access import facts_of, find_meeting, relations_to, require
from service.usecases.actor import Actor
from service.usecases.hand_over import handed_over_to
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.person_names import names_in
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import version_of

PAGE_MOST = 100
FAR = date(9999, 12, 31)
"""Where items without a day stand in order."""

Whose = Literal["mine", "others", "meetings"]
"""Those that I own, those of others in my meetings, or both."""

Order = Literal["newest", "due"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which items. `outstanding`: only what is still to do; `due_by`: on that day or before; `with_id`: of
    meetings in which that person takes part too.
    """

    whose: Whose = "mine"
    status: ItemStatus | None = None
    outstanding: bool = False
    due_by: date | None = None
    owner_id: str | None = None
    with_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListedChange:
    """What somebody made of it; `was_due`: its day before."""

    at: datetime
    by_person_id: str
    by_name: str
    status: ItemStatus
    due: date | None
    was_due: date | None


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An action item with its words, the day of its meeting, and its history, oldest first.

    `can_follow_up`: whether the actor may say what became of it.
    """

    row: ActionItem
    task: str
    held_on: date
    owner_name: str | None = None
    can_follow_up: bool = False
    changes: tuple[ListedChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemPage:
    """`next_cursor`: where the next page begins; None at the end."""

    items: list[ListedItem]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Readable:
    """The minutes of a meeting whose action items the actor may read."""

    documents: MeetingDocuments
    document: Document
    can_follow_up: bool


def list_action_items(
    rapport: Rapport,
    actor: Actor,
    filters: Filters | None = None,
    cursor: str | None = None,
    limit: int = 50,
    order: Order = "newest",
) -> ItemPage:
    """One page, without items of meetings that the actor may not read. The look is in the audit log."""
    limit = max(1, min(limit, PAGE_MOST))
    with rapport.database.read(actor.organisation_id) as work:
        query = _placed(work, _query(work, actor, filters or Filters()), order, cursor)
        rows = list(work.session.scalars(query.limit(limit + 1)))
        readable = _readable(rapport, work, actor, {row.meeting_id for row in rows[:limit]})
        shown = [row for row in rows[:limit] if row.meeting_id in readable]
        history = list(work.session.scalars(_changes(work, [row.id for row in shown])))
        owned = {row.owner_id for row in shown if row.owner_id}
        names = names_in(work, owned | {one.by_person_id for one in history})
    note_looks(rapport, actor, "minutes", readable)
    tasks = {name: tasks_of(found.documents, found.document) for name, found in readable.items()}
    told: dict[str, list[ListedChange]] = defaultdict(list)
    for one in history:
        told[one.action_item_id].append(_listed(one, names))
    items = [
        ListedItem(
            row,
            tasks[row.meeting_id].get(row.item, ""),
            readable[row.meeting_id].documents.meeting.held_on,
            names.get(row.owner_id or ""),
            readable[row.meeting_id].can_follow_up,
            tuple(told[row.id]),
        )
        for row in shown
    ]
    return ItemPage(items, rows[limit - 1].id if len(rows) > limit else None)


def owners(rapport: Rapport, actor: Actor) -> list[tuple[str, str]]:
    """Ids and names of those who own items of the actor's meetings, in order of their names."""
    with rapport.database.read(actor.organisation_id) as work:
        found = _query(work, actor, Filters("meetings")).subquery()
        people = work.rows(Person).where(Person.id.in_(select(found.c.owner_id)))
        rows = list(work.session.scalars(people.order_by(Person.sort_key, Person.id)))
    return [(row.id, row.display_name) for row in rows]


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
        was_due = row.due
        row.status, row.status_at = after.status, work.now
        row.due = due if due is not None else row.due
        row.revision += 1
        note_change(work, row, actor, was_due)
        work.audit(actor.person_id, "follow_up", "action_item", row.id, {"status": status.value})
    return row


def note_change(work: Work, row: ActionItem, actor: Actor, was_due: date | None) -> None:
    """Keeps what was made of an item in its history, in the caller's transaction."""
    work.add(
        ActionItemChange(
            action_item_id=row.id,
            meeting_id=row.meeting_id,
            status=row.status,
            due=row.due,
            was_due=was_due,
            by_person_id=actor.person_id,
            at=work.now,
        )
    )


def _query(work: Work, actor: Actor, filters: Filters) -> Select[ActionItem]:
    query = work.rows(ActionItem)
    if filters.whose == "mine":
        query = query.where(ActionItem.owner_id == actor.person_id)
    else:
        own = select(Participant.meeting_id).where(Participant.person_id == actor.person_id)
        led = select(Meeting.id).where(Meeting.manager_id == actor.person_id)
        handed_over = handed_over_to(work, actor.person_id)
        query = query.where(ActionItem.meeting_id.in_(own.union(led, handed_over)))
    if filters.whose == "others":
        query = query.where(func.coalesce(ActionItem.owner_id, "") != actor.person_id)
    if filters.status is not None:
        query = query.where(ActionItem.status == filters.status)
    if filters.outstanding:
        query = query.where(ActionItem.status.in_(OUTSTANDING))
    if filters.due_by is not None:
        query = query.where(ActionItem.due <= filters.due_by)
    if filters.owner_id is not None:
        query = query.where(ActionItem.owner_id == filters.owner_id)
    if filters.with_id is not None:
        theirs = select(Participant.meeting_id).where(Participant.person_id == filters.with_id)
        query = query.where(ActionItem.meeting_id.in_(theirs))
    return query


def _placed(work: Work, query: Select[ActionItem], order: Order, cursor: str | None) -> Select[ActionItem]:
    """In that order, from behind the item that the cursor names."""
    if order == "newest":
        query = query.order_by(ActionItem.id.desc())
        return query if cursor is None else query.where(ActionItem.id < cursor)
    day: ColumnElement[Any] = func.coalesce(ActionItem.due, FAR)
    query = query.order_by(day, ActionItem.id)
    if cursor is None:
        return query
    last = work.one(ActionItem, cursor)
    return query.where(tuple_(day, ActionItem.id) > tuple_(last.due or FAR, last.id))


def _readable(rapport: Rapport, work: Work, actor: Actor, meeting_ids: set[str]) -> dict[str, _Readable]:
    found = {}
    for meeting_id in meeting_ids:
        meeting = work.one(Meeting, meeting_id)
        try:
            require(work, actor, meeting, Action.read, Thing.action_items)
        except Refused:
            continue
        documents = MeetingDocuments(rapport, work, meeting)
        document = documents.of(version_of(work, meeting).document_id)
        relations = relations_to(work, actor, meeting)
        can = allows(relations, Action.follow_up, Thing.action_items, facts_of(work, meeting))
        found[meeting_id] = _Readable(documents, document, can)
    return found


def tasks_of(documents: MeetingDocuments, document: Document) -> dict[str, str]:
    """The words of items and steps in minutes, by their ids. Needs no open unit of work."""
    minutes = documents.read(document)
    return {item["id"]: item["task"] for item in (*minutes["action_items"], *steps_of(minutes["plan"]))}


def _changes(work: Work, item_ids: Collection[str]) -> Select[ActionItemChange]:
    row = ActionItemChange
    return work.rows(row).where(row.action_item_id.in_(item_ids)).order_by(row.id)


def _listed(row: ActionItemChange, names: dict[str, str]) -> ListedChange:
    by = row.by_person_id
    return ListedChange(row.at, by, names.get(by, by), ItemStatus(row.status), row.due, row.was_due)
