"""Reminders: that a draft waits for its manager, or minutes for an answer. Never what is in them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from service.db.outbox import post
from service.db.tables import Meeting, OutboxMessage
from service.db.unit_of_work import Work
from service.domain.lifecycle import State
from service.usecases.answer import answers_of, employees_of
from service.usecases.rapport import Rapport

AFTER = (timedelta(days=3), timedelta(days=10))
"""How long after a draft is ready, or minutes are confirmed, the first and the last reminder goes out."""

_KINDS = {State.drafted: "draft_waiting", State.confirmed: "minutes_reminder"}


def send_reminders(rapport: Rapport) -> int:
    """Over all organisations, for the schedule; the number of reminders left in the outbox."""
    with rapport.database.read() as work:
        old = Meeting.state_since <= work.now - AFTER[0]
        query = select(Meeting.organisation_id, Meeting.id).where(Meeting.state.in_(_KINDS), old)
        found = [(organisation_id, meeting_id) for organisation_id, meeting_id in work.session.execute(query)]
    return sum(_remind(rapport, *one) for one in found)


def _remind(rapport: Rapport, organisation_id: str, meeting_id: str) -> int:
    with rapport.database.read(organisation_id) as work:
        if not _whom(work, work.one(Meeting, meeting_id)):
            return 0
    with rapport.database.write(organisation_id) as work:
        meeting = work.one(Meeting, meeting_id, lock=True)
        people = _whom(work, meeting)
        for person_id in people:
            post(work, _KINDS[State(meeting.state)], person_id, {"meeting": meeting.id})
        return len(people)


def _whom(work: Work, meeting: Meeting) -> list[str]:
    """Those who are waited for and had fewer reminders than they should have had by now."""
    state = State(meeting.state)
    if state not in _KINDS:
        return []
    waited_for = {meeting.manager_id}
    if state is State.confirmed:
        waited_for = employees_of(work, meeting) - {answer.employee for answer in answers_of(work, meeting)}
    due = sum(work.now - meeting.state_since >= after for after in AFTER)
    return sorted(one for one in waited_for if _sent(work, meeting, _KINDS[state], one) < due)


def _sent(work: Work, meeting: Meeting, kind: str, person_id: str) -> int:
    query = select(OutboxMessage.values).where(
        OutboxMessage.person_id == person_id,
        OutboxMessage.kind == kind,
        OutboxMessage.created_at >= meeting.state_since,
    )
    return sum(values.get("meeting") == meeting.id for values in work.session.scalars(query))
