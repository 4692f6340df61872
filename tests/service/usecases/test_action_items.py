"""What became of action items, told with its history; whose come first and in which order."""

from __future__ import annotations

from datetime import date

import pytest

from service.db.tables import ActionItem, ActionItemChange, Participant
from service.domain.edits import Verdict
from service.domain.follow_up import ItemStatus
from service.usecases.action_items import Filters, list_action_items, owners, set_status
from service.usecases.answer import acknowledge
from service.usecases.confirm import confirm
from service.usecases.correct import correct
from service.usecases.decide import Addition, Choice, decide
from service.usecases.erase import carry_out
from service.usecases.read_draft import read_draft
from service.usecases.read_minutes import read_minutes
from tests.service.usecases.meeting_office import SHOWN

MOVED = date(2026, 6, 1)


@pytest.fixture
def item(office):
    """The employee's item, confirmed; beside it the manager owns one without a day."""
    lead = office.actor("lead")
    read = read_draft(office.rapport, lead, office.meeting)
    choices = [Choice(one, Verdict.accept) for one in read.open_items]
    ask = Addition("action_items", {"task": "Ask IT for access", "owner": "m"}, no_date=True)
    revision = decide(office.rapport, lead, office.meeting, read.revision, choices, [ask]).revision
    confirm(office.rapport, lead, office.meeting, revision, [*SHOWN, "h1"])
    return office.rows(ActionItem, item="a1")[0]


def listed(office, who, *filters, **more):
    return list_action_items(office.rapport, office.actor(who), Filters(*filters), **more).items


def correction(office, *choices):
    sha256 = read_minutes(office.rapport, office.actor("lead"), office.meeting).sha256
    acknowledge(office.rapport, office.actor("emp"), office.meeting, sha256)
    revision = office.row().revision
    correct(office.rapport, office.actor("lead"), office.meeting, revision, choices)


def test_a_moved_day_is_told_with_who_moved_it(office, item):
    set_status(office.rapport, office.actor("emp"), item.id, 1, ItemStatus.moved, MOVED)
    set_status(office.rapport, office.actor("lead"), item.id, 2, ItemStatus.done)
    (one,) = listed(office, "emp")
    assert [(c.by_name, c.status, c.was_due, c.due) for c in one.changes] == [
        ("Emp", "moved", date(2026, 5, 8), MOVED),
        ("Lead", "done", MOVED, MOVED),
    ]


def test_a_correction_of_other_words_does_not_move_a_day_back(office, item):
    set_status(office.rapport, office.actor("emp"), item.id, 1, ItemStatus.moved, MOVED)
    correction(office, Choice("a1", Verdict.edit, {"task": "Send every query"}))
    (one,) = listed(office, "emp")
    assert (one.task, one.row.due, one.row.status, len(one.changes)) == (
        "Send every query",
        MOVED,
        "moved",
        1,
    )
    correction(office, Choice("a1", Verdict.edit, {"due": "2026-05-20"}))
    (one,) = listed(office, "emp")
    assert (one.row.due, one.changes[-1].was_due) == (date(2026, 5, 20), MOVED)
    correction(office, Choice("a1", Verdict.reject))
    correction(office, Choice("g1", Verdict.reject))
    assert [change.status for change in listed(office, "emp")[0].changes] == ["moved", "moved", "dropped"]


def test_lists_are_of_mine_and_of_others_in_order_of_their_days(office, item):
    assert [one.row.item for one in listed(office, "lead")] == ["h1"]
    assert [one.row.item for one in listed(office, "lead", "others")] == ["a1"]
    both = listed(office, "lead", "meetings", order="due")
    assert [(one.row.item, one.owner_name) for one in both] == [("a1", "Emp"), ("h1", "Lead")]
    first = list_action_items(office.rapport, office.actor("lead"), Filters("meetings"), limit=1, order="due")
    after = listed(office, "lead", "meetings", cursor=first.next_cursor, order="due")
    assert [one.row.item for one in after] == ["h1"]
    assert listed(office, "stranger", "meetings") == []


def test_filters_leave_out_what_is_done_later_or_of_others(office, item):
    assert listed(office, "lead", "meetings", None, False, date(2026, 5, 7)) == []
    assert len(listed(office, "lead", "meetings", None, False, date(2026, 5, 8))) == 1
    assert [
        one.row.item for one in listed(office, "lead", "meetings", None, False, None, office.ids["emp"])
    ] == ["a1"]
    set_status(office.rapport, office.actor("emp"), item.id, 1, ItemStatus.done)
    assert [one.row.item for one in listed(office, "lead", "meetings", None, True)] == ["h1"]
    assert sorted(owners(office.rapport, office.actor("emp"))) == sorted(
        [(office.ids["emp"], "Emp"), (office.ids["lead"], "Lead")]
    )
    assert owners(office.rapport, office.actor("stranger")) == []


def test_who_only_listened_follows_nothing_up(office, item):
    with office.rapport.database.write(office.ids["org"]) as work:
        person = office.ids["stranger"]
        work.add(Participant(meeting_id=office.meeting, person_id=person, pid="x", role="mentor"))
    may = [{one.can_follow_up for one in listed(office, who, "meetings")} for who in ("emp", "stranger")]
    assert may == [{True}, {False}]


def test_the_history_goes_with_the_meeting(office, item):
    set_status(office.rapport, office.actor("emp"), item.id, 1, ItemStatus.done)
    carry_out(office.rapport, office.ids["org"], office.meeting, "all")
    assert office.rows(ActionItemChange) == []
