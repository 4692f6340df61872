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
        select(Participant, Person, Consent)
        .outerjoin(Person, Person.id == Participant.person_id)
        .outerjoin(Consent, Consent.participant_id == Participant.id)
        .where(Participant.meeting_id.in_(managers))
        .order_by(Participant.id)
    )
    found = defaultdict(list)
    for participant, person, consent in work.session.execute(query):
        open_to_actor = actor.person_id in (participant.person_id, managers[participant.meeting_id])
        told = consent if open_to_actor else None
        found[participant.meeting_id].append(
            ParticipantView(
                participant.pid,
                participant.person_id,
                participant.role,
                person.display_name if person else "",
                told.state if told else None,
                told.at if told else None,
                told.told_at if told else None,
            )
        )
    return [MeetingView(meeting, found[meeting.id]) for meeting in meetings]
