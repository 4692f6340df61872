"""The manager changes what was planned: day, kind, languages, people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from service.db.tables import Consent, Meeting, Participant
from service.db.unit_of_work import Work
from service.domain.lifecycle import State
from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.consent import ask
from service.usecases.create_meeting import (
    Invited,
    add_people,
    employees_of,
    require_people,
    require_time_zone,
)
from service.usecases.meeting_documents import require_revision
from service.usecases.meeting_errors import MeetingConflict
from service.usecases.meeting_views import MeetingView, views
from service.usecases.rapport import Rapport

CHANGEABLE = ("kind", "held_on", "started_at", "time_zone", "language", "minutes_language", "sensitivity")


def change_meeting(
    rapport: Rapport,
    actor: Actor,
    meeting_id: str,
    revision: int,
    values: Mapping[str, Any],
    people: Sequence[Invited] | None = None,
) -> MeetingView:
    """`values`: of `CHANGEABLE`. `people`: all but the manager, None: as they are; who stays keeps consent.

    Raises NotFound, NotAllowed, VersionChanged, MeetingConflict (people, once recorded), MeetingNotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.edit, Thing.meeting, lock=True)
        require_revision(meeting, revision)
        for name in values.keys() & set(CHANGEABLE):
            setattr(meeting, name, values[name])
        require_time_zone(meeting.time_zone)
        if people is not None:
            _replace_people(work, actor, meeting, people)
        meeting.revision += 1
        fields = sorted([*values, *(["participants"] if people is not None else [])])
        work.audit(actor.person_id, "edit", "meeting", meeting.id, dict.fromkeys(fields, 1))
        return views(work, actor, [meeting])[0]


def _replace_people(work: Work, actor: Actor, meeting: Meeting, people: Sequence[Invited]) -> None:
    if meeting.state != State.planned:
        raise MeetingConflict("participants_fixed")
    require_people(work, actor, people)
    rows = list(work.session.scalars(select(Participant).filter_by(meeting_id=meeting.id)))
    wanted: dict[str, str] = {**dict(people), meeting.manager_id: "manager"}
    stay = {row.person_id for row in rows if wanted.get(row.person_id or "") == row.role}
    for row in rows:
        if row.person_id not in stay:
            work.session.execute(delete(Consent).where(Consent.participant_id == row.id))
            work.session.delete(row)
    work.session.flush()
    new = [(who, role) for who, role in people if who not in stay]
    add_people(work, meeting, new)
    for who, _ in new:
        ask(work, meeting, who)
    employees = {who for who, role in people if role == "employee"}
    if meeting.series_id is not None and employees_of(work, meeting.series_id) != employees:
        meeting.series_id = None
