from __future__ import annotations

from datetime import date

import pytest

from models.stages import phrasing
from models.stages.clauses import split_clauses
from models.stages.deadlines import Calendar
from tests.models.stages.talks import minutes, talk


@pytest.mark.parametrize(
    ("said", "task"),
    [
        ("I'll, um, email Beatrice today.", "Email Beatrice"),
        ("Could you please send me the customer list?", "Send me the customer list"),
        ("那我先把客户的名单整理出来。", "把客户的名单整理出来"),
        ("你把报价单改一下吧。", "把报价单改一下"),
    ],
)
def test_fillers_subject_modal_and_date_go(said: str, task: str) -> None:
    clauses = split_clauses(talk(f"m: {said}").turns, Calendar(date(2026, 5, 5), None, None))[0]
    assert phrasing.task(clauses) == task


def test_every_word_of_a_task_was_said() -> None:
    found = minutes("m: Could you send me the customer list by Friday?\ne: Okay, I'll do that.")
    for item in found.action_items:
        assert phrasing.grounded(item.task, [e.quote for e in item.evidence])


def test_an_invented_word_is_not_grounded() -> None:
    assert not phrasing.grounded("Send the budget", ["Could you send the list?"])
    assert not phrasing.grounded("整理预算", ["你把名单整理一下"])


@pytest.mark.parametrize(
    ("said", "kept", "gone"),
    [
        (
            "e: 客户那边的售后方案还没有谈好他们老板很谨慎合同也没有盖章"
            "所以我明天把客户的名单整理出来发给你然后我们再看看新加坡那边怎么办",
            "名单",
            "盖章",
        ),
        (
            "e: the vendor was slow and nobody there answers the phone any more so "
            "i'll send you the customer list "
            "tomorrow because the people in the warehouse have been waiting for it since the new year began",
            "customer list",
            "warehouse",
        ),
    ],
)
def test_a_task_is_one_clause_even_without_punctuation(said: str, kept: str, gone: str) -> None:
    clauses = split_clauses(talk(said).turns, Calendar(date(2026, 5, 5), None, None))[0]
    text = phrasing.task(clauses)
    assert kept in text and gone not in text
    assert phrasing.size(text) <= phrasing.LONGEST[clauses[0].language]


def test_a_task_that_names_nothing_has_no_wording() -> None:
    clauses = split_clauses(talk("m: I can do Monday.").turns, Calendar(date(2026, 5, 5), None, None))[0]
    assert phrasing.task(clauses) == ""


def test_what_is_cut_off_is_marked() -> None:
    assert phrasing.first_words("one two three", 2) == "one two\u2026"
    assert phrasing.first_words("一二三", 3) == "一二三"
