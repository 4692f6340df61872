"""The calendar of one's action items: a secret address that opens those and nothing else."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from service.db.tables import ActionItem, AuditView, CalendarFeed
from service.domain.edits import Verdict
from service.domain.follow_up import ItemStatus
from service.usecases.action_items import set_status
from service.usecases.confirm import confirm
from service.usecases.decide import Addition, Choice, decide
from service.usecases.read_draft import read_draft
from tests.service.usecases.meeting_office import SHOWN, Office, add_meeting


@pytest.fixture
def desk(people, clock):
    """Ana's item in confirmed minutes, beside one of her manager's and one without a day."""
    ids = {"org": people.organisation_id, "lead": people.ids["lead"], "emp": people.ids["ana"]}
    office = Office(people.rapport, ids)
    office.meeting = add_meeting(office, clock)
    lead = office.actor("lead")
    read = read_draft(people.rapport, lead, office.meeting)
    more = [
        Addition("action_items", {"task": "Ask IT", "owner": "m", "due": "2026-05-09"}),
        Addition("action_items", {"task": "Read on", "owner": "e"}, no_date=True),
    ]
    choices = [Choice(one, Verdict.accept) for one in read.open_items]
    revision = decide(people.rapport, lead, office.meeting, read.revision, choices, more).revision
    confirm(people.rapport, lead, office.meeting, revision, [*SHOWN, "h1", "h2"])
    return office


def made(client):
    answer = client.post("/api/v1/me/calendar")
    assert answer.status_code == 201
    return answer.json()["address"]


def test_a_calendar_program_sees_what_is_mine_with_a_day_and_nothing_else(people, desk, ana):
    answer = people.visitor().get(made(ana))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["summary"]), str(event.decoded("dtstart"))) == ("Send the SQL queries", "2026-05-08")
    assert str(event["url"]).endswith(f"/meetings/{desk.meeting}/minutes")
    for other in ("Ask IT", "Read on", "Dana", "Ana", "Mondays", "early"):
        assert other not in answer.text
    looks = desk.rows(AuditView, viewer=people.ids["ana"], object_id=desk.meeting)
    assert [look.object_kind for look in looks] == ["minutes"]


def test_it_is_not_sent_again_until_it_changes(people, desk, ana):
    address, calendar = made(ana), people.visitor()
    seen = {"If-None-Match": calendar.get(address).headers["etag"]}
    assert calendar.get(address, headers=seen).status_code == 304
    item = desk.rows(ActionItem, item="a1")[0]
    set_status(people.rapport, desk.actor("emp"), item.id, 1, ItemStatus.done)
    after = calendar.get(address, headers=seen)
    assert (after.status_code, Calendar.from_ical(after.content).walk("VEVENT")) == (200, [])


def test_an_address_ends_when_it_is_replaced_revoked_or_the_account_is_off(people, desk, ana):
    first, second = made(ana), made(ana)
    calendar = people.visitor()
    assert [calendar.get(one).status_code for one in (first, second)] == [404, 200]
    assert ana.get("/api/v1/me/calendar").json()["used_at"] is not None
    assert ana.delete("/api/v1/me/calendar").status_code == 204
    assert calendar.get(second).status_code == 404
    assert ana.get("/api/v1/me/calendar").json() == {"created_at": None, "used_at": None}
    assert ana.delete("/api/v1/me/calendar").status_code == 404
    third = made(ana)
    account = f"/api/v1/people/{people.ids['ana']}/account"
    for active in (False, True):
        assert people.sign_in("admin").patch(account, json={"active": active}).status_code == 200
        assert calendar.get(third).status_code == 404


def test_the_address_opens_no_other_door_and_no_token_makes_one(people, desk, ana):
    secret = made(ana).rpartition("/")[2].removesuffix(".ics")
    assert people.by_token(secret).get("/api/v1/me").status_code == 401
    token = ana.post("/api/v1/tokens", json={"name": "bot", "scopes": ["read", "write"]}).json()["token"]
    assert people.by_token(token).post("/api/v1/me/calendar").status_code == 403
    assert people.visitor().post("/api/v1/me/calendar").status_code == 401
    for other in ("a" * 43, secret[:-1] + ("A" if secret[-1] != "A" else "B")):
        assert people.visitor().get(f"/api/v1/calendars/{other}.ics").status_code == 404
    kept = desk.rows(CalendarFeed)
    assert len(kept) == 1
    assert secret not in kept[0].digest


def test_all_other_browsers_are_signed_out_and_this_one_stays(people, ana):
    other = people.sign_in("ana")
    assert ana.delete("/api/v1/sessions", params={"others": True}).status_code == 204
    assert (ana.get("/api/v1/me").status_code, other.get("/api/v1/me").status_code) == (200, 401)
