"""What people asked for about their data and what needs two of HR, as states: an administrator sees that it
goes on, by ids and codes as the audit log has them, and decides nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from service.db.tables import Erasure, Hold, Meeting, Permit
from service.db.unit_of_work import Work
from service.domain.lifecycle import State
from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.actor import Actor
from service.usecases.erase import DONE
from service.usecases.holds import LIFT, is_held
from service.usecases.permits import ERASURE, HR_ACCESS
from service.usecases.rapport import Rapport

MOST = 200
Standing = Literal[
    "for_manager",
    "for_hr",
    "for_second",
    "held",
    "lifting",
    "under_way",
    "in_force",
    "readable",
    "over",
    "done",
]
"""`for_...`: who has to act; `held`: a legal hold forbids it; `lifting`: one of two wants a hold lifted."""

WAITING = frozenset({"for_manager", "for_hr", "for_second", "held", "lifting", "under_way"})


@dataclass(frozen=True, slots=True)
class Asked:
    """`what`: audio, transcript or all of an erasure, else a code of why. `until`: when it ends or ended."""

    kind: Literal["erasure", "hr_access", "hold", "erased"]
    meeting_id: str
    what: str
    asked_by: str
    asked_at: datetime
    agreed_by: str | None
    standing: Standing
    until: datetime | None = None


def privacy_requests(rapport: Rapport, actor: Actor) -> list[Asked]:
    """The newest of each kind, those that wait first. Raises NotAllowed."""
    require_role(actor, Action.read, Thing.audit_log)
    with rapport.database.read(actor.organisation_id) as work:
        permits = list(work.session.scalars(work.rows(Permit).order_by(Permit.id.desc()).limit(MOST)))
        holds = list(work.session.scalars(work.rows(Hold).order_by(Hold.id.desc()).limit(MOST)))
        erasures = list(work.session.scalars(work.rows(Erasure).order_by(Erasure.id.desc()).limit(MOST)))
        wanted = [_erasure(work, one) for one in permits if one.kind == ERASURE]
        found = [
            *wanted,
            *(_access(one, work.now) for one in permits if one.kind == HR_ACCESS),
            *(_hold(work, one) for one in holds),
            *map(_erased, erasures),
        ]
    return sorted(found, key=lambda one: (one.standing not in WAITING, -one.asked_at.timestamp()))


def _erasure(work: Work, permit: Permit) -> Asked:
    meeting = work.one(Meeting, permit.meeting_id)
    standing: Standing = "for_hr" if meeting.version > 0 else "for_manager"
    if meeting.state == State.erased:
        standing = "done"
    elif is_held(work, meeting.id):
        standing = "held"
    return Asked("erasure", meeting.id, "all", permit.asked_by, permit.asked_at, None, standing)


def _access(permit: Permit, now: datetime) -> Asked:
    standing: Standing = "for_second"
    if permit.ended_at is not None:
        standing = "readable" if permit.agreed_at is not None and now < permit.ended_at else "over"
    return Asked(
        "hr_access",
        permit.meeting_id,
        permit.reason_code,
        permit.asked_by,
        permit.asked_at,
        permit.agreed_by,
        standing,
        permit.ended_at,
    )


def _hold(work: Work, hold: Hold) -> Asked:
    lifting = select(Permit.id).filter_by(kind=LIFT, reason_code=hold.id)
    standing: Standing = "in_force" if hold.agreed_at is not None else "for_second"
    if hold.ended_at is not None:
        standing = "over"
    elif work.session.scalar(lifting) is not None:
        standing = "lifting"
    return Asked(
        "hold",
        hold.meeting_id,
        hold.reason_code,
        hold.asked_by,
        hold.asked_at,
        hold.agreed_by,
        standing,
        hold.ended_at,
    )


def _erased(erasure: Erasure) -> Asked:
    standing: Standing = "done" if erasure.state == DONE else "under_way"
    return Asked(
        "erased",
        erasure.meeting_id,
        erasure.what,
        erasure.asked_by,
        erasure.asked_at,
        None,
        standing,
        erasure.done_at,
    )
