"""A person's development plan over all confirmed meetings, with what became of each step."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select

from service.db.tables import ActionItem, Meeting, Participant, Person
from service.db.unit_of_work import Work
from service.domain.edits import Item
from service.domain.follow_up import ItemStatus
from service.domain.minutes import Minutes
from service.domain.policy import Action, Thing
from service.errors import NotFound, Refused
from service.export.confirmed_plan import confirmed_plans
from service.export.minutes import MEDIA_TYPES
from service.export.plan_formats import render_pages
from service.export.plan_outline import PlanPages
from service.usecases.access import require, require_scope
from service.usecases.actor import Actor
from service.usecases.export_minutes import File, people_of
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import version_of, visible

MOST_MEETINGS = 50
"""Newest first; what is older is found in its minutes."""

Format = Literal["md", "docx", "ics", "json"]


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What one conversation planned for the person. `steps`: item -> its row (status, day, revision)."""

    meeting_id: str
    held_on: date
    version: int
    entries: list[Item]
    steps: dict[str, ActionItem]
    pages: PlanPages


def read_plan(rapport: Rapport, actor: Actor, person_id: str) -> list[MeetingPlan]:
    """The parts of it that stand in minutes which the actor may read. The look is in the audit log.

    Raises NotFound for an unknown person, NotAllowed.
    """
    plans = _plans(rapport, actor, person_id, Action.read)
    note_looks(rapport, actor, "minutes", [one.meeting_id for one in plans])
    return plans


def export_plan(rapport: Rapport, actor: Actor, person_id: str, form: Format) -> File:
    """The same as a file. Raises as `read_plan`, and NotFound where there is nothing."""
    plans = _plans(rapport, actor, person_id, Action.export)
    if not plans:
        raise NotFound("not_found")
    with rapport.database.write(actor.organisation_id) as work:
        for one in plans:
            work.audit(actor.person_id, "export", "minutes", one.meeting_id, {"format": form})
    content = _json(plans) if form == "json" else render_pages(form, [one.pages for one in plans])
    return File(f"{person_id}.plan.{form}", MEDIA_TYPES[form], content)


def _plans(rapport: Rapport, actor: Actor, person_id: str, action: Action) -> list[MeetingPlan]:
    require_scope(actor, action, Thing.plan)
    with rapport.database.read(actor.organisation_id) as work:
        work.one(Person, person_id)
        steps = work.rows(ActionItem).where(ActionItem.plan_of == person_id)
        rows = list(work.session.scalars(steps.order_by(ActionItem.id)))
        query = work.rows(Meeting).where(Meeting.id.in_({row.meeting_id for row in rows}))
        newest = query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(MOST_MEETINGS)
        found = [
            _plan(rapport, work, actor, meeting, person_id, [r for r in rows if r.meeting_id == meeting.id])
            for meeting in work.session.scalars(newest)
            if _may(work, actor, meeting, action)
        ]
    return [one for one in found if one is not None]


def _may(work: Work, actor: Actor, meeting: Meeting, action: Action) -> bool:
    try:
        require(work, actor, meeting, action, Thing.plan)
    except Refused:
        return False
    return True


def _plan(
    rapport: Rapport, work: Work, actor: Actor, meeting: Meeting, person_id: str, rows: Sequence[ActionItem]
) -> MeetingPlan | None:
    """None where a correction took all of it out."""
    documents = MeetingDocuments(rapport, work, meeting)
    read = documents.read(documents.of(version_of(work, meeting).document_id))
    own = select(Participant.pid).filter_by(meeting_id=meeting.id, person_id=person_id)
    pids = set(work.session.scalars(own))
    minutes: Minutes = visible(work, actor, meeting, read)
    entries = [entry for entry in minutes["plan"] if entry["person"] in pids]
    day, statuses = meeting.held_on.isoformat(), {row.item: ItemStatus(row.status) for row in rows}
    shown = confirmed_plans({**minutes, "plan": entries}, day, people_of(work, meeting), statuses)
    if not shown:
        return None
    steps = {row.item: row for row in rows}
    return MeetingPlan(meeting.id, meeting.held_on, meeting.version, entries, steps, shown[0])


def _json(plans: Sequence[MeetingPlan]) -> bytes:
    told = [
        {
            "meeting": one.meeting_id,
            "held_on": one.held_on.isoformat(),
            "version": one.version,
            "plan": one.entries,
            "status": {item: row.status for item, row in one.steps.items()},
        }
        for one in plans
    ]
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
