"""A manager's people, a person's page, and feedback over time: who sees what of whom."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from service.db.tables import FeedbackIndicator
from service.domain.follow_up import ItemStatus
from service.usecases.action_items import Filters, list_action_items, set_status
from service.usecases.erase import carry_out
from service.usecases.feedback_indicators import feedback_trend
from service.usecases.people import change_oneself
from service.usecases.subject_access import collect
from service.usecases.team import Promises, read_team
from tests.service.pages.talks import TURNS

UNKNOWN = "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f"
OWN_RATING = TURNS["en"][11]
"""A skill that only the employee rated."""


@pytest.fixture(scope="module")
def ask(service):
    """The answer to somebody of a town for a page."""
    with httpx.Client(base_url=service.base) as client:

        def get(town, name, path):
            cookie = "=".join(town.cookie(name))
            return client.get(path, headers={"cookie": cookie, "accept": "text/html"})

        yield get


def member(town, name="manager"):
    (found,) = read_team(town.rapport, town.actor(name)).members
    return found


def test_a_talk_is_due_by_the_rhythm_after_the_last_one_that_the_manager_led(service):
    town = service.town()
    town.meeting("acknowledged", 20)
    town.meeting("drafted", 6)
    town.meeting("failed", 3)
    town.planned(-2)
    found = member(town)
    assert (found.rhythm, found.last_talk) == ("biweekly", town.today - timedelta(days=6))
    assert found.due == town.today + timedelta(days=8)
    assert [town.today - talk.held_on for talk in found.talks] == [timedelta(days=20), timedelta(days=6)]
    assert found.planned.held_on == town.today + timedelta(days=2)


def test_a_manager_sees_no_talks_and_promises_of_the_one_before(service, ask):
    town = service.town()
    town.meeting("acknowledged", 20)
    town.manage("boss", "employee")
    (found,) = [
        one
        for one in read_team(town.rapport, town.actor("boss")).members
        if one.person.id == town.ids["employee"]
    ]
    assert (found.talks, found.last_talk, found.mine, found.theirs) == ((), None, Promises(), Promises())
    page = ask(town, "boss", f"/people/{town.ids['employee']}")
    assert page.status_code == 200
    assert "Send the list of tables" not in page.text


def test_what_was_promised_to_one_is_not_on_anothers_page(service, ask):
    town = service.town()
    town.manage("manager", "other")
    town.meeting("acknowledged", 1)
    for name, shown in (("employee", True), ("other", False)):
        page = ask(town, "manager", f"/people/{town.ids[name]}").text
        assert ("Book the meeting room" in page) is shown
        assert ("Send the list of tables" in page) is shown


def test_open_promises_are_counted_both_ways_until_they_are_kept(service):
    town = service.town()
    town.meeting("acknowledged", 1)
    before = member(town)
    assert (before.mine.open, before.mine.overdue) == (3, 1)
    mine = list_action_items(town.rapport, town.actor("manager"), Filters("mine"), order="due").items
    late = mine[0].row
    set_status(town.rapport, town.actor("manager"), late.id, late.revision, ItemStatus.done)
    assert member(town).mine == Promises(2, 0)
    assert member(town).theirs == before.theirs


@pytest.mark.parametrize("name", ["boss", "hr", "admin", "other"])
def test_a_persons_page_is_for_them_and_their_manager_alone(town, ask, name):
    there = ask(town, name, f"/people/{town.ids['employee']}")
    nowhere = ask(town, name, f"/people/{UNKNOWN}")
    assert there.status_code == nowhere.status_code == 404
    number = [answer.headers["x-request-id"] for answer in (there, nowhere)]
    assert there.text.replace(number[0], "") == nowhere.text.replace(number[1], "")


def test_own_ratings_and_the_radar_are_shown_to_the_manager_while_the_person_wants_it(service, ask):
    town = service.town()
    path = f"/people/{town.ids['employee']}"
    assert OWN_RATING in ask(town, "manager", path).text
    change_oneself(town.rapport, town.actor("employee"), {"shows_radar": False})
    hidden = ask(town, "manager", path).text
    assert OWN_RATING not in hidden
    assert 'id="radar"' not in hidden
    assert "does not show you their skill radar" in hidden
    own = ask(town, "employee", path).text
    assert OWN_RATING in own
    assert 'id="radar"' in own


def test_nobody_but_the_person_turns_the_radar_on(people):
    at = f"/api/v1/people/{people.ids['ana']}"
    assert people.sign_in("ana").get("/api/v1/me").json()["person"]["shows_radar"] is False
    for name in ("lead", "admin"):
        assert people.sign_in(name).patch(at, json={"shows_radar": True}).status_code in (403, 404, 422)
    told = people.sign_in("ana").patch("/api/v1/me", json={"shows_radar": True})
    assert told.json()["shows_radar"] is True
    for name in ("lead", "admin", "hr"):
        assert "shows_radar" not in people.sign_in(name).get(at).json()


def test_feedback_over_time_is_kept_as_numbers_for_who_gave_it(service, ask):
    town = service.town()
    old, new = town.meeting("acknowledged", 30), town.meeting("confirmed", 2)
    trend = feedback_trend(town.rapport, town.actor("manager"), 24)
    assert {name: [one.value for one in found] for name, found in trend.items()} == {
        "employee_share": [0.48, 0.48],
        "open_questions": [2.0, 2.0],
    }
    assert [one.meeting_id for one in trend["open_questions"]] == [old, new]
    assert [one.evidence for one in trend["open_questions"]] == [2, 2]
    assert "Open questions by the manager" in ask(town, "manager", "/team").text
    assert len(collect(town.rapport, town.actor("manager"))["feedback_indicators"]) == 6
    assert collect(town.rapport, town.actor("employee"))["feedback_indicators"] == []
    for name in ("employee", "boss", "hr", "admin"):
        assert feedback_trend(town.rapport, town.actor(name), 24) == {}
        assert "Open questions by the manager" not in ask(town, name, "/team").text


def test_the_numbers_outlive_the_transcript_and_go_with_the_meeting(service):
    town = service.town()
    meeting = town.meeting("acknowledged", 30)
    carry_out(town.rapport, town.organisation_id, meeting, "transcript")
    assert feedback_trend(town.rapport, town.actor("manager"), 24) != {}
    carry_out(town.rapport, town.organisation_id, meeting, "all")
    with town.rapport.database.read(town.organisation_id) as work:
        assert list(work.session.scalars(work.rows(FeedbackIndicator))) == []


def test_a_draft_leaves_no_numbers(service):
    town = service.town()
    town.meeting("drafted")
    assert feedback_trend(town.rapport, town.actor("manager"), 24) == {}


def test_every_chart_has_its_table(town, ask):
    page = ask(town, "manager", "/team").text
    assert page.count('class="chart"') == page.count("The numbers as a table") == 2
    assert page.count('class="chart strip"') == page.count("talks in the last 12 months") == 1


def test_a_manager_rates_and_expects_and_what_the_person_said_stays(visit, service):
    town = service.town()
    page = visit("manager", town).open(f"/people/{town.ids['employee']}")
    ratings = page.get_by_role("region", name="Ratings of skills")
    before = ratings.get_by_role("row").count()
    page.get_by_role("textbox", name="Skill").first.fill("Negotiating")
    page.get_by_role("combobox", name="Rating").first.select_option("5")
    page.get_by_role("button", name="Add a rating").click()
    ratings.get_by_role("row", name="Negotiating").wait_for()
    assert ratings.get_by_role("row").count() == before + 1
    page.get_by_role("button", name="Negotiating: remove").click()
    ratings.get_by_role("row", name="Negotiating").wait_for(state="detached")
    page.wait_for_load_state()
    page.get_by_label("Role").fill("Buyer")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert visit("employee", town).open(f"/people/{town.ids['employee']}").get_by_text("Buyer").count() == 1


def test_the_person_turns_the_radar_off_by_keys(visit, service):
    town = service.town()
    page = visit("employee", town).open(f"/people/{town.ids['employee']}")
    page.get_by_role("button", name="Turn off").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Turn on").wait_for()
    manager = visit("manager", town).open(f"/people/{town.ids['employee']}")
    manager.get_by_text("does not show you their skill radar").wait_for()
    assert manager.get_by_role("img").count() == 0
