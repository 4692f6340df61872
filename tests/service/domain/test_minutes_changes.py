"""What a correction changed, told so that the other side sees it at a glance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.edits import new_item
from service.domain.errors import NotValid
from service.domain.minutes import corrected, next_stamp
from service.domain.minutes_changes import changes, compared
from service.domain.review import minutes_from
from tests.service.domain.drafts import NOW, PEOPLE, SHOWN, decide, draft, stamp


@pytest.fixture
def first():
    return minutes_from(
        draft(), {}, [decide("p1"), decide("g1")], displayed=SHOWN, participants=PEOPLE, stamp=stamp()
    )


def second(first, decisions, added=None, **more):
    return corrected(first, decisions, added or {}, next_stamp(first, "v2", "m", NOW, **more), PEOPLE)


def test_the_same_minutes_have_no_changes(first):
    assert changes(first, second(first, [])) == []


def test_what_came_went_and_changed_is_told_by_item_and_value(first):
    added = {"agreements": [new_item("agreements", "h1", {"text": "Meet in person"}, PEOPLE)]}
    edits = {"due": "2026-05-15", "task": "Send all SQL queries"}
    after = second(first, [decide("a1", "edit", fields=edits), decide("p1", "reject")], added)
    told = {(one.group, one.item["id"]): one for one in changes(first, after)}
    assert {key: one.how for key, one in told.items()} == {
        ("points", "p1"): "removed",
        ("agreements", "h1"): "added",
        ("action_items", "a1"): "changed",
    }
    task, due = told["action_items", "a1"].fields
    assert (due.name, due.before, due.after) == ("due", "2026-05-08", "2026-05-15")
    assert [piece for piece in task.pieces if piece[0] != "same"] == [("gone", "the"), ("new", "all")]


def test_a_new_summary_is_a_change(first):
    edit = decide("summary", "edit", fields={"text": "The report was late; SQL queries follow."})
    (change,) = changes(first, second(first, [edit]))
    assert (change.group, change.how) == ("summary", "changed")


def test_chinese_is_compared_by_character():
    assert compared("周五前发报表", "周四前发报表") == (
        ("same", "周"),
        ("gone", "五"),
        ("new", "四"),
        ("same", "前发报表"),
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = compared(before, after)
    assert "".join(text for kind, text in pieces if kind != "new") == before
    assert "".join(text for kind, text in pieces if kind != "gone") == after


def test_how_a_date_was_understood_stays_until_somebody_sets_the_date(first):
    assert first["action_items"][0]["due_rule"] == "weekday"
    assert "due_text" not in first["action_items"][0]
    reworded = second(first, [decide("a1", "edit", fields={"task": "Send them"})])
    assert reworded["action_items"][0]["due_rule"] == "weekday"
    for change in (decide("a1", "edit", fields={"due": "2026-05-15"}), decide("a1", no_date=True)):
        assert second(first, [change])["action_items"][0]["due_rule"] is None


def test_a_correction_says_why_within_its_version(first):
    assert "reason" not in second(first, [], reason="  ")
    assert second(first, [], reason=" Friday is a holiday. ")["reason"] == "Friday is a holiday."
    with pytest.raises(NotValid):
        second(first, [], reason="x" * 2001)
