"""Action items over all meetings, followed up where they stand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.db.tables import ActionItem
from service.domain.follow_up import ItemStatus
from service.usecases.action_items import Filters, list_action_items, set_status


@pytest.fixture(scope="module")
def talk(service):
    """An organisation with one talk that is confirmed."""
    town = service.town()
    town.meetings["confirmed"] = town.meeting("confirmed")
    return town


def row_of(town, item):
    with town.rapport.database.read(town.organisation_id) as work:
        return work.session.scalar(work.rows(ActionItem).where(ActionItem.item == item))


def section(page, name):
    return page.get_by_role("region", name=name)


def test_ones_own_promises_come_first_for_both_sides(visit, talk):
    rooms, tables = "Book the meeting room", "Send the list of tables"
    for who, mine, theirs in (("manager", rooms, tables), ("employee", tables, rooms)):
        page = visit(who, talk).open("/action-items")
        headings = page.get_by_role("heading", level=2).all_inner_texts()
        assert headings == ["What I promised", "What others promised in my meetings"]
        assert section(page, headings[0]).get_by_text(mine, exact=True).first.is_visible()
        assert section(page, headings[1]).get_by_text(theirs, exact=True).first.is_visible()


def test_done_is_one_click_and_the_keyboard_stays_in_the_list(visit, talk):
    page = visit("employee", talk).open("/action-items?state=all")
    item = page.locator(f"#item-{row_of(talk, 'a2').id}")
    item.get_by_role("button", name="Done").click()
    item.get_by_text("done", exact=True).wait_for()
    assert row_of(talk, "a2").status == "done"
    page.locator("#items :focus").wait_for()
    item.get_by_text("1 change").click()
    assert item.get_by_text("Luis Ortega: done").is_visible()
    item.get_by_role("button", name="Still to do").click()
    item.get_by_text("2 changes").wait_for()
    assert row_of(talk, "a2").status == "open"


def test_a_day_is_moved_and_its_history_tells_who_moved_it(visit, talk):
    before, day = row_of(talk, "a3").due, talk.today + timedelta(days=9)
    page = visit("employee", talk).open("/action-items")
    item = page.locator(f"#item-{row_of(talk, 'a3').id}")
    item.get_by_text("Another day").click()
    item.get_by_label("New day").fill(day.isoformat())
    item.get_by_role("button", name="Move", exact=True).click()
    item.get_by_text("moved", exact=True).wait_for()
    item.get_by_text("1 change").click()
    told = item.locator("ol").inner_text()
    assert "Luis Ortega moved it from" in told
    assert (row_of(talk, "a3").due, before != day) == (day, True)
    page = visit("manager", talk).open("/action-items?due=week")
    assert page.locator(f"#item-{row_of(talk, 'a3').id}").count() == 0


def test_somebody_elses_change_in_between_is_not_overwritten(visit, talk):
    one = visit("employee", talk)
    page = one.open("/action-items")
    row = row_of(talk, "a5")
    set_status(talk.rapport, talk.actor("manager"), row.id, row.revision, ItemStatus.in_work)
    one.allowed.add(412)
    page.locator(f"#item-{row.id}").get_by_role("button", name="Done").click()
    page.locator(".toast.problem").wait_for()
    assert row_of(talk, "a5").status == "in_work"


def test_filters_choose_by_state_person_and_day(visit, talk):
    page = visit("manager", talk).open("/action-items")
    page.get_by_label("Whose").select_option(label="Luis Ortega")
    page.get_by_role("button", name="Show", exact=True).click()
    assert section(page, "What I promised").get_by_text("Nothing fits this choice.").is_visible()
    assert (
        section(page, "What others promised")
        .get_by_text("Send the list of tables", exact=True)
        .first.is_visible()
    )
    page = visit("manager", talk).open("/action-items?state=done")
    assert page.get_by_text("Nothing fits this choice.").count() == 2


def test_where_nothing_is_left_it_says_so(visit, talk):
    page = visit("boss", talk).open("/action-items")
    assert page.get_by_text("Nothing is left to do for you.").is_visible()


def test_items_lead_to_their_minutes(visit, talk):
    page = visit("employee", talk).open("/action-items")
    page.locator(f"#item-{row_of(talk, 'a3').id}").get_by_role("link", name="Minutes of").click()
    assert page.url.endswith(f"/meetings/{talk.meetings['confirmed']}/minutes#item-a3")
    assert page.locator("#item-a3").is_visible()


def test_a_long_list_goes_on_where_it_stopped(talk):
    employee = talk.actor("employee")
    everything = list_action_items(talk.rapport, employee, Filters("meetings"), order="due").items
    found, cursor = [], None
    while True:
        page = list_action_items(talk.rapport, employee, Filters("meetings"), cursor, 3, "due")
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [one.row.id for one in found] == [one.row.id for one in everything]
