"""Everybody's own pages: account, development plan, what is stored about oneself."""

from __future__ import annotations

import io

import httpx
import pytest
import pyzipper

from service.db.tables import Meeting, Person
from service.usecases.holds import agree_hold, ask_hold
from service.usecases.permits import agree_access, ask_access
from service.usecases.read_minutes import read_minutes
from tests.service.office import PASSWORD


@pytest.fixture(scope="module")
def talk(service):
    """An organisation with a talk that is confirmed and one that is drafted."""
    return service.town().add_states(("confirmed", "drafted"))


def test_the_language_changes_at_once(visit, talk):
    page = visit("boss", talk).open("/me")
    page.get_by_label("Language").select_option("zh")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="个人信息").wait_for()
    page.get_by_label("语言").select_option("en")
    page.get_by_label("时区").select_option("Asia/Tokyo")
    page.get_by_label("谈话中对我的称呼").fill("Irene\nFrau Falk")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="About me").wait_for()
    with talk.rapport.database.read(talk.organisation_id) as work:
        row = work.one(Person, talk.ids["boss"])
        assert (row.time_zone, row.aliases) == ("Asia/Tokyo", ["Irene", "Frau Falk"])


def test_a_changed_password_keeps_this_browser_and_ends_the_others(visit, talk):
    other, page = visit("other", talk), visit("other", talk).open("/me")
    assert page.get_by_text("this browser").count() == 1
    page.get_by_label("Password until now").fill(PASSWORD)
    page.get_by_label("New password").fill("a long new sentence")
    with page.expect_navigation():
        page.get_by_role("button", name="Change the password").click()
    assert page.get_by_role("heading", name="Tom Becker").is_visible()
    assert "/sign-in" in other.open("/me").url


def test_other_browsers_are_signed_out(visit, talk):
    other, page = visit("hr", talk), visit("hr", talk).open("/me")
    page.get_by_role("button", name="Sign out all others").click()
    page.get_by_role("button", name="Yes, do it").click()
    page.get_by_role("button", name="Sign out all others").wait_for(state="detached")
    assert "/sign-in" in other.open("/me").url
    assert page.get_by_text("this browser").is_visible()


def test_a_token_is_shown_once_and_can_be_revoked(visit, talk, service):
    page = visit("admin", talk, permissions=["clipboard-read", "clipboard-write"]).open("/me")
    page.get_by_text("Make a token").click()
    page.get_by_label("Name", exact=True).fill("export bot")
    page.get_by_role("button", name="Make the token").click()
    shown = page.get_by_label("This token is shown this once")
    shown.wait_for()
    token = shown.input_value()
    page.get_by_role("button", name="Copy").last.click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == token
    bearer = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{service.base}/api/v1/me", headers=bearer).status_code == 200
    page.reload()
    assert token not in page.content()
    page.get_by_role("button", name="Revoke export bot").click()
    page.get_by_role("button", name="Yes, do it").click()
    page.get_by_role("button", name="Revoke export bot").wait_for(state="detached")
    assert httpx.get(f"{service.base}/api/v1/me", headers=bearer).status_code == 401


def test_a_calendar_fetches_what_i_have_to_do(visit, talk, service):
    page = visit("employee", talk).open("/me")
    page.get_by_role("button", name="Make an address").click()
    shown = page.get_by_label("This address is shown this once")
    shown.wait_for()
    path = httpx.URL(shown.input_value()).path
    calendar = httpx.get(service.base + path)
    assert "Send the list of tables" in calendar.text
    assert "Book the meeting room" not in calendar.text
    page.reload()
    page.get_by_role("button", name="End the address").click()
    page.get_by_role("button", name="Yes, do it").click()
    page.get_by_role("button", name="Make an address").wait_for()
    assert httpx.get(service.base + path).status_code == 404


def test_steps_of_my_plan_move_with_what_became_of_them(visit, talk):
    page = visit("employee", talk).open("/me/plan")
    step = page.get_by_role("region", name="To do").get_by_role("listitem").first
    words = step.locator(".words").inner_text()
    step.get_by_role("button", name="Begun").click()
    page.get_by_role("region", name="In work").get_by_text(words, exact=True).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert download.value.suggested_filename.endswith(".plan.md")
    assert visit("boss", talk).open("/me/plan").get_by_text("There is no plan yet.").is_visible()


def test_everything_about_me_opens_with_the_password_that_is_shown(visit, talk):
    page = visit("employee", talk).open("/me/privacy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the archive").click()
    password = page.get_by_label("Password of the archive").input_value()
    content = io.BytesIO(download.value.path().read_bytes())
    with pyzipper.AESZipFile(content) as archive:
        archive.setpassword(password.encode())
        assert b"Send the list of tables" in archive.read("my-data.json")


def test_what_is_kept_until_when_and_who_looked(visit, talk):
    read_minutes(talk.rapport, talk.actor("manager"), talk.meetings["confirmed"])
    page = visit("employee", talk).open("/me/privacy")
    row = page.get_by_role("row").filter(has_text="confirmed")
    assert row.get_by_text("until").count() == 3
    looks = page.get_by_role("region", name="Who looked at what about me")
    assert looks.get_by_role("row").filter(has_text="minutes").get_by_text("Dana Moss").is_visible()


def test_holds_and_access_of_hr_are_shown_to_whom_they_concern(visit, talk):
    meeting, hr = talk.meetings["confirmed"], talk.actor("hr")
    second = talk.actor("other")
    second = type(hr)(hr.organisation_id, second.person_id, roles=hr.roles)
    hold = ask_hold(talk.rapport, hr, meeting, "litigation")
    permit = ask_access(talk.rapport, hr, meeting, "grievance")
    page = visit("employee", talk).open("/me/privacy")
    assert page.get_by_text("A second person has not agreed yet.").is_visible()
    assert page.get_by_text("Legal hold since").count() == 0
    agree_hold(talk.rapport, second, hold.id)
    agree_access(talk.rapport, second, permit.id)
    page.reload()
    assert page.get_by_text("Legal hold since").is_visible()
    assert page.get_by_text("Hannah Reeve (HR) asked on").is_visible()
    assert page.get_by_text("Tom Becker agreed; it is possible until").is_visible()
    assert page.get_by_text("as long as the legal hold lasts").count() == 3


def test_an_objection_says_what_follows_and_erases(visit, service):
    town = service.town().add_states(("drafted",))
    page = visit("employee", town).open("/me/privacy")
    page.get_by_role("button", name="Object").click()
    dialog = page.get_by_role("dialog")
    assert "are erased for good" in dialog.inner_text()
    dialog.get_by_role("button", name="Yes, do it").click()
    page.get_by_text("erased", exact=False).first.wait_for()
    page.get_by_role("button", name="Object").wait_for(state="detached")
    with town.rapport.database.read(town.organisation_id) as work:
        assert work.one(Meeting, town.meetings["drafted"]).state == "erased"


def test_erasure_is_asked_for_once(visit, talk):
    page = visit("employee", talk).open("/me/privacy")
    row = page.get_by_role("row").filter(has_text="confirmed")
    row.get_by_role("button", name="Ask for erasure").click()
    page.get_by_role("button", name="Yes, do it").click()
    row.get_by_text("You asked for erasure on").wait_for()
    assert row.get_by_role("button", name="Ask for erasure").count() == 0
