"""Meetings as their people see them: who, when, which state. No content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.db.tables import Consent, Meeting, Participant, Person
from service.db.unit_of_work import Work
from service.usecases.actor import Actor


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """A participant. `consent` and what goes with it: for oneself and for the manager, else None."""

    pid: str
    person_id: str | None
    role: str
    name: str
    consent: str | None
    consent_at: datetime | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting with its participants, manager first."""

    meeting: Meeting
    participants: list[ParticipantView]


def views(work: Work, actor: Actor, meetings: Sequence[Meeting]) -> list[MeetingView]:
    """The views in the same order; one query however many there are."""
    managers = {meeting.id: meeting.manager_id for meeting in meetings}
    query = (
        select(
            Participant.meeting_id,
            Participant.pid,
            Participant.person_id,
            Participant.role,
            Person.display_name,
            Consent.state,
            Consent.at,
            Consent.told_at,
        )
        .select_from(Participant)
        .outerjoin(Person, Person.id == Participant.person_id)
        .outerjoin(Consent, Consent.participant_id == Participant.id)
        .where(Participant.meeting_id.in_(managers))
        .order_by(Participant.id)
    )
    found = defaultdict(list)
    for meeting_id, pid, person_id, role, name, *consent in work.session.execute(query):
        is_open = actor.person_id in (person_id, managers[meeting_id])
        told = consent if is_open else (None, None, None)
        found[meeting_id].append(ParticipantView(pid, person_id, role, name or "", *told))
    return [MeetingView(meeting, found[meeting.id]) for meeting in meetings]
