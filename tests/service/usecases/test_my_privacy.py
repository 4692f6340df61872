"""What people read about their own data: terms, consent, and who asked for what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.db.tables import Consent, Participant, Permit
from service.domain.retention import Kept
from service.usecases.consent import answer_consent, attest_consent
from service.usecases.holds import agree_hold, ask_hold
from service.usecases.my_privacy import my_privacy
from service.usecases.permits import request_erasure
from service.usecases.retention import run_retention
from tests.service.usecases.meeting_office import add_meeting


@pytest.fixture
def agreed(office):
    """The manager says that the employee agreed."""
    attest_consent(office.rapport, office.actor("lead"), office.meeting, "e")
    return office


def own(office, who="emp", **more):
    return my_privacy(office.rapport, office.actor(who), **more)


def test_what_is_there_goes_on_the_day_that_was_told(agreed, clock):
    (one,) = own(agreed).meetings
    assert set(one.ends) == {Kept.audio, Kept.transcript, Kept.draft, Kept.tone_flags}
    first = min(end for thing, end in one.ends.items() if thing is not Kept.tone_flags)
    clock.now = first - timedelta(seconds=1)
    run_retention(agreed.rapport)
    assert Kept.draft in own(agreed).meetings[0].ends
    clock.now = first
    run_retention(agreed.rapport)
    (one,) = own(agreed).meetings
    assert (dict(one.ends), one.meeting.state, one.consent) == ({}, "erased", None)


def test_reading_of_an_attested_consent_begins_the_days_to_object(agreed, clock):
    assert own(agreed).meetings[0].consent.refuse == "object"
    (row,) = agreed.rows(Consent)
    assert row.told_at == clock()
    clock.move(days=8)
    assert own(agreed).meetings[0].consent.refuse == "withdraw"
    assert own(agreed).meetings[0].consent.gone == frozenset(Kept)
    answer_consent(agreed.rapport, agreed.actor("emp"), agreed.meeting, "withdraw")
    assert own(agreed).meetings[0].consent is None


def test_holds_and_access_of_hr_are_for_both_sides_alone(agreed):
    hr, second = agreed.actor("hr", "hr"), agreed.actor("hr2", "hr")
    hold = ask_hold(agreed.rapport, hr, agreed.meeting, "litigation")
    agree_hold(agreed.rapport, second, hold.id)
    request_erasure(agreed.rapport, agreed.actor("emp"), agreed.meeting)
    with agreed.rapport.database.write(agreed.ids["org"]) as work:
        person = agreed.ids["stranger"]
        work.add(Participant(meeting_id=agreed.meeting, person_id=person, pid="x", role="mentor"))
        asked = {"kind": "hr_access", "reason_code": "audit", "asked_by": hr.person_id, "asked_at": work.now}
        work.add(Permit(meeting_id=agreed.meeting, **asked))
    told = {who: own(agreed, who).meetings[0] for who in ("emp", "lead", "stranger")}
    for known in ("holds", "permits"):
        counted = {who: len(getattr(one, known)) for who, one in told.items()}
        assert counted == {"emp": 1, "lead": 1, "stranger": 0}
    assert [who for who, one in told.items() if one.erasure_asked_at] == ["emp"]
    assert told["emp"].held
    assert own(agreed).names[agreed.ids["hr2"]] == "Hr2"
    assert own(agreed, "admin").meetings == []


def test_pages_go_on_with_older_meetings(office, clock):
    clock.move(days=1)
    newer = add_meeting(office, clock)
    first, second = own(office, page=1, size=1), own(office, page=2, size=1)
    assert [one.meeting.id for one in (*first.meetings, *second.meetings)] == [newer, office.meeting]
    assert (first.more, second.more) == (True, False)
