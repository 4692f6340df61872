"""A manager plans a meeting: people, kind, day; its key is made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.schema import Kind, Role
from service.db.tables import Consent, Meeting, Participant, Person, Series
from service.db.unit_of_work import Work
from service.domain.consent import Standing
from service.domain.lifecycle import State
from service.domain.policy import Action, Thing
from service.errors import ServiceError
from service.usecases.access import require_for_person
from service.usecases.actor import Actor
from service.usecases.consent import ask, attest
from service.usecases.meeting_errors import MeetingNotValid, NotTheirManager
from service.usecases.meeting_views import MeetingView, views
from service.usecases.rapport import Rapport

Invited = tuple[str, Role]
"""A person's id and their role in the meeting."""

_LETTERS = {"manager": "m", "employee": "e", "hr": "h", "mentor": "t", "other": "o", "unknown": "o"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a manager says about a meeting. `participants`: all but the manager, who is the actor.

    `series_id`: one that goes on; without one a pair's own is found or begun, so that open items are followed
    up. `rhythm` also begins one of a group. `agreed`: person -> the machine elsewhere that they were told of,
    for each one who told the manager that they agree to the recording.
    """

    kind: Kind
    held_on: date
    participants: Sequence[Invited]
    time_zone: str = "UTC"
    started_at: datetime | None = None
    language: str = "auto"
    minutes_language: str | None = None
    sensitivity: str = "normal"
    series_id: str | None = None
    rhythm: str | None = None
    agreed: Mapping[str, str | None] = field(default_factory=dict)


def create_meeting(rapport: Rapport, actor: Actor, plan: Plan) -> MeetingView:
    """The planned meeting. Who plans it agrees to its recording; who has not told them so is asked by mail.

    Raises NotFound (a person), NotAllowed, NotTheirManager, MeetingNotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        require_people(work, actor, plan.participants)
        series_id = _series(work, actor, plan)
        key_id = rapport.keys.create()
        try:
            meeting = _meeting(work, actor, plan, series_id, key_id)
            add_people(work, meeting, [(actor.person_id, "manager"), *plan.participants])
            for person_id, _ in plan.participants:
                if person_id in plan.agreed:
                    attest(work, actor, meeting, plan.agreed[person_id], person_id=person_id)
                else:
                    ask(work, meeting, person_id)
            work.audit(actor.person_id, "plan", "meeting", meeting.id, {"kind": plan.kind})
        except BaseException:
            rapport.keys.destroy(key_id)
            raise
        return views(work, actor, [meeting])[0]


def require_people(work: Work, actor: Actor, people: Sequence[Invited]) -> None:
    """Raises unless they can meet: at least one employee of the actor, everybody once."""
    ids = [person_id for person_id, _ in people]
    if len({*ids, actor.person_id}) <= len(ids):
        raise MeetingNotValid("person_twice")
    for person_id in ids:
        work.one(Person, person_id)
    employees = [person_id for person_id, role in people if role == "employee"]
    if not employees:
        raise MeetingNotValid("no_employee")
    for person_id in employees:
        try:
            require_for_person(work, actor, person_id, Action.create, Thing.meeting)
        except ServiceError as refusal:
            raise NotTheirManager("not_their_manager") from refusal


def require_time_zone(name: str) -> str:
    """The IANA name. Raises MeetingNotValid."""
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, LookupError) as error:
        raise MeetingNotValid("bad_time_zone") from error


def add_people(work: Work, meeting: Meeting, people: Sequence[tuple[str, str]]) -> None:
    """Participants with ids m, e, e2 ... and their consent, which only the manager has given so far."""
    taken = set(work.session.scalars(select(Participant.pid).filter_by(meeting_id=meeting.id)))
    for person_id, role in people:
        letter = _LETTERS[role]
        pid = next(p for p in (letter, *(f"{letter}{n}" for n in range(2, 1000))) if p not in taken)
        taken.add(pid)
        row = work.add(Participant(meeting_id=meeting.id, person_id=person_id, pid=pid, role=role))
        own = person_id == meeting.manager_id
        consent = Consent(
            meeting_id=meeting.id,
            participant_id=row.id,
            state=Standing.given if own else Standing.pending,
            at=work.now,
            by_person_id=person_id if own else None,
        )
        work.add(consent)


def employees_of(work: Work, series_id: str) -> set[str | None]:
    """Whom the meetings of a series are with: its minutes are followed up with the same people only."""
    query = (
        select(Participant.person_id)
        .join(Meeting, Meeting.id == Participant.meeting_id)
        .where(Meeting.series_id == series_id, Participant.role == "employee")
    )
    return set(work.session.scalars(query))


def _meeting(work: Work, actor: Actor, plan: Plan, series_id: str | None, key_id: str) -> Meeting:
    return work.add(
        Meeting(
            series_id=series_id,
            manager_id=actor.person_id,
            kind=plan.kind,
            state=State.planned,
            state_since=work.now,
            held_on=plan.held_on,
            started_at=plan.started_at,
            time_zone=require_time_zone(plan.time_zone),
            language=plan.language,
            minutes_language=plan.minutes_language,
            sensitivity=plan.sensitivity,
            key_id=key_id,
            created_by=actor.person_id,
            created_at=work.now,
        )
    )


def _series(work: Work, actor: Actor, plan: Plan) -> str | None:
    """The series: the one that was named, the one of this pair and kind, or a new one; None for a group."""
    employees = [person_id for person_id, role in plan.participants if role == "employee"]
    employee = employees[0] if len(employees) == 1 else None
    if plan.series_id is not None:
        series = work.one(Series, plan.series_id)
        same = employees_of(work, series.id) in (set(employees), set())
        if (series.manager_id, series.employee_id) != (actor.person_id, employee) or not same:
            raise MeetingNotValid("wrong_series")
        return series.id
    known = {"manager_id": actor.person_id, "employee_id": employee, "kind": plan.kind}
    found = work.session.scalar(select(Series).filter_by(**known).limit(1)) if employee else None
    if employee is None and plan.rhythm is None:
        return None
    series = found or work.add(Series(**known, created_at=work.now))
    series.rhythm = plan.rhythm or series.rhythm
    return series.id
