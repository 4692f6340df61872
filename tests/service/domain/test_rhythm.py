"""When the next talk of two people is due."""

from __future__ import annotations

from datetime import date

import pytest

from service.domain.rhythm import closest, next_talk


@pytest.mark.parametrize(
    ("rhythm", "last", "due"),
    [
        ("weekly", "2026-02-25", "2026-03-04"),
        ("biweekly", "2026-12-24", "2027-01-07"),
        ("monthly", "2026-01-31", "2026-02-28"),
        ("monthly", "2028-01-31", "2028-02-29"),
        ("monthly", "2026-12-15", "2027-01-15"),
        ("quarterly", "2026-11-30", "2027-02-28"),
    ],
)
def test_the_next_talk_is_due_a_rhythm_after_the_last_one(rhythm, last, due):
    assert next_talk(rhythm, date.fromisoformat(last)) == date.fromisoformat(due)


def test_without_a_rhythm_nothing_is_due():
    assert next_talk("none", date(2026, 5, 4)) is None


def test_of_several_series_the_closest_rhythm_counts():
    assert closest(["quarterly", "none", "monthly"]) == "monthly"
    assert closest([]) == "none"
