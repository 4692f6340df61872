from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import WrongState
from service.domain.lifecycle import TRANSITIONS, UNCONFIRMED, Event, State, due_event, move, silent_since

DAY0 = datetime(2026, 5, 5, 14, tzinfo=UTC)
CONTRACT = """
planned receive uploaded
uploaded start processing
processing finish drafted
drafted confirm confirmed
confirmed acknowledge acknowledged
acknowledged archive archived
processing cancel cancelled
cancelled retry processing
processing fail failed
failed retry processing
confirmed dispute disputed
disputed correct confirmed
acknowledged correct confirmed
archived correct confirmed
confirmed fall_silent unanswered
unanswered archive archived
"""
ALLOWED = {(row.split()[0], row.split()[1]): row.split()[2] for row in CONTRACT.strip().splitlines()}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_a_meeting_moves_as_the_contract_says_and_no_other_way(state, event):
    expected = ALLOWED.get((state.value, event.value))
    if event is Event.erase and state is not State.erased:
        expected = "erased"
    if expected is None:
        with pytest.raises(WrongState) as refused:
            move(state, event)
        assert refused.value.values == {"state": state, "event": event}
    else:
        assert move(state, event) == expected


@given(st.lists(st.sampled_from(Event)))
def test_no_way_to_acknowledged_leads_around_a_confirmation(events):
    state, seen = State.planned, []
    for event in events:
        if (state, event) in TRANSITIONS:
            state = move(state, event)
            seen.append(event)
    if state in set(State) - UNCONFIRMED - {State.erased}:
        assert Event.confirm in seen


def test_erased_is_the_end():
    assert not [key for key in TRANSITIONS if key[0] is State.erased]


def test_fourteen_days_of_silence_and_not_a_second_less():
    almost = DAY0 + timedelta(days=14) - timedelta(seconds=1)
    assert due_event(State.confirmed, DAY0, almost) is None
    assert due_event(State.confirmed, DAY0, DAY0 + timedelta(days=14)) is Event.fall_silent


def test_an_answer_breaks_the_silence():
    answered = DAY0 + timedelta(days=10)
    assert silent_since(DAY0, []) == DAY0
    assert silent_since(DAY0, [answered, DAY0 - timedelta(days=3)]) == answered
    assert due_event(State.confirmed, answered, DAY0 + timedelta(days=14)) is None


@pytest.mark.parametrize("state", State)
def test_thirty_days_lead_to_the_archive_only_from_two_states(state):
    found = due_event(state, DAY0, DAY0 + timedelta(days=30))
    if state in {State.acknowledged, State.unanswered}:
        assert found is Event.archive
        assert due_event(state, DAY0, DAY0 + timedelta(days=30) - timedelta(seconds=1)) is None
    else:
        assert found is (Event.fall_silent if state is State.confirmed else None)
    if found:
        assert (state, found) in TRANSITIONS
