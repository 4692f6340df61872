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
