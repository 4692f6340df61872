"""Properties of the deadline grammar that hold for every text and every date."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.stages.deadlines import Calendar, find_deadlines, forms, render, resolve
from models.stages.deadlines.rendering import ENGLISH, MANDARIN

MEETINGS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
PIECES = [
    "every",
    "Tuesday",
    "until",
    "the",
    "audit",
    "on",
    "the",
    "28th",
    "by",
    "before",
    "within",
    "two",
    "weeks",
    "three",
    "working",
    "days",
    "next",
    "last",
    "this",
    "the",
    "of",
    "Friday",
    "May",
    "march",
    "second",
    "12th",
    "noon",
    "end",
    "month",
    "Q3",
    "Easter",
    "in",
    "from",
    "now",
    "on",
    "-",
    ",",
    ".",
    "3/28",
    "28.3.",
    "2026-02-30",
    "sprint",
    "ago",
    "每周一",
    "二十八号",
    "之前",
    "前",
    "直到",
    "月底",
    "三个月内",
    "国庆",
    "假期回来第一周",
    "下",
    "周",
    "十",
    "号",
    "年",
    "从",
    "开始",
    "上",
    "半",
    "明天",
    "每",
    "次",
    "会议",
    "两",
    "天",
    "后",
    ",",
    "。",
]
TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)
LANGUAGES = st.sampled_from(["en", "zh", "mixed"])


@settings(max_examples=400, deadline=None)
@given(MEETINGS, st.integers(0, 500), st.sampled_from(["en", "zh"]))
def test_reading_what_was_rendered_gives_the_date_again(meeting: date, ahead: int, language: str) -> None:
    calendar, day = Calendar(meeting), meeting + timedelta(days=ahead)
    for form in forms(day, calendar, language):
        words = render(day, calendar, language, form)
        sentence = f"我{words}交。" if language == "zh" else f"I'll send it {words}."
        found = resolve(sentence, calendar, "zh" if language == "zh" else "en")
        assert found is not None, (form, sentence)
        assert found.due == day.isoformat(), (form, sentence, found)


@pytest.mark.parametrize(("language", "table"), [("en", ENGLISH), ("zh", MANDARIN)])
def test_every_form_is_used_by_some_date(language: str, table: dict[str, object]) -> None:
    calendar = Calendar(date(2026, 5, 5))
    days = [calendar.meeting + timedelta(days=n) for n in range(90)]
    assert {form for day in days for form in forms(day, calendar, language)} == set(table)


def test_a_form_that_cannot_name_the_date_is_refused() -> None:
    with pytest.raises(ValueError, match="bare_weekday"):
        render(date(2026, 6, 1), Calendar(date(2026, 5, 5)), "en", "bare_weekday")


@settings(max_examples=300, deadline=None)
@given(TEXTS, MEETINGS, LANGUAGES, st.sampled_from([None, "US", "GB", "CN", "XX"]))
def test_any_text_gives_true_spans_and_no_date_before_the_meeting(
    text: str, meeting: date, language: str, country: str | None
) -> None:
    calendar = Calendar(meeting, country)
    found = find_deadlines(text, calendar, language)  # type: ignore[arg-type]
    for one in found:
        assert text[one.start : one.end] == one.due_text != ""
        for day in (one.due, one.series_start):
            assert day is None or day >= meeting.isoformat()
        assert one.is_deadline or one.due is None
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    governing = resolve(text, calendar, language)  # type: ignore[arg-type]
    assert governing is None or governing in found


@pytest.mark.parametrize(
    "piece",
    [
        "every Tuesday until the audit on the 28th, ",
        "the the the the ",
        "in two or three ",
        "twenty-",
        "1/2/",
        "每周一到周五前",
        "二十八",
        "周一、二、",
        "    ",
        "的时候了",
    ],
)
def test_time_grows_with_length_and_not_faster(piece: str) -> None:
    calendar = Calendar(date(2026, 5, 5))
    long = (piece * 10_000)[:10_000]
    find_deadlines(long[:2_000], calendar, "mixed")
    started = time.process_time()
    find_deadlines(long[:2_000], calendar, "mixed")
    short_s = time.process_time() - started
    started = time.process_time()
    find_deadlines(long, calendar, "mixed")
    long_s = time.process_time() - started
    assert long_s < max(12 * short_s, 0.5), (short_s, long_s)
    assert long_s < 5


def test_the_same_text_in_another_case_or_without_commas_means_the_same() -> None:
    calendar = Calendar(date(2026, 5, 5))
    for one, other in [
        ("By Wednesday, the thirteenth", "by wednesday the thirteenth"),
        ("on May 21st, 2027", "on may 21st 2027"),
        ("5 月 28 号 之前", "5月28号之前"),
        ("by the twenty-third", "BY THE TWENTY THIRD"),
    ]:
        a, b = (resolve(text, calendar, "mixed") for text in (one, other))
        assert a is not None
        assert b is not None
        assert a.due == b.due is not None


def test_importing_the_grammar_loads_no_calendar_of_holidays() -> None:
    code = "import sys, models.stages.deadlines; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
