"""A legal hold on a meeting: two people set it, two lift it; both sides of the meeting are told."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from service.db.tables import Hold, Meeting, Permit
from service.db.unit_of_work import Work
from service.domain.policy import Action, Condition, Thing
from service.domain.retention import require_two
from service.errors import NotFound
from service.usecases.access import find_meeting, require
from service.usecases.actor import Actor
from service.usecases.permits import tell_both
from service.usecases.rapport import Rapport

HoldReason = Literal["litigation", "investigation", "regulator"]

LIFT = "lift_hold"
_TWO = frozenset({Condition.second_person, Condition.hr_reason_and_second_person})
"""Whoever may be one of the two: the hold counts only once both have agreed."""


def is_held(work: Work, meeting_id: str) -> bool:
    """Whether a hold that two people agreed on forbids erasing."""
    query = select(Hold.id).where(
        Hold.meeting_id == meeting_id, Hold.agreed_at.is_not(None), Hold.ended_at.is_(None)
    )
    return work.session.scalar(query.limit(1)) is not None


def ask_hold(rapport: Rapport, actor: Actor, meeting_id: str, reason: HoldReason) -> Hold:
    """The first of two. Raises NotFound, NotAllowed."""
    with rapport.database.write(actor.organisation_id) as work:
        meeting = _meeting(work, actor, meeting_id)
        hold = Hold(meeting_id=meeting.id, reason_code=reason, asked_by=actor.person_id, asked_at=work.now)
        work.add(hold)
        work.audit(actor.person_id, "ask_hold", "meeting", meeting.id, {"reason": reason})
    return hold


def agree_hold(rapport: Rapport, actor: Actor, hold_id: str) -> Hold:
    """The second: from now on nothing of the meeting is erased. Raises SecondPersonNeeded too."""
    with rapport.database.write(actor.organisation_id) as work:
        hold = work.one(Hold, hold_id, lock=True)
        meeting = _meeting(work, actor, hold.meeting_id)
        if hold.ended_at is not None or hold.agreed_at is not None:
            raise NotFound("not_found")
        require_two(hold.asked_by, actor.person_id)
        hold.agreed_by, hold.agreed_at = actor.person_id, work.now
        tell_both(work, meeting, "hold_set")
        work.audit(actor.person_id, "hold", "meeting", meeting.id, {"reason": hold.reason_code})
    return hold


def lift_hold(rapport: Rapport, actor: Actor, hold_id: str) -> bool:
    """Asks to lift it, or agrees when somebody else asked; whether it is lifted now."""
    with rapport.database.write(actor.organisation_id) as work:
        hold = work.one(Hold, hold_id, lock=True)
        meeting = _meeting(work, actor, hold.meeting_id)
        if hold.ended_at is not None:
            return True
        same = select(Permit).filter_by(meeting_id=meeting.id, kind=LIFT, reason_code=hold.id)
        asked = work.session.scalar(same)
        if asked is None:
            asked = Permit(meeting_id=meeting.id, kind=LIFT, reason_code=hold.id)
            asked.asked_by, asked.asked_at = actor.person_id, work.now
            work.add(asked)
            work.audit(actor.person_id, "ask_lift_hold", "meeting", meeting.id)
            return False
        require_two(asked.asked_by, actor.person_id)
        asked.agreed_by = actor.person_id
        asked.agreed_at = asked.ended_at = hold.ended_at = work.now
        work.audit(actor.person_id, "lift_hold", "meeting", meeting.id)
    return True


def holds_of(rapport: Rapport, actor: Actor, meeting_id: str) -> list[Hold]:
    """The holds on a meeting, shown to both sides and to HR."""
    with rapport.database.read(actor.organisation_id) as work:
        find_meeting(work, actor, meeting_id, Action.read, Thing.legal_hold)
        return list(work.session.scalars(work.rows(Hold).where(Hold.meeting_id == meeting_id)))


def _meeting(work: Work, actor: Actor, meeting_id: str) -> Meeting:
    meeting = work.one(Meeting, meeting_id)
    require(work, actor, meeting, Action.hold, Thing.meeting, _TWO)
    return meeting
