"""The start: what waits for whom, in order; nothing of a draft for anybody but its manager."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event

from service.db.tables import Relation
from service.domain.edits import Verdict
from service.usecases.answer import acknowledge
from service.usecases.consent import answer_consent
from service.usecases.correct import correct
from service.usecases.create_meeting import Plan, create_meeting
from service.usecases.decide import Choice
from service.usecases.permits import agree_access, ask_access
from service.usecases.read_minutes import read_minutes
from service.usecases.team import read_team
from service.usecases.what_waits import WaitingFor, what_waits
from tests.service.pages.talks import TURNS, WORDS


@pytest.fixture(scope="module")
def start(service):
    """The start of a person of a town as text; `q`: what they search for."""
    with httpx.Client(base_url=service.base) as client:

        def get(town, name, q=""):
            cookie = "=".join(town.cookie(name))
            answer = client.get("/", params={"q": q}, headers={"cookie": cookie, "accept": "text/html"})
            assert answer.status_code == 200
            return answer.text

        yield get


def kinds(town, name):
    waiting = what_waits(town.rapport, town.actor(name)).waiting
    return [one.what for one in waiting]


def test_what_waits_stands_in_the_order_of_urgency_with_the_one_place_to_go(start, town):
    page = start(town, "manager")
    places = [
        f"/meetings/{town.meetings['drafted']}/review",
        f'/meetings/{town.meetings["failed"]}"',
        f"/meetings/{town.meetings['disputed']}/minutes",
    ]
    found = [page.index(place) for place in places]
    assert found == sorted(found)
    assert page.index("Ask for access to the new warehouse") < page.index("Send the list of tables")
    assert town.meetings["cancelled"] not in page


def test_the_employee_is_asked_to_answer_and_sees_nothing_of_a_draft(start, town):
    page = start(town, "employee")
    assert f"/meetings/{town.meetings['confirmed']}/minutes" in page
    told = WORDS["en"]
    for secret in ("/review", told["summary"], told["why"], told["better"], TURNS["en"][12], "Draft ready"):
        assert secret not in page
    assert WaitingFor.review not in kinds(town, "employee")


@pytest.mark.parametrize("name", ["boss", "hr", "admin", "other"])
def test_others_are_told_of_no_meeting(start, town, name):
    page = start(town, name)
    assert not [meeting for meeting in town.meetings.values() if meeting in page]
    assert town.names["employee"] not in page


def test_minutes_wait_until_that_version_is_answered(service, start):
    town = service.town()
    meeting = town.meeting("confirmed")
    assert kinds(town, "employee") == [WaitingFor.answer]
    sha256 = read_minutes(town.rapport, town.actor("employee"), meeting).sha256
    acknowledge(town.rapport, town.actor("employee"), meeting, sha256)
    assert kinds(town, "employee") == kinds(town, "manager") == []
    assert "Before a talk is recorded, you are asked." not in start(town, "employee")


def test_each_employee_is_waited_for_singly_nobody_else_and_all_again_after_a_correction(service):
    town = service.town()
    town.manage("manager", "other")
    roles = [("employee", "employee"), ("other", "employee"), ("boss", "mentor")]
    people = [(town.ids[name], role) for name, role in roles]
    agreed = {town.ids[name]: None for name, _ in roles}
    plan = Plan("check_in", town.today, people, agreed=agreed)
    meeting = create_meeting(town.rapport, town.actor("manager"), plan).meeting.id
    town.add_draft(meeting)
    town.confirm(meeting)
    for name, _ in roles[:2]:
        read = read_minutes(town.rapport, town.actor(name), meeting)
        acknowledge(town.rapport, town.actor(name), meeting, read.sha256)
        assert kinds(town, name) == []
        assert kinds(town, "other") == ([WaitingFor.answer] if name == "employee" else [])
    revision = read_minutes(town.rapport, town.actor("manager"), meeting).revision
    correct(town.rapport, town.actor("manager"), meeting, revision, [Choice("p1", Verdict.reject)])
    assert [kinds(town, name) for name, _ in roles] == [[WaitingFor.answer], [WaitingFor.answer], []]


def test_consent_is_asked_for_until_it_is_answered(service, start):
    town = service.town()
    plan = Plan("check_in", town.today, [(town.ids["employee"], "employee")])
    meeting = create_meeting(town.rapport, town.actor("manager"), plan).meeting.id
    assert kinds(town, "employee") == [WaitingFor.consent]
    assert f'href="/meetings/{meeting}"' in start(town, "employee")
    answer_consent(town.rapport, town.actor("employee"), meeting, "give")
    assert kinds(town, "employee") == []


def test_a_request_of_hr_is_shown_to_both_sides_and_agreed_to_by_a_second_person(service, start):
    town = service.town()
    meeting = town.meeting("acknowledged")
    permit = ask_access(town.rapport, town.actor("hr"), meeting, "grievance")
    for name in ("manager", "employee"):
        assert kinds(town, name) == [WaitingFor.knowing]
        assert "because of a grievance" in start(town, name)
    for name in ("hr", "admin", "boss"):
        assert permit.id not in start(town, name)
    assert meeting not in start(town, "hr")
    town.hire("hr2", "Paula Lind", ["hr", "member"])
    page = start(town, "hr2")
    assert permit.id in page
    assert meeting not in page
    assert town.names["employee"] not in page
    agree_access(town.rapport, town.actor("hr2"), permit.id)
    assert permit.id not in start(town, "hr2")
    assert kinds(town, "manager") == [WaitingFor.knowing]


def test_a_search_finds_people_and_meetings_of_ones_own_alone(start, town):
    found = start(town, "manager", "ortega")
    assert f'href="/people/{town.ids["employee"]}"' in found
    assert f'href="/meetings/{town.meetings["cancelled"]}"' in found
    assert "Nobody among your people" in start(town, "boss", "ortega")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("manager", "Three steps to your first minutes"),
        ("employee", "Before a talk is recorded, you are asked."),
        ("admin", "Say who manages whom."),
    ],
)
def test_the_first_day_tells_the_way_to_the_first_meeting(service, start, name, told):
    assert told in start(service.town(), name)


def test_my_people_are_named_with_their_rhythm_and_a_talk_that_is_due(service, start):
    town = service.town()
    town.meeting("acknowledged", 40)
    page = re.sub(r"<[^>]+>", " ", start(town, "manager"))
    words = " ".join(page.split())
    assert f"{town.names['employee']} A talk every two weeks · last talk 6 weeks ago" in words
    assert "Talk due since" in words


def test_whose_talk_is_due_comes_first(service, start):
    town = service.town()
    town.manage("manager", "other")
    town.manage("manager", "boss")
    town.meeting("acknowledged", 3)
    town.planned(-1, employee="other")
    page = start(town, "manager")
    assert page.index(f'href="/people/{town.ids["employee"]}"') < page.index(
        f'href="/people/{town.ids["boss"]}"'
    )
    assert page.index(f'href="/people/{town.ids["boss"]}"') < page.index(
        f'href="/people/{town.ids["other"]}"'
    )


def test_the_number_of_queries_does_not_grow_with_the_meetings(service):
    town = service.town()
    statements = []
    with town.rapport.database.read(town.organisation_id) as work:
        engine = work.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    def asked():
        statements.clear()
        what_waits(town.rapport, town.actor("manager"))
        read_team(town.rapport, town.actor("manager"))
        return len(statements)

    town.meeting("drafted")
    few = asked()
    for age in range(5):
        town.meeting(("drafted", "confirmed")[age % 2], age)
    assert asked() == few


def test_whoever_left_the_team_is_no_longer_among_my_people(service, start):
    town = service.town()
    town.meeting("acknowledged", 3)
    with town.rapport.database.write(town.organisation_id) as work:
        for relation in work.session.scalars(work.rows(Relation)):
            relation.until_day = town.today - timedelta(days=1)
    page = start(town, "manager", "ortega")
    assert f'href="/people/{town.ids["employee"]}"' not in page


def test_by_keys_from_the_search_to_a_person(visit, town):
    page = visit("manager").open("/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("luis")
    page.keyboard.press("Enter")
    found = page.get_by_role("region", name="Found for").get_by_role("link", name=town.names["employee"])
    found.first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=town.names["employee"]).wait_for()
