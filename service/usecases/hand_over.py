"""The manager of a meeting names who follows: that person reads the confirmed minutes, and nothing else."""

from __future__ import annotations

from sqlalchemy import Select, or_, select

from service.db.tables import Meeting, Participant, Person, Relation
from service.db.unit_of_work import Work
from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_errors import MeetingNotValid
from service.usecases.rapport import Rapport
from service.usecases.tell_changes import tell_of_relation

SUCCESSOR = "successor"


def hand_over(rapport: Rapport, actor: Actor, meeting_id: str, successor_id: str) -> None:
    """For the employees of this meeting: all their confirmed minutes with this manager up to today.

    Fine to repeat. Whom it concerns sees it among their relations. Raises NotFound, NotAllowed,
    MeetingNotValid (oneself, or somebody who was in the meeting).
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.hand_over, Thing.minutes)
        work.one(Person, successor_id)
        people = list(work.session.scalars(select(Participant).filter_by(meeting_id=meeting.id)))
        if successor_id in {actor.person_id, meeting.manager_id, *(one.person_id for one in people)}:
            raise MeetingNotValid("not_a_successor")
        for employee in (one.person_id for one in people if one.role == "employee"):
            if employee is not None and not _named(work, actor, successor_id, employee):
                row = Relation(
                    kind=SUCCESSOR,
                    manager_id=successor_id,
                    employee_id=employee,
                    from_day=max(work.now.date(), meeting.held_on),
                    made_by=actor.person_id,
                )
                work.add(row)
                tell_of_relation(work, successor_id, employee)
        work.audit(actor.person_id, "hand_over", "meeting", meeting.id, {"successor": successor_id})


def handed_over_to(work: Work, person_id: str) -> Select[str]:
    """A query of the ids of meetings whose minutes their manager handed over to this person."""
    today = work.now.date()
    return (
        select(Meeting.id)
        .join(Participant, Participant.meeting_id == Meeting.id)
        .join(Relation, Relation.employee_id == Participant.person_id)
        .where(
            Relation.kind == SUCCESSOR,
            Relation.manager_id == person_id,
            Relation.made_by == Meeting.manager_id,
            Relation.from_day >= Meeting.held_on,
            Relation.from_day <= today,
            or_(Relation.until_day.is_(None), Relation.until_day >= today),
            Participant.role == "employee",
            Meeting.version > 0,
        )
    )


def _named(work: Work, actor: Actor, successor_id: str, employee_id: str) -> bool:
    """Whether it was said today already: a later day reaches later meetings too."""
    same = work.rows(Relation).where(
        Relation.kind == SUCCESSOR,
        Relation.manager_id == successor_id,
        Relation.employee_id == employee_id,
        Relation.made_by == actor.person_id,
        Relation.from_day == work.now.date(),
        Relation.until_day.is_(None),
    )
    return work.session.scalar(same) is not None
