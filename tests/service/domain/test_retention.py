from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import retention
from service.domain.errors import HeldByLaw, NotValid, SecondPersonNeeded
from service.domain.retention import Kept, LegalHold, MeetingFacts, Policy, Rules, due, require_erasable

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULT = Policy()


def facts(drafted=0, confirmed=None, acknowledged=None, **more) -> MeetingFacts:
    days = [None if n is None else START + n * DAY for n in (drafted, confirmed, acknowledged)]
    return MeetingFacts(START, *days, **more)


def ends(meeting: MeetingFacts, kept: Kept, policy: Policy = DEFAULT) -> int | None:
    """The first day on which it is due, exactly."""
    for day in range(1500):
        if kept in due(meeting, policy, START + day * DAY):
            assert day == 0 or kept not in due(meeting, policy, START + day * DAY - SECOND)
            return day
    return None


@pytest.mark.parametrize(
    ("meeting", "kept", "day"),
    [
        (facts(confirmed=2, acknowledged=10), Kept.audio, 40),
        (facts(confirmed=2, acknowledged=170), Kept.audio, 180),
        (facts(confirmed=2), Kept.audio, 180),
        (facts(drafted=None), Kept.audio, 180),
        (facts(), Kept.draft, 90),
        (facts(drafted=5), Kept.draft, 95),
        (facts(confirmed=2), Kept.draft, 365),
        (facts(confirmed=2), Kept.transcript, 365),
        (facts(), Kept.transcript, 365),
        (facts(confirmed=2), Kept.minutes, 1097),
        (facts(), Kept.minutes, None),
        (facts(), Kept.tone_flags, 30),
        (facts(confirmed=2), Kept.tone_flags, 2),
    ],
)
def test_the_defaults_of_the_domain(meeting, kept, day):
    assert ends(meeting, kept) == day


def test_only_what_is_there_is_due():
    meeting = facts(confirmed=2, present=frozenset({Kept.minutes}))
    assert due(meeting, DEFAULT, START + 4000 * DAY) == {Kept.minutes}


def test_audio_only_keeps_the_documents_and_still_drops_tone_flags():
    late = START + 4000 * DAY
    assert due(facts(confirmed=2), replace(DEFAULT, audio_only=True), late) == {Kept.audio, Kept.tone_flags}


def test_each_kind_of_meeting_may_have_its_own_terms():
    rules = Rules(by_kind={"review": Policy(minutes_days=10)})
    assert rules.of("review").minutes_days == 10
    assert rules.of("check_in") == Policy()


@pytest.mark.parametrize("days", [0, -1, 3651, 1.5, True, "30"])
def test_terms_that_make_no_sense_are_refused(days):
    with pytest.raises(NotValid):
        Policy(audio_days=days)


OPTIONAL = st.one_of(st.none(), st.integers(0, 400))


@given(OPTIONAL, OPTIONAL, OPTIONAL, st.integers(0, 5000), st.booleans())
def test_a_legal_hold_blocks_everything(drafted, confirmed, acknowledged, day, audio_only):
    held = facts(drafted, confirmed, acknowledged, held=True)
    assert due(held, Policy(audio_only=audio_only), START + day * DAY) == frozenset()


@given(OPTIONAL, OPTIONAL, OPTIONAL, st.integers(0, 2000), st.integers(0, 2000))
def test_what_is_due_stays_due(drafted, confirmed, acknowledged, day, later):
    meeting = facts(drafted, confirmed, acknowledged)
    assert due(meeting, DEFAULT, START + day * DAY) <= due(meeting, DEFAULT, START + (day + later) * DAY)


@given(OPTIONAL, OPTIONAL, OPTIONAL)
def test_audio_is_never_kept_longer_than_180_days(drafted, confirmed, acknowledged):
    assert Kept.audio in due(facts(drafted, confirmed, acknowledged), DEFAULT, START + 180 * DAY)


@pytest.mark.parametrize(("asked", "agreed"), [("a", "a"), ("a", ""), ("", "b"), ("", "")])
def test_a_legal_hold_takes_two_people(asked, agreed):
    with pytest.raises(SecondPersonNeeded):
        LegalHold(asked, agreed, START)
    assert LegalHold("a", "b", START).lifted_at is None


def test_erasing_what_is_held_is_refused():
    require_erasable(False)
    with pytest.raises(HeldByLaw):
        require_erasable(True)


@given(
    st.booleans(),
    st.booleans(),
    st.sets(st.sampled_from(Kept)),
    st.integers(0, 40),
    st.none() | st.integers(0, 40),
)
def test_what_is_told_about_terms_is_what_is_erased(audio_only, held, present, drafted, confirmed):
    meeting = facts(drafted, confirmed, present=frozenset(present), held=held)
    policy = Policy(audio_only=audio_only)
    told = retention.ends(meeting, policy)
    assert told.keys() <= present
    for kept in Kept:
        expected = None if held or kept not in told else (told[kept] - START).days
        assert ends(meeting, kept, policy) == expected
