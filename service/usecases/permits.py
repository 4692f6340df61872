"""What needs a second person: HR reading minutes for a recorded reason; and requests to erase a meeting."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, get_args

from sqlalchemy import select

from service.db.outbox import post
from service.db.tables import Meeting, Participant, Permit
from service.db.unit_of_work import Work
from service.domain.errors import NotAllowed, NotValid
from service.domain.policy import Action, Condition, Relation, Thing, effective
from service.domain.retention import require_two
from service.errors import NotFound
from service.usecases.access import find_meeting, relations_to
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport

HR_ACCESS, ERASURE = "hr_access", "erasure"
LASTS = timedelta(days=7)
"""How long HR may read after the second person agreed."""

AccessReason = Literal["grievance", "investigation", "legal_claim", "audit", "erasure_request", "hand_over"]
"""Why HR asks: a code, never a text about a person."""


def ask_access(rapport: Rapport, actor: Actor, meeting_id: str, reason: AccessReason) -> Permit:
    """HR asks to read minutes; both sides are told. Raises NotFound, NotAllowed, NotValid."""
    if reason not in get_args(AccessReason):
        raise NotValid("reason_code", allowed=", ".join(get_args(AccessReason)))
    with rapport.database.write(actor.organisation_id) as work:
        meeting = meeting_for_hr(work, actor, meeting_id)
        permit = Permit(
            meeting_id=meeting.id,
            kind=HR_ACCESS,
            reason_code=reason,
            asked_by=actor.person_id,
            asked_at=work.now,
        )
        work.add(permit)
        tell_both(work, meeting, "access_requested")
        work.audit(actor.person_id, "ask_access", "meeting", meeting.id, {"reason": reason})
    return permit


def agree_access(rapport: Rapport, actor: Actor, permit_id: str) -> Permit:
    """A second person of HR agrees; the one who asked may read for `LASTS`.

    Raises NotFound, NotAllowed, SecondPersonNeeded.
    """
    with rapport.database.write(actor.organisation_id) as work:
        permit = work.one(Permit, permit_id, lock=True)
        meeting_for_hr(work, actor, permit.meeting_id)
        if permit.kind != HR_ACCESS or permit.ended_at is not None:
            raise NotFound("not_found")
        require_two(permit.asked_by, actor.person_id)
        permit.agreed_by, permit.agreed_at = actor.person_id, work.now
        permit.ended_at = work.now + LASTS
        work.audit(actor.person_id, "agree_access", "meeting", permit.meeting_id, {"asker": permit.asked_by})
    return permit


def request_erasure(rapport: Rapport, actor: Actor, meeting_id: str) -> Permit:
    """Somebody whom the meeting concerns asks that all of it be erased; asking twice is asking once."""
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.request_erasure, Thing.meeting)
        same = select(Permit).filter_by(meeting_id=meeting.id, kind=ERASURE, asked_by=actor.person_id)
        found = work.session.scalar(same)
        if found is None:
            found = Permit(
                meeting_id=meeting.id,
                kind=ERASURE,
                reason_code="request",
                asked_by=actor.person_id,
                asked_at=work.now,
            )
            work.add(found)
            work.audit(actor.person_id, "request_erasure", "meeting", meeting.id)
    return found


def permit_facts(work: Work, actor: Actor, meeting_id: str) -> frozenset[Condition]:
    """What permits make true for this actor and meeting now."""
    permits = list(work.session.scalars(work.rows(Permit).where(Permit.meeting_id == meeting_id)))
    facts = {Condition.erasure_requested for one in permits if one.kind == ERASURE}
    if any(
        one.kind == HR_ACCESS
        and one.asked_by == actor.person_id
        and one.agreed_by is not None
        and one.ended_at is not None
        and work.now < one.ended_at
        for one in permits
    ):
        facts.add(Condition.hr_reason_and_second_person)
    return frozenset(facts)


def meeting_for_hr(work: Work, actor: Actor, meeting_id: str) -> Meeting:
    """The meeting, for somebody who is HR to it and nothing else. Raises NotFound, NotAllowed."""
    if Relation.hr not in {Relation(role) for role in actor.roles & {"hr"}} or actor.via == "link":
        raise NotAllowed("hr_only")
    if actor.scopes is not None and "write" not in actor.scopes:
        raise NotAllowed("hr_only")
    meeting = work.one(Meeting, meeting_id)
    if effective(relations_to(work, actor, meeting)) != {Relation.hr}:
        raise NotAllowed("hr_only")
    return meeting


def tell_both(work: Work, meeting: Meeting, kind: str) -> None:
    """Leaves the same mail for the manager and every employee of the meeting."""
    people = select(Participant.person_id).filter_by(meeting_id=meeting.id, role="employee")
    for person_id in {meeting.manager_id, *work.session.scalars(people)}:
        if person_id is not None:
            post(work, kind, person_id, {"meeting": meeting.id})
