"""Where requests about people's data stand, for an administrator: states and ids; nobody else sees them."""

from __future__ import annotations

import pytest

from service.domain.errors import NotAllowed
from service.usecases.erase import erase
from service.usecases.holds import agree_hold, ask_hold, lift_hold
from service.usecases.permits import agree_access, ask_access, request_erasure
from service.usecases.privacy_requests import privacy_requests
from tests.service.usecases.test_meeting_life import confirmed

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)


@pytest.fixture
def seen(office):
    """(kind, state) of everything, those that wait first."""

    def look():
        found = privacy_requests(office.rapport, office.actor("admin", "admin"))
        return [(one.kind, one.standing) for one in found]

    return look


def test_a_request_for_erasure_waits_for_who_may_erase(office, seen):
    request_erasure(office.rapport, office.actor("emp"), office.meeting)
    assert seen() == [("erasure", "for_manager")]
    confirmed(office)
    assert seen() == [("erasure", "for_hr")]


def test_what_was_erased_is_done(office, seen):
    request_erasure(office.rapport, office.actor("emp"), office.meeting)
    erase(office.rapport, office.actor("lead"), office.meeting, "all")
    assert seen() == [("erasure", "done"), ("erased", "done")]


def test_a_hold_of_two_and_its_lifting_are_told(office, seen):
    rapport, hr, second = office.rapport, office.actor("hr", "hr"), office.actor("hr2", "hr")
    request_erasure(rapport, office.actor("emp"), office.meeting)
    hold = ask_hold(rapport, hr, office.meeting, "litigation")
    assert ("hold", "for_second") in seen()
    agree_hold(rapport, second, hold.id)
    assert seen() == [("erasure", "held"), ("hold", "in_force")]
    lift_hold(rapport, hr, hold.id)
    assert ("hold", "lifting") in seen()
    lift_hold(rapport, second, hold.id)
    assert seen() == [("erasure", "for_manager"), ("hold", "over")]


def test_reading_by_hr_is_told_until_it_ends(office, seen, clock):
    confirmed(office)
    permit = ask_access(office.rapport, office.actor("hr", "hr"), office.meeting, "grievance")
    assert seen() == [("hr_access", "for_second")]
    agree_access(office.rapport, office.actor("hr2", "hr"), permit.id)
    assert seen() == [("hr_access", "readable")]
    clock.move(days=8)
    assert seen() == [("hr_access", "over")]


def test_nobody_else_sees_the_list(office):
    for name, roles in (("lead", ()), ("emp", ()), ("hr", ("hr",))):
        with pytest.raises(NotAllowed):
            privacy_requests(office.rapport, office.actor(name, *roles))
    request_erasure(office.rapport, office.actor("emp"), office.meeting)
    assert privacy_requests(office.rapport, office.actor("outsider", "admin")) == []
