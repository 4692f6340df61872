"""The one place where a meeting changes its state: rule, row, audit entry and webhooks together."""

from __future__ import annotations

from service.db.outbox import announce
from service.db.tables import Meeting
from service.db.unit_of_work import Work
from service.domain.lifecycle import Event, State, move


def transition(work: Work, meeting: Meeting, event: Event, actor: str, reason: str | None = None) -> State:
    """The new state. `actor`: a person's id or "machine". Raises WrongState and changes nothing."""
    state = move(State(meeting.state), event)
    meeting.state = state
    meeting.state_since = work.now
    meeting.reason = reason
    meeting.revision += 1
    codes = {"state": state.value} | ({"reason": reason} if reason else {})
    work.audit(actor, event.value, "meeting", meeting.id, codes, organisation_id=meeting.organisation_id)
    announce(work, meeting)
    return state
