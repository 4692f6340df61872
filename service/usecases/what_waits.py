"""What waits for somebody to do or to answer. That something waits is told, never what is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, and_, select

from service.db.tables import Acknowledgement, Consent, Meeting, Participant, Permit, Person
from service.db.unit_of_work import Work
from service.domain.consent import Standing
from service.domain.lifecycle import UNCONFIRMED, State
from service.domain.policy import Action, Thing
from service.usecases.access import require_scope
from service.usecases.actor import Actor
from service.usecases.meeting_views import MeetingView, views
from service.usecases.permits import HR_ACCESS
from service.usecases.rapport import Rapport

MOST = 50
"""Of each kind, the longest waiting first: the list of meetings has them all."""

TOLD = timedelta(days=30)
"""How long a request of HR that nobody agreed to is shown to those whom it concerns."""


class WaitingFor(StrEnum):
    """What is waited for, the most urgent first."""

    review = "review"
    """A draft waits for its manager."""
    retry = "retry"
    """A recording could not be processed."""
    correction = "correction"
    """An employee disputes the minutes."""
    answer = "answer"
    """Minutes wait to be acknowledged."""
    consent = "consent"
    objection = "objection"
    """The manager recorded one's consent, which one can still object to."""
    knowing = "knowing"
    """HR asked to read the minutes."""


_OF_MANAGER = {
    State.drafted: WaitingFor.review,
    State.failed: WaitingFor.retry,
    State.disputed: WaitingFor.correction,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A meeting that waits. `since`: from when; `reason`: a code, why it failed or why HR asks."""

    what: WaitingFor
    about: MeetingView
    since: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AskedPermit:
    """Somebody of HR asked to read minutes; a second one has to agree. It tells nothing of the meeting."""

    id: str
    asked_by: str
    asked_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class WhatWaits:
    """`permits`: for people of HR alone."""

    waiting: list[Waiting]
    permits: list[AskedPermit]


Found = tuple[WaitingFor, Meeting, datetime, str | None]


def what_waits(rapport: Rapport, actor: Actor) -> WhatWaits:
    """For the actor, in order. Raises NotAllowed."""
    require_scope(actor, Action.read, Thing.meeting)
    with rapport.database.read(actor.organisation_id) as work:
        found = [*_of_manager(work, actor), *_answers(work, actor), *_consents(work, actor)]
        found += _asked_of_us(work, actor)
        order = list(WaitingFor)
        found.sort(key=lambda one: (order.index(one[0]), one[2], one[1].id))
        seen = {view.meeting.id: view for view in views(work, actor, [meeting for _, meeting, *_ in found])}
        agrees = "hr" in actor.roles and "admin" not in actor.roles and actor.via == "session"
        permits = _permits(work, actor) if agrees else []
    waiting = [Waiting(what, seen[one.id], since, reason) for what, one, since, reason in found]
    return WhatWaits(waiting, permits)


def _of_manager(work: Work, actor: Actor) -> Iterable[Found]:
    query = work.rows(Meeting).where(Meeting.manager_id == actor.person_id, Meeting.state.in_(_OF_MANAGER))
    query = query.order_by(Meeting.state_since).limit(MOST)
    return [
        (_OF_MANAGER[State(one.state)], one, one.state_since, one.reason)
        for one in work.session.scalars(query)
    ]


def _answers(work: Work, actor: Actor) -> Iterable[Found]:
    """Confirmed minutes of which the actor answered not this version."""
    answered = and_(
        Acknowledgement.meeting_id == Meeting.id,
        Acknowledgement.version == Meeting.version,
        Acknowledgement.person_id == actor.person_id,
    )
    query = (
        _with(actor, State.confirmed)
        .outerjoin(Acknowledgement, answered)
        .where(Participant.role == "employee", Acknowledgement.id.is_(None))
        .order_by(Meeting.state_since)
    )
    found = work.session.scalars(query.limit(MOST))
    return [(WaitingFor.answer, one, one.state_since, None) for one in found]


def _consents(work: Work, actor: Actor) -> Iterable[Found]:
    """Own consent that was asked for; or that was attested, while the actor was not told."""
    asked = {Standing.pending: WaitingFor.consent, Standing.attested: WaitingFor.objection}
    query = (
        _with(actor, *UNCONFIRMED)
        .join(Consent, Consent.participant_id == Participant.id)
        .where(Consent.state.in_(asked), Consent.told_at.is_(None))
        .add_columns(Consent.state, Consent.at)
        .order_by(Meeting.held_on, Meeting.id)
    )
    found = work.session.execute(query.limit(MOST))
    return [(asked[Standing(state)], meeting, at, None) for meeting, state, at in found]


def _asked_of_us(work: Work, actor: Actor) -> Iterable[Found]:
    """Requests of HR to read minutes of meetings that the actor led, or was in as employee."""
    mine = select(Participant.meeting_id).where(
        Participant.person_id == actor.person_id, Participant.role.in_(("manager", "employee"))
    )
    lasting = Permit.ended_at > work.now
    query = (
        select(Meeting, Permit.asked_at, Permit.reason_code)
        .join(Permit, Permit.meeting_id == Meeting.id)
        .where(
            Permit.organisation_id == actor.organisation_id,
            Permit.kind == HR_ACCESS,
            lasting | (Permit.ended_at.is_(None) & (Permit.asked_at > work.now - TOLD)),
            Meeting.id.in_(mine),
        )
        .order_by(Permit.asked_at)
    )
    found = work.session.execute(query.limit(MOST))
    return [(WaitingFor.knowing, meeting, at, reason) for meeting, at, reason in found]


def _permits(work: Work, actor: Actor) -> list[AskedPermit]:
    query = (
        select(Permit.id, Person.display_name, Permit.asked_at, Permit.reason_code)
        .join(Person, Person.id == Permit.asked_by)
        .where(
            Permit.organisation_id == actor.organisation_id,
            Permit.kind == HR_ACCESS,
            Permit.ended_at.is_(None),
            Permit.asked_by != actor.person_id,
            Permit.meeting_id.not_in(
                select(Participant.meeting_id).where(Participant.person_id == actor.person_id)
            ),
        )
        .order_by(Permit.asked_at)
    )
    return [AskedPermit(*row) for row in work.session.execute(query.limit(MOST))]


def _with(actor: Actor, *states: State) -> Select[Meeting]:
    """Meetings in these states with the actor, and their row as participant."""
    return (
        select(Meeting)
        .join(Participant, Participant.meeting_id == Meeting.id)
        .where(
            Meeting.organisation_id == actor.organisation_id,
            Participant.person_id == actor.person_id,
            Meeting.state.in_(states),
        )
    )
