"""What there is of a person's meetings and until when, with their consent and what others asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, select

from service.db.tables import Consent, Hold, Meeting, Participant, Permit
from service.db.unit_of_work import Work
from service.domain import consent as rules
from service.domain.consent import Standing
from service.domain.lifecycle import State
from service.domain.policy import Action, Thing, allows
from service.domain.retention import Kept, ends
from service.jobs.consents import consent_value
from service.usecases.access import facts_of, relations_to, require_for_person
from service.usecases.actor import Actor
from service.usecases.consent import tell
from service.usecases.permits import ERASURE, HR_ACCESS
from service.usecases.person_names import names_in
from service.usecases.rapport import Rapport
from service.usecases.retention import kept_facts, policy_of
from service.usecases.who_looked import existing


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """The actor's consent to one recording. `refuse`: how they can take it back; `gone`: what that erases."""

    standing: Standing
    at: datetime | None
    refuse: Literal["object", "withdraw"] | None
    gone: frozenset[Kept]


@dataclass(frozen=True, slots=True)
class KeptMeeting:
    """One meeting. `ends`: until when what there is of it is kept, what has no term is None.

    `holds`, `permits` (HR): those that the actor may know of; `erasure_asked_at`: by the actor.
    """

    meeting: Meeting
    ends: Mapping[Kept, datetime | None]
    held: bool
    consent: OwnConsent | None
    holds: Sequence[Hold]
    permits: Sequence[Permit]
    may_ask_erasure: bool
    erasure_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Privacy:
    """A page of them, newest first; `names`: person -> name; `more`: whether there is a page after it."""

    meetings: list[KeptMeeting]
    names: Mapping[str, str]
    more: bool


def my_privacy(rapport: Rapport, actor: Actor, page: int = 1, size: int = 25) -> Privacy:
    """The actor's own. Who reads that consent was attested for them is told by that. Raises NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        require_for_person(work, actor, actor.person_id, Action.read, Thing.access_log)
        found = existing(work, actor.person_id)
        shown = found[(page - 1) * size : page * size]
        meetings = [_kept(work, actor, work.one(Meeting, one.meeting_id)) for one in shown]
        names = _names(work, meetings)
        untold = list(work.session.scalars(_untold(actor, [one.meeting_id for one in shown])))
    for meeting_id in untold:
        tell(rapport, actor, meeting_id)
    return Privacy(meetings, names, len(found) > page * size)


def _kept(work: Work, actor: Actor, meeting: Meeting) -> KeptMeeting:
    relations, facts = relations_to(work, actor, meeting), facts_of(work, meeting)
    kept = kept_facts(work, meeting)
    terms = ends(kept, policy_of(work, meeting))
    permits = list(work.session.scalars(work.rows(Permit).where(Permit.meeting_id == meeting.id)))
    both_sides = allows(relations, Action.read, Thing.legal_hold, facts)
    holds = work.session.scalars(work.rows(Hold).where(Hold.meeting_id == meeting.id)) if both_sides else ()
    asked = [one for one in permits if one.kind == ERASURE and one.asked_by == actor.person_id]
    alive = meeting.state != State.erased
    return KeptMeeting(
        meeting=meeting,
        ends={thing: terms.get(thing) for thing in Kept if thing in kept.present},
        held=kept.held,
        consent=_consent(work, actor, meeting) if alive else None,
        holds=list(holds),
        permits=[one for one in permits if both_sides and one.kind == HR_ACCESS],
        may_ask_erasure=alive and allows(relations, Action.request_erasure, Thing.meeting, facts),
        erasure_asked_at=asked[0].asked_at if asked else None,
    )


def _consent(work: Work, actor: Actor, meeting: Meeting) -> OwnConsent | None:
    own = select(Participant).filter_by(meeting_id=meeting.id, person_id=actor.person_id)
    participant = work.session.scalar(own)
    if participant is None:
        return None
    row = work.session.scalar(select(Consent).filter_by(participant_id=participant.id))
    if row is None:
        return None
    value = consent_value(participant.pid, row)
    gone = rules.effect_of_objection(State(meeting.state))
    return OwnConsent(value.standing, value.at, rules.may_refuse(value, work.now), gone)


def _names(work: Work, meetings: Sequence[KeptMeeting]) -> dict[str, str]:
    """Of everybody whom the page names."""
    ids = {one.meeting.manager_id for one in meetings}
    for one in meetings:
        asked: list[Hold | Permit] = [*one.holds, *one.permits]
        ids |= {person for row in asked for person in (row.asked_by, row.agreed_by) if person}
    return dict.fromkeys(ids, "") | names_in(work, ids)


def _untold(actor: Actor, meeting_ids: Sequence[str]) -> Select[str]:
    return (
        select(Consent.meeting_id)
        .join(Participant, Participant.id == Consent.participant_id)
        .where(
            Participant.person_id == actor.person_id,
            Consent.meeting_id.in_(meeting_ids),
            Consent.state == Standing.attested,
            Consent.told_at.is_(None),
        )
    )
