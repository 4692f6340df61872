"""Confirmed minutes on their page: read, answered, corrected, compared; on paper, and by link."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from service.db.tables import Account, Meeting, Organisation, OutboxMessage, Participant, Session
from service.domain.edits import Verdict
from service.outgoing.webhook import Webhooks
from service.usecases.actor import Actor
from service.usecases.correct import correct
from service.usecases.decide import Addition, Choice
from service.usecases.outbox import send_waiting
from service.usecases.people import change_oneself
from service.usecases.permits import agree_access, ask_access
from service.usecases.read_minutes import read_minutes


@pytest.fixture
def corrected(town):
    """Acknowledged minutes of the module's town, and a second version of them; the meeting's id."""
    manager, meeting = town.actor("manager"), town.meeting("acknowledged")
    revision = read_minutes(town.rapport, manager, meeting).revision
    choices = [
        Choice("a1", Verdict.edit, {"due": "2026-12-04", "task": "Ask IT for the access"}),
        Choice("p1", Verdict.reject),
    ]
    more = [Addition("agreements", {"text": "Meet in person"})]
    correct(town.rapport, manager, meeting, revision, choices, more, "The day was wrong.")
    return meeting


def state_of(town, meeting):
    with town.rapport.database.read(town.organisation_id) as work:
        return work.one(Meeting, meeting).state


def test_one_click_acknowledges_the_version_that_was_read(visit, town):
    meeting = town.meeting("confirmed")
    page = visit("employee").open(f"/meetings/{meeting}/minutes")
    assert page.locator(".answer").get_by_text("exactly this version 1").is_visible()
    page.get_by_role("button", name="Yes, I acknowledge this version").click()
    page.get_by_text("You acknowledged version 1").wait_for()
    assert page.locator("[data-answer]").count() == 0
    assert state_of(town, meeting) == "acknowledged"


def test_a_newer_version_is_not_acknowledged_by_an_old_page(visit, town, corrected):
    one = visit("employee")
    page = one.open(f"/meetings/{corrected}/minutes")
    page.evaluate("document.querySelector('[name=sha256]').value = '0'.repeat(64)")
    one.allowed.add(412)
    page.get_by_role("button", name="Yes, I acknowledge this version").click()
    page.locator(".answer [role=alert]").first.wait_for(state="visible")
    assert state_of(town, corrected) == "confirmed"


def test_a_dispute_names_items_and_reaches_the_manager_who_corrects(visit, town):
    meeting = town.meeting("confirmed")
    page = visit("employee").open(f"/meetings/{meeting}/minutes")
    page.get_by_text("Something is not right").click()
    page.get_by_label("Send the list of tables").check()
    page.get_by_label("What is not right?").fill("Friday is a holiday.")
    page.get_by_role("button", name="Send to my manager").click()
    page.get_by_text("You disputed version 1").wait_for()

    page = visit("manager").open(f"/meetings/{meeting}/minutes")
    answers = page.get_by_role("region", name="Answers to this version")
    assert answers.get_by_text("Friday is a holiday.").is_visible()
    assert answers.get_by_text("Send the list of tables").is_visible()
    page.get_by_role("link", name="Correct the minutes").click()
    item = page.get_by_role("group", name="Action item").filter(has_text="Send the list of tables")
    item.get_by_label("By when").fill("2026-12-07")
    page.get_by_role("group", name="Point").first.get_by_label("Take out of the minutes").check()
    page.get_by_role("button", name="Add an agreement").click()
    page.get_by_role("group", name="New agreement").get_by_label("Words").fill("Holidays first")
    page.get_by_label("Why do you correct it?").fill("I forgot the holiday.")
    page.get_by_role("button", name="Confirm version 2").click()
    page.wait_for_url(f"**/meetings/{meeting}/minutes")
    changes = page.get_by_role("region", name="What changed since version 1")
    assert changes.get_by_text("I forgot the holiday.").is_visible()
    assert changes.locator("ins").all_inner_texts() == ["Monday, December 7, 2026"]
    assert changes.get_by_text("Holidays first").is_visible()
    assert changes.get_by_text("taken out").count() == 1
    minutes = read_minutes(town.rapport, town.actor("employee"), meeting).minutes
    assert (minutes["version"], minutes["reason"]) == (2, "I forgot the holiday.")


def test_nothing_is_sent_where_nothing_was_changed(visit, town):
    page = visit("manager").open(f"/meetings/{town.meetings['disputed']}/minutes/correction")
    page.get_by_role("button", name="Confirm version 2").click()
    assert page.get_by_text("Nothing is changed yet").is_visible()
    assert state_of(town, town.meetings["disputed"]) == "disputed"


def test_every_version_can_be_read_and_an_old_one_says_so(visit, town, corrected):
    page = visit("employee").open(f"/meetings/{corrected}/minutes?version=1")
    assert page.get_by_text("which a later one took the place of").is_visible()
    sheet = page.locator(".sheet")
    assert sheet.get_by_text("Ask for access to the new warehouse").is_visible()
    assert page.locator("[data-answer]").count() == 0
    page.get_by_role("link", name="Read version 2").click()
    assert page.locator(".sheet").get_by_text("Ask IT for the access").is_visible()


def test_paper_has_the_minutes_and_nothing_to_press(visit, town, corrected):
    page = visit("manager").open(f"/meetings/{corrected}/minutes")
    page.emulate_media(media="print")
    shown = page.locator("button, a.button, details, form, nav").all()
    assert [one.inner_text() for one in shown if one.is_visible()] == []
    assert page.locator(".sheet h1").is_visible()
    assert page.locator("code.hash").is_visible()


def test_files_are_those_of_the_version_that_is_shown(visit, town, corrected):
    page = visit("employee").open(f"/meetings/{corrected}/minutes?version=1")
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert download.value.suggested_filename == f"{corrected}.v1.md"
    assert page.get_by_role("link", name="Transcript as captions").count() == 0


def test_the_transcript_is_offered_where_the_organisation_shares_it(visit, town):
    address = f"/meetings/{town.meetings['confirmed']}/minutes"
    assert visit("employee").open(address).get_by_role("link", name="Read the transcript").count() == 0
    with town.rapport.database.write() as work:
        row = work.session.get_one(Organisation, town.organisation_id)
        row.settings = {**row.settings, "share_transcript": True}
    try:
        page = visit("employee").open(address)
        page.get_by_role("link", name="Read the transcript").click()
        assert page.get_by_text("How did the supplier report go?").is_visible()
    finally:
        with town.rapport.database.write() as work:
            row = work.session.get_one(Organisation, town.organisation_id)
            row.settings = {**row.settings, "share_transcript": False}


def test_who_only_listened_reads_and_is_asked_nothing(visit, town):
    meeting = town.meeting("confirmed")
    with town.rapport.database.write(town.organisation_id) as work:
        work.add(Participant(meeting_id=meeting, person_id=town.ids["other"], pid="x", role="mentor"))
    page = visit("other").open(f"/meetings/{meeting}/minutes")
    assert page.get_by_text("Send the list of tables").first.is_visible()
    for name in ("Yes, I acknowledge this version", "Correct the minutes", "Hand over"):
        assert page.get_by_role("button", name=name).count() == 0


def test_hr_with_a_reason_and_a_second_person_reads_and_takes_nothing_along(visit, town):
    meeting, hr = town.meeting("confirmed"), town.actor("hr")
    second = Actor(hr.organisation_id, town.ids["boss"], roles=frozenset({"hr"}))
    permit = ask_access(town.rapport, hr, meeting, "grievance")
    agree_access(town.rapport, second, permit.id)
    page = visit("hr").open(f"/meetings/{meeting}/minutes")
    assert page.locator(".sheet").is_visible()
    for name in ("Download", "Read the transcript", "Correct the minutes"):
        assert page.get_by_text(name, exact=True).count() == 0


def test_minutes_in_another_language_say_so_to_a_screen_reader(visit, town):
    meeting = town.meeting("confirmed")
    change_oneself(town.rapport, town.actor("employee"), {"locale": "zh"})
    try:
        page = visit("employee").open(f"/meetings/{meeting}/minutes")
        assert page.locator("html").get_attribute("lang") == "zh-Hans"
        assert page.locator(".sheet [lang=en]").get_by_text("Send the list of tables").is_visible()
        assert page.get_by_role("heading", name="行动项").is_visible()
    finally:
        change_oneself(town.rapport, town.actor("employee"), {"locale": "en"})


def test_a_successor_is_found_by_name_and_reads_from_then_on(visit, town):
    meeting = town.meeting("acknowledged")
    page = visit("manager").open(f"/meetings/{meeting}/minutes")
    page.get_by_text("Hand over to a successor").click()
    page.get_by_label("Successor", exact=True).first.fill("Tom")
    page.get_by_label("Tom Becker").check()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_role("button", name="Yes, do it").click()
    page.get_by_text("Handed over.").wait_for()
    assert visit("other").open(f"/meetings/{meeting}/minutes").locator(".sheet").is_visible()


class Box:
    def __init__(self):
        self.links = []

    def send(self, _, __, body, *more):
        self.links += [line.split()[0] for line in body.split("/invitations/")[1:]]


@pytest.fixture
def link(town):
    """The link of a mail to an employee without an account."""
    with town.rapport.database.write(town.organisation_id) as work:
        work.session.execute(update(OutboxMessage).values(state="sent"))
        account = work.session.scalar(work.rows(Account).where(Account.person_id == town.ids["employee"]))
        account.active = False
        work.session.execute(delete(Session).where(Session.account_id == account.id))
    meeting = town.planned()
    town.add_draft(meeting)
    town.confirm(meeting)
    box = Box()
    send_waiting(town.rapport, box, Webhooks())
    yield meeting, box.links[-1]
    with town.rapport.database.write(town.organisation_id) as work:
        work.session.scalar(work.rows(Account).where(Account.person_id == town.ids["employee"])).active = True


def test_somebody_without_an_account_reads_answers_and_is_thanked(visit, town, link):
    meeting, secret = link
    one = visit(None)
    page = one.open(f"/invitations/{secret}")
    page.reload()
    page.get_by_role("button", name="Yes, I acknowledge this version").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert page.locator("[data-answer]").count() == 0
    assert state_of(town, meeting) == "acknowledged"
    one.allowed.add(404)
    assert one.open(f"/invitations/{secret}").locator(".sheet").count() == 0


def test_a_dispute_by_link_reaches_the_manager(visit, town, link):
    meeting, secret = link
    page = visit(None).open(f"/invitations/{secret}")
    page.get_by_text("Something is not right").click()
    page.get_by_label("Book the meeting room").check()
    page.get_by_label("What is not right?").fill("That was last week.")
    page.get_by_role("button", name="Send to my manager").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    reply = read_minutes(town.rapport, town.actor("manager"), meeting).replies[0]
    assert (reply.verdict, reply.items, reply.comment) == ("dispute", ("a4",), "That was last week.")
