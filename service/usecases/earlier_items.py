"""The action items of the minutes before: what a draft's `follow_up` is about."""

from __future__ import annotations

from sqlalchemy import select

from service.db.series import minutes_before
from service.db.tables import ActionItem, Meeting
from service.db.unit_of_work import Work
from service.domain.policy import Action, Thing
from service.errors import Refused
from service.storage.errors import Erased, MissingBlob
from service.usecases.access import require
from service.usecases.action_items import ListedItem, tasks_of
from service.usecases.actor import Actor
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport


def earlier_items(rapport: Rapport, work: Work, actor: Actor, meeting: Meeting) -> dict[str, ListedItem]:
    """By their ids in those minutes; none where there are none, or none that the actor may read."""
    found = minutes_before(work, meeting)
    if found is None:
        return {}
    before, document = found
    try:
        require(work, actor, before, Action.follow_up, Thing.action_items)
        tasks = tasks_of(MeetingDocuments(rapport, work, before), document)
    except (Refused, Erased, MissingBlob):
        return {}
    rows = work.session.scalars(select(ActionItem).filter_by(meeting_id=before.id))
    return {row.item: ListedItem(row, tasks[row.item], before.held_on) for row in rows if row.item in tasks}
