"""Mandarin phrases in whole sentences; the dates were worked out by hand on a paper calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.stages.deadlines import Calendar, find_deadlines, resolve


def table(name: str) -> list[list[str]]:
    """Lines of deadlines_zh_*.txt, split at the arrow."""
    path = Path(__file__).parent / f"deadlines_zh_{name}.txt"
    return [line.split(" => ") for line in path.read_text("utf-8").splitlines()]


# Each line: sentence => due date, or recurrence; "-" where it stays open.
# The meeting is on Tuesday, 5 May 2026: 周五 8, 下周一 11, 下周五 15; 31 May is a Sunday, 30 June a Tuesday.
TUESDAY = table("due")

NOT_DEADLINES = table("none")

RECURRING = table("series")


@pytest.mark.parametrize(("sentence", "due"), TUESDAY)
def test_due_date_of_mandarin_sentence(sentence: str, due: str) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "zh")
    assert found is not None
    assert found.due == (None if due == "-" else due), found


@pytest.mark.parametrize("sentence", [line for (line,) in NOT_DEADLINES])
def test_no_deadline_in_mandarin_sentence(sentence: str) -> None:
    assert resolve(sentence, Calendar(date(2026, 5, 5)), "zh") is None


@pytest.mark.parametrize(("sentence", "recurrence"), RECURRING)
def test_recurrence_of_mandarin_sentence(sentence: str, recurrence: str) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "zh")
    assert found is not None
    assert (found.due, found.recurrence) == (None, None if recurrence == "-" else recurrence), found


def test_table_is_large_enough() -> None:
    assert len(TUESDAY) >= 150


@pytest.mark.parametrize(
    ("sentence", "due", "recurrence"),
    [
        ("每个礼拜一,一直到二十五号总部复查。", "2026-05-18", "weekly"),
        ("每周五发一份,直到月底。", "2026-05-29", "weekly"),
        ("每周二,直到28号的审计。", "2026-05-26", "weekly"),
        ("每天记录,直到六月底。", "2026-06-30", "daily"),
        ("每个月底发报表,直到年底。", "2026-12-31", "monthly"),
        ("从下周五,五月十五号开始,连着四个礼拜。", "2026-06-05", "weekly"),
    ],
)
def test_bounded_series_is_due_on_its_last_occurrence(sentence: str, due: str, recurrence: str) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "zh")
    assert found is not None
    assert (found.due, found.recurrence) == (due, recurrence), found


@pytest.mark.parametrize(
    ("sentence", "start", "recurrence"),
    [
        ("从下周一开始。", "2026-05-11", None),
        ("从明天起。", "2026-05-06", None),
        ("好,从下周一开始,每次客户会议之前,我都发给您五个问题。", "2026-05-11", "per_event"),
        ("从今天开始,每份合同发出去之前,我都对照清单检查一遍。", "2026-05-05", "per_event"),
    ],
)
def test_start_of_a_series_is_no_due_date(sentence: str, start: str, recurrence: str | None) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "zh")
    assert found is not None
    assert (found.due, found.series_start, found.recurrence) == (None, start, recurrence)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("周三,不对,周四", "周四"),
        ("哦,不对,星期五我要去苏州验货,赶不回来。改到下周二吧。", "下周二"),
        ("哎,下周三我要去深圳出差,能不能改成下周五?", "下周五"),
        ("不是周二,是周三。", "周三"),
        ("周五来不及,下周一吧。", "下周一"),
        ("我昨天写完了,周五前给你。", "周五前"),
    ],
)
def test_what_governs_a_correction(sentence: str, text: str) -> None:
    found = resolve(sentence, Calendar(date(2026, 5, 5)), "zh")
    assert found is not None
    assert found.due_text == text


@pytest.mark.parametrize(
    ("meeting", "phrase", "due"),
    [
        (date(2026, 2, 5), "假期回来第一周", "2026-02-28"),
        (date(2026, 2, 5), "节后第一天", "2026-02-24"),
        (date(2026, 2, 5), "放假前给你", "2026-02-14"),
        (date(2026, 2, 5), "春节前给你", "2026-02-15"),
        (date(2026, 5, 9), "这周给你", None),
        (date(2026, 5, 9), "下周一", "2026-05-11"),
        (date(2026, 5, 10), "周日之前", "2026-05-17"),
        (date(2026, 1, 31), "一个月内", "2026-02-28"),
        (date(2026, 12, 17), "一月十五号之前", "2027-01-15"),
        (date(2090, 1, 5), "假期回来第一周", None),
        (date(2026, 10, 2), "国庆前", "2027-09-30"),
    ],
)
def test_edges_and_holidays(meeting: date, phrase: str, due: str | None) -> None:
    found = resolve(phrase, Calendar(meeting), "zh")
    assert found is not None
    assert found.due == due, found


def test_mixed_text_tries_both_languages() -> None:
    found = find_deadlines(
        "礼拜五之前 send me the draft, final by Wednesday 13th.", Calendar(date(2026, 5, 5)), "mixed"
    )
    assert [d.due for d in found] == ["2026-05-08", "2026-05-13"]


def test_past_expressions_are_returned_but_are_no_deadlines() -> None:
    found = find_deadlines("上周五发过,三天前又发了一次。", Calendar(date(2026, 5, 5)), "zh")
    assert [(d.due_text, d.is_deadline) for d in found] == [("上周五", False), ("三天前", False)]
