"""Action items of confirmed minutes: whose they are, by when, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import select

from service.db.tables import ActionItem, Meeting, Participant
from service.db.unit_of_work import Work
from service.domain.errors import VersionChanged
from service.domain.follow_up import ItemStatus, Progress, changed
from service.domain.policy import Action, Thing, allows
from service.usecases.access import facts_of, find_meeting, relations_to
from service.usecases.actor import Actor
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
    with rapport.database.write(actor.organisation_id) as work:
        query = work.rows(ActionItem).order_by(ActionItem.id.desc()).limit(limit + 1)
        own = select(Participant.meeting_id).where(Participant.person_id == actor.person_id)
        led = select(Meeting.id).where(Meeting.manager_id == actor.person_id)
        query = (
            query.where(ActionItem.owner_id == actor.person_id)
            if whose == "mine"
            else query.where(ActionItem.meeting_id.in_(own.union(led)))
        )
        if status is not None:
            query = query.where(ActionItem.status == status)
        if cursor is not None:
            query = query.where(ActionItem.id < cursor)
        rows = list(work.session.scalars(query))
        shown = _Words(rapport, work, actor)
        items = [item for row in rows[:limit] if (item := shown.listed(row)) is not None]
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


class _Words:
    """Reads each meeting's minutes once for a page."""

    def __init__(self, rapport: Rapport, work: Work, actor: Actor) -> None:
        self._rapport, self._work, self._actor = rapport, work, actor
        self._known: dict[str, tuple[Meeting, dict[str, Any]] | None] = {}

    def listed(self, row: ActionItem) -> ListedItem | None:
        if row.meeting_id not in self._known:
            self._known[row.meeting_id] = self._load(row.meeting_id)
        found = self._known[row.meeting_id]
        if found is None:
            return None
        meeting, tasks = found
        return ListedItem(row, tasks.get(row.item, ""), meeting.held_on)

    def _load(self, meeting_id: str) -> tuple[Meeting, dict[str, Any]] | None:
        work, actor = self._work, self._actor
        meeting = work.one(Meeting, meeting_id)
        relations, facts = relations_to(work, actor, meeting), facts_of(work, meeting)
        if not allows(relations, Action.read, Thing.action_items, facts):
            return None
        documents = MeetingDocuments(self._rapport, work, meeting)
        minutes = documents.read(documents.of(version_of(work, meeting).document_id))
        work.audit_view(actor.person_id, "minutes", meeting.id)
        return meeting, {item["id"]: item["task"] for item in minutes["action_items"]}
