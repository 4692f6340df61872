from __future__ import annotations

from itertools import product

import pytest

from service.domain.errors import NotValid, WrongState
from service.domain.follow_up import (
    CarriedItem,
    EarlierMeeting,
    ItemStatus,
    Progress,
    carried,
    changed,
    suggested,
)

PAIR = {"person-m", "person-e"}
PEOPLE = {"m": "person-m", "e": "person-e"}


def earlier(meeting="m1", day="2026-05-05", items=("a1",), version=1, people=PEOPLE, owner="e"):
    rows = [{"id": one, "task": f"Task {one}", "owner": owner, "due": "2026-05-08"} for one in items]
    return EarlierMeeting(meeting, day, people, {"version": version, "action_items": rows})


def keys(found):
    return [(one.meeting, one.item) for one in found]


def test_open_items_of_the_same_pair_go_into_the_next_meeting_oldest_first():
    meetings = [earlier("m2", "2026-05-19", ["a1", "a2"]), earlier("m1", "2026-05-05")]
    assert keys(carried(meetings, PAIR, {})) == [("m1", "a1"), ("m2", "a1"), ("m2", "a2")]


def test_an_item_is_carried_with_its_person_and_day():
    assert carried([earlier()], PAIR, {}) == [
        CarriedItem("m1", "a1", "Task a1", "person-e", "2026-05-08", ItemStatus.open)
    ]
    assert carried([earlier(owner=None)], PAIR, {})[0].owner is None


def test_meetings_with_others_are_left_out():
    trio = {**PEOPLE, "x": "person-x"}
    assert carried([earlier(people=trio), earlier(people={"m": "person-m"})], PAIR, {}) == []


def test_done_and_dropped_items_are_left_out_and_moved_ones_have_their_new_day():
    progress = {
        ("m1", "a1"): Progress(ItemStatus.done),
        ("m1", "a2"): Progress(ItemStatus.dropped),
        ("m1", "a3"): Progress(ItemStatus.moved, "2026-06-01"),
        ("m2", "a4"): Progress(ItemStatus.done),
    }
    (left, other) = carried([earlier(items=["a1", "a2", "a3", "a4"])], PAIR, progress)
    assert (left.item, left.due, left.status) == ("a3", "2026-06-01", ItemStatus.moved)
    assert other.item == "a4"


def test_only_the_newest_version_of_a_meeting_counts():
    versions = [earlier(items=["a2"], version=2), earlier(items=["a1"], version=1)]
    assert keys(carried(versions, PAIR, {})) == [("m1", "a2")]


ALLOWED = {
    *(("open", "in_work"), ("open", "done"), ("open", "moved"), ("open", "dropped")),
    *(("in_work", "open"), ("in_work", "done"), ("in_work", "moved"), ("in_work", "dropped")),
    *(("moved", "in_work"), ("moved", "done"), ("moved", "moved"), ("moved", "dropped")),
    *(("done", "open"), ("dropped", "open")),
}


@pytest.mark.parametrize(("before", "after"), list(product(ItemStatus, ItemStatus)))
def test_statuses_change_only_in_these_ways(before, after):
    due = "2026-06-01" if after is ItemStatus.moved else None
    if (before.value, after.value) in ALLOWED:
        assert changed(Progress(before), after, due) == Progress(after, due)
    else:
        with pytest.raises(WrongState) as refused:
            changed(Progress(before), after, due)
        assert refused.value.line("zh")


def test_a_new_day_comes_with_moving_and_with_nothing_else():
    for status, due in [("moved", None), ("moved", "soon"), ("moved", "20260601"), ("done", "2026-06-01")]:
        with pytest.raises(NotValid):
            changed(Progress(), ItemStatus(status), due)


def test_a_draft_suggests_done_and_moved_only():
    assert suggested("done") is ItemStatus.done
    assert suggested("moved") is ItemStatus.moved
    assert suggested("mentioned") is suggested("forgotten") is None
