"""What time alone brings about: a confirmed meeting falls silent, an answered one goes to the archive."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from service.db.tables import Meeting
from service.db.transition import transition
from service.db.unit_of_work import Work
from service.domain.lifecycle import SILENCE, Event, State, due_event, silent_since
from service.usecases.answer import answers_of
from service.usecases.rapport import Rapport

MACHINE = "machine"
MOVED_BY_TIME = (State.confirmed, State.acknowledged, State.unanswered)


def pass_time(rapport: Rapport, states: Collection[State] = MOVED_BY_TIME) -> int:
    """Over all organisations, for the schedule; the number of meetings that changed their state."""
    with rapport.database.read() as work:
        # No term is shorter than that of silence.
        old = Meeting.state_since <= work.now - SILENCE
        query = select(Meeting.organisation_id, Meeting.id).where(Meeting.state.in_(states), old)
        found = [(organisation_id, meeting_id) for organisation_id, meeting_id in work.session.execute(query)]
    return sum(_move(rapport, *one) for one in found)


def _move(rapport: Rapport, organisation_id: str, meeting_id: str) -> bool:
    with rapport.database.read(organisation_id) as work:
        if _due(work, work.one(Meeting, meeting_id)) is None:
            return False
    with rapport.database.write(organisation_id) as work:
        meeting = work.one(Meeting, meeting_id, lock=True)
        event = _due(work, meeting)
        if event is not None:
            transition(work, meeting, event, MACHINE)
        return event is not None


def _due(work: Work, meeting: Meeting) -> Event | None:
    since = meeting.state_since
    if meeting.state == State.confirmed:
        since = silent_since(since, [answer.at for answer in answers_of(work, meeting)])
    return due_event(State(meeting.state), since, work.now)
