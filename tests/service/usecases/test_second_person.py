"""What needs two people: HR reading minutes, a legal hold, and lifting it."""

from __future__ import annotations

import pytest

from service.db.tables import OutboxMessage
from service.domain.errors import HeldByLaw, NotAllowed, SecondPersonNeeded
from service.errors import NotFound
from service.usecases.erase import erase
from service.usecases.holds import agree_hold, ask_hold, holds_of, lift_hold
from service.usecases.list_meetings import get_meeting
from service.usecases.permits import agree_access, ask_access, request_erasure
from service.usecases.read_draft import read_draft
from service.usecases.read_minutes import read_minutes
from tests.service.usecases.test_meeting_life import confirmed

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)


def test_hr_reads_minutes_with_a_reason_a_second_person_and_both_sides_told(office, clock):
    rapport, hr, second = office.rapport, office.actor("hr", "hr"), office.actor("hr2", "hr")
    confirmed(office)
    permit = ask_access(rapport, hr, office.meeting, "grievance")
    told = {m.person_id for m in office.rows(OutboxMessage, kind="access_requested")}
    assert told == {office.ids["lead"], office.ids["emp"]}
    with pytest.raises(SecondPersonNeeded):
        agree_access(rapport, hr, permit.id)
    with pytest.raises(NotFound):
        read_minutes(rapport, hr, office.meeting)
    agree_access(rapport, second, permit.id)
    assert read_minutes(rapport, hr, office.meeting).minutes["version"] == 1
    with pytest.raises(NotFound):
        read_minutes(rapport, second, office.meeting)
    with pytest.raises(NotFound):
        read_draft(rapport, hr, office.meeting)
    clock.move(days=8)
    with pytest.raises(NotFound):
        read_minutes(rapport, hr, office.meeting)


def test_a_permit_shows_the_meeting_once_it_is_confirmed(office):
    rapport, hr = office.rapport, office.actor("hr", "hr")
    agree_access(rapport, office.actor("hr2", "hr"), ask_access(rapport, hr, office.meeting, "audit").id)
    with pytest.raises(NotFound):
        get_meeting(rapport, hr, office.meeting)
    confirmed(office)
    seen = get_meeting(rapport, hr, office.meeting)
    assert (seen.meeting.state, {one.consent for one in seen.participants}) == ("confirmed", {None})
    with pytest.raises(NotFound):
        get_meeting(rapport, office.actor("hr2", "hr"), office.meeting)


def test_nobody_else_can_ask_for_it(office):
    for name in ("emp", "admin", "stranger"):
        with pytest.raises(NotAllowed):
            ask_access(office.rapport, office.actor(name, *{name} & {"admin"}), office.meeting, "audit")


def test_a_hold_of_two_people_forbids_erasing_until_two_lift_it(office):
    rapport, hr, second, lead = (
        office.rapport,
        office.actor("hr", "hr"),
        office.actor("hr2", "hr"),
        office.actor("lead"),
    )
    with pytest.raises((NotAllowed, NotFound)):
        ask_hold(rapport, lead, office.meeting, "litigation")
    hold = ask_hold(rapport, hr, office.meeting, "litigation")
    with pytest.raises(SecondPersonNeeded):
        agree_hold(rapport, hr, hold.id)
    agree_hold(rapport, second, hold.id)
    assert [one.id for one in holds_of(rapport, office.actor("emp"), office.meeting)] == [hold.id]
    for what in ("audio", "all"):
        with pytest.raises(HeldByLaw):
            erase(rapport, lead, office.meeting, what)
    assert lift_hold(rapport, hr, hold.id) is False
    with pytest.raises(SecondPersonNeeded):
        lift_hold(rapport, hr, hold.id)
    assert lift_hold(rapport, second, hold.id) is True
    erase(rapport, lead, office.meeting, "all")
    assert office.row().state == "erased"


def test_confirmed_minutes_are_erased_by_hr_when_somebody_concerned_asks(office):
    rapport, hr, second = office.rapport, office.actor("hr", "hr"), office.actor("hr2", "hr")
    confirmed(office)
    with pytest.raises(NotAllowed):
        erase(rapport, office.actor("lead"), office.meeting, "all")
    permit = ask_access(rapport, hr, office.meeting, "erasure_request")
    agree_access(rapport, second, permit.id)
    with pytest.raises(NotAllowed):
        erase(rapport, hr, office.meeting, "all")
    request_erasure(rapport, office.actor("emp"), office.meeting)
    erase(rapport, hr, office.meeting, "all")
    assert office.row().state == "erased"
