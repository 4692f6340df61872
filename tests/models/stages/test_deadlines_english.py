"""English phrases in whole sentences; the dates were worked out by hand on a paper calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.stages.deadlines import Calendar, find_deadlines, resolve


def table(name: str) -> list[list[str]]:
    """Lines of deadlines_en_*.txt, split at the arrow."""
    path = Path(__file__).parent / f"deadlines_en_{name}.txt"
    return [line.split(" => ") for line in path.read_text("utf-8").splitlines()]


# Each line: sentence => due date, or recurrence; "-" where it stays open.
# The meeting is on Tuesday, 5 May 2026: Fri 8, Mon 11, Fri 15, Tue 19; 31 May is a Sunday, 30 June a Tuesday.
TUESDAY = table("due")

# What reads like a date and is none, or tells of the past.
NOT_DEADLINES = table("none")

RECURRING = table("series")


@pytest.mark.parametrize(("sentence", "due"), TUESDAY)
def test_due_date_of_english_sentence(sentence: str, due: str) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "en")
    assert found is not None
    assert found.due == (None if due == "-" else due), found


@pytest.mark.parametrize("sentence", [line for (line,) in NOT_DEADLINES])
def test_no_deadline_in_english_sentence(sentence: str) -> None:
    assert resolve(sentence, Calendar(date(2026, 5, 5)), "en") is None


@pytest.mark.parametrize(("sentence", "recurrence"), RECURRING)
def test_recurrence_of_english_sentence(sentence: str, recurrence: str) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "en")
    assert found is not None
    assert (found.due, found.recurrence) == (None, None if recurrence == "-" else recurrence), found


def test_table_is_large_enough() -> None:
    assert len(TUESDAY) + len(RECURRING) >= 150


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("every Tuesday until the audit on the 28th", "2026-05-26"),
        ("every Thursday until the audit on the 28th", "2026-05-21"),
        ("I'll send it every Friday until the end of the month.", "2026-05-29"),
        ("Every Monday, straight through until the handover on the eighteenth of May", "2026-05-11"),
        ("every Friday for the next four weeks", "2026-05-29"),
        ("every day until the end of June", "2026-06-30"),
        ("on Mondays until Christmas", "2026-12-21"),
        ("every other Wednesday until the end of June", None),
        ("every other Wednesday starting tomorrow until the end of June", "2026-06-17"),
    ],
)
def test_bounded_series_is_due_on_its_last_occurrence(sentence: str, due: str | None) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "en")
    assert found is not None
    assert found.due == due, found
    assert found.recurrence is not None


@pytest.mark.parametrize(
    ("sentence", "start", "recurrence"),
    [
        ("From Monday on I'll do it.", "2026-05-11", None),
        ("Starting next week.", "2026-05-11", None),
        ("I'll post the numbers every day from tomorrow.", "2026-05-06", "daily"),
        ("I'll answer every request within one working day, starting Monday.", "2026-05-11", "per_event"),
        ("From today, whenever there's a correction.", "2026-05-05", "per_event"),
    ],
)
def test_start_of_a_series_is_no_due_date(sentence: str, start: str, recurrence: str | None) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "en")
    assert found is not None
    assert (found.due, found.series_start, found.recurrence) == (None, start, recurrence), found


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Thursday, no wait, Friday at noon", "Friday at noon"),
        ("not Tuesday but Wednesday", "Wednesday"),
        ("Actually, tomorrow I'm in meetings all day. Can I send it on Monday?", "on Monday"),
        ("Thursday is the brand workshop, so let's say Friday.", "Friday"),
        ("Friday instead of Thursday", "Friday"),
        ("I can't do Thursday, Monday is fine.", "Monday"),
        ("I wrote it on Monday, you get it by Friday.", "by Friday"),
        ("Push it to the 20th since Thursday won't work.", "the 20th"),
    ],
)
def test_what_governs_a_correction(sentence: str, text: str) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "en")
    assert found is not None
    assert found.due_text == text


@pytest.mark.parametrize(
    ("phrase", "country", "due"),
    [
        ("before Easter", "GB", "2026-04-02"),
        ("before Easter", None, "2026-04-04"),
        ("before the bank holiday", "GB", "2026-04-02"),
        ("before Thanksgiving", "US", "2026-11-25"),
        ("before Australia Day", None, "2027-01-25"),
        ("by 3/6", "US", "2026-03-06"),
        ("by 3/6", "GB", "2026-06-03"),
        ("within three working days", "US", "2026-03-04"),
        ("in five working days, before Memorial Day", "US", "2026-05-24"),
    ],
)
def test_country_decides_holidays_and_number_order(phrase: str, country: str | None, due: str) -> None:
    found = resolve(phrase, Calendar(date(2026, 2, 27), country), "en")
    assert found is not None
    assert found.due == due


@pytest.mark.parametrize(
    ("meeting", "phrase", "due"),
    [
        (date(2026, 5, 9), "I'll do it this week", None),
        (date(2026, 5, 10), "by the end of the week", None),
        (date(2026, 5, 9), "by the end of next week", "2026-05-15"),
        (date(2026, 5, 10), "next Monday", "2026-05-11"),
        (date(2026, 5, 8), "this Friday", "2026-05-08"),
        (date(2026, 5, 8), "on Friday", "2026-05-15"),
        (date(2026, 5, 7), "this Tuesday", None),
        (date(2026, 1, 31), "in a month", "2026-02-28"),
        (date(2026, 12, 17), "by the fifteenth of January", "2027-01-15"),
        (date(2026, 5, 31), "by the end of the month", "2026-05-31"),
        (date(2026, 2, 10), "by the thirtieth", "2026-03-30"),
        (date(2026, 5, 12), "before the 12th", "2026-06-11"),
        (date(2026, 5, 12), "before the review today", "2026-05-12"),
    ],
)
def test_edges_of_weeks_months_and_years(meeting: date, phrase: str, due: str | None) -> None:
    found = resolve(phrase, Calendar(meeting), "en")
    assert found is not None
    assert found.due == due, found


def test_sprints_are_counted_when_their_length_is_known() -> None:
    known, unknown = Calendar(date(2026, 5, 5), None, 14), Calendar(date(2026, 5, 5))
    assert [d.due for d in find_deadlines("in two sprints", known, "en")] == ["2026-06-02"]
    assert [d.due for d in find_deadlines("in two sprints", unknown, "en")] == [None]
    assert [d.recurrence for d in find_deadlines("every sprint", known, "en")] == ["biweekly"]


def test_several_deadlines_come_in_text_order() -> None:
    text = "The draft by Friday and the final version by the end of next week, as agreed last Tuesday."
    found = find_deadlines(text, Calendar(date(2026, 5, 5)), "en")
    assert [(d.due_text, d.due, d.is_deadline) for d in found] == [
        ("by Friday", "2026-05-08", True),
        ("by the end of next week", "2026-05-15", True),
        ("last Tuesday", None, False),
    ]
