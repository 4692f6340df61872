"""The life of a meeting: which event leads from which state to which, and what time alone brings about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from service.domain.errors import WrongState


class State(StrEnum):
    """Where a meeting is. Erased audio is a flag, not a state."""

    planned = "planned"
    """Invited, nothing recorded yet."""
    uploaded = "uploaded"
    processing = "processing"
    drafted = "drafted"
    confirmed = "confirmed"
    acknowledged = "acknowledged"
    archived = "archived"
    cancelled = "cancelled"
    failed = "failed"
    disputed = "disputed"
    unanswered = "unanswered"
    """Confirmed and not answered in time; never counted as acknowledged."""
    erased = "erased"


class Event(StrEnum):
    """What happens to a meeting."""

    receive = "receive"
    """The recording or transcript is complete."""
    start = "start"
    finish = "finish"
    cancel = "cancel"
    fail = "fail"
    retry = "retry"
    confirm = "confirm"
    acknowledge = "acknowledge"
    """Every employee in the meeting has acknowledged."""
    dispute = "dispute"
    correct = "correct"
    """The manager confirms a new version of minutes that were confirmed before."""
    fall_silent = "fall_silent"
    archive = "archive"
    erase = "erase"


_MOVES = {
    (State.planned, Event.receive): State.uploaded,
    (State.uploaded, Event.start): State.processing,
    (State.processing, Event.finish): State.drafted,
    (State.processing, Event.cancel): State.cancelled,
    (State.processing, Event.fail): State.failed,
    (State.cancelled, Event.retry): State.processing,
    (State.failed, Event.retry): State.processing,
    (State.drafted, Event.confirm): State.confirmed,
    (State.confirmed, Event.acknowledge): State.acknowledged,
    (State.confirmed, Event.dispute): State.disputed,
    (State.confirmed, Event.fall_silent): State.unanswered,
    (State.disputed, Event.correct): State.confirmed,
    (State.acknowledged, Event.correct): State.confirmed,
    (State.archived, Event.correct): State.confirmed,
    (State.acknowledged, Event.archive): State.archived,
    (State.unanswered, Event.archive): State.archived,
}
_ERASURES = {(state, Event.erase): State.erased for state in State if state is not State.erased}

TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(_MOVES | _ERASURES)
"""Everything that can happen. What is not in it is refused."""

SILENCE = timedelta(days=14)
"""Nobody answers a confirmed version for so long: the meeting falls silent."""

TO_ARCHIVE = timedelta(days=30)
"""From acknowledged or unanswered to the archive."""

UNCONFIRMED = frozenset(
    {State.planned, State.uploaded, State.processing, State.drafted, State.cancelled, State.failed}
)
"""States before there is a confirmed version."""

_BY_TIME: Mapping[State, tuple[timedelta, Event]] = MappingProxyType(
    {
        State.confirmed: (SILENCE, Event.fall_silent),
        State.acknowledged: (TO_ARCHIVE, Event.archive),
        State.unanswered: (TO_ARCHIVE, Event.archive),
    }
)


def move(state: State, event: Event) -> State:
    """The state after the event. Raises WrongState."""
    if (state, event) not in TRANSITIONS:
        raise WrongState("wrong_state", state=state, event=event)
    return TRANSITIONS[state, event]


def silent_since(confirmed_at: datetime, answered_at: Iterable[datetime]) -> datetime:
    """From when nobody has answered this version: its confirmation, or the last answer to it."""
    return max([confirmed_at, *answered_at])


def due_event(state: State, since: datetime, now: datetime) -> Event | None:
    """What time alone brings about now.

    `since`: of a confirmed meeting `silent_since`, of any other the moment it came into its state.
    """
    wait, event = _BY_TIME.get(state, (timedelta.max, None))
    return event if now - since >= wait else None
