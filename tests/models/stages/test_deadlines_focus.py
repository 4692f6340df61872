"""Days that only the turns before settle. Without those turns the same words keep their own meaning."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from models.schema import Turn
from models.stages.clauses import split_clauses
from models.stages.deadlines import Calendar, Deadline, Focus, find_deadlines

# Tuesday, 5 May 2026: 19 and 26 May and 9 June are Tuesdays too.
TUESDAY = Calendar(date(2026, 5, 5))


def last_of(turns: list[str], language: Literal["en", "zh"]) -> Deadline | None:
    """Read the turns in order with one focus; give the last deadline of the last."""
    focus = Focus()
    found: list[Deadline] = []
    for turn in turns:
        found = [d for d in find_deadlines(turn, TUESDAY, language, focus) if d.is_deadline]
    return found[-1] if found else None


@pytest.mark.parametrize(
    ("turns", "due"),
    [
        (["The move is on the eighteenth of June.", "I'll pack the Friday before."], "2026-06-12"),
        (["The move is on the eighteenth of June.", "I'll pay the Monday after."], "2026-06-22"),
        (["We open on the 3rd of July.", "Then I'll call you the day after."], "2026-07-04"),
        (["We open on the 3rd of July.", "I'll test the alarm the day before."], "2026-07-02"),
        (["We open on the 3rd of July.", "You get the keys one week before that."], "2026-06-26"),
        (["The shop shuts next Friday.", "Good, I order the paint by that Monday."], "2026-05-18"),
        (["Let us open on the 29th.", "I can hang the sign on the Friday."], "2026-05-29"),
        (["The open day is the twelfth of June.", "So I bring the banner on the twelfth."], "2026-06-12"),
        (["The open day is the twelfth of June.", "Or rather the fifteenth."], "2026-06-15"),
        (["For the June stocktake I need a helper.", "I am free on the seventeenth."], "2026-06-17"),
        (
            ["They repaint on the eighth of June.", "Ten days from the eighth I check it."],
            "2026-06-18",
        ),
        (["The dentist is on Friday, I can collect it straight after."], "2026-05-08"),
    ],
)
def test_english_day_settled_by_the_turns_before(turns: list[str], due: str) -> None:
    found = last_of(turns, "en")
    assert found is not None
    assert found.due == due, found


@pytest.mark.parametrize(
    ("turns", "due"),
    [
        (["开业典礼是六月十号。", "场地我前一天布置好。"], "2026-06-09"),
        (["六月十号开业。", "第二天我给你报表。"], "2026-06-11"),
        (["下周四下午盘库。", "行,单子我当天打印。"], "2026-05-14"),
        (["六月十五号装柜来得及吗?", "来不及,十八号装。"], "2026-06-18"),
        (["六月十号那一周我出差。", "报告我那个星期五给你。"], "2026-06-12"),
        (["七月二号那天我在,那天晚上给你。"], "2026-07-02"),
    ],
)
def test_mandarin_day_settled_by_the_turns_before(turns: list[str], due: str) -> None:
    found = last_of(turns, "zh")
    assert found is not None
    assert found.due == due, found


@pytest.mark.parametrize(
    ("turns", "language", "due"),
    [
        (
            ["The board meets on the 12th of June.", "I'll send the draft by the thirtieth."],
            "en",
            "2026-05-30",
        ),
        (["We open on the 3rd of July.", "So.", "Hm.", "Yes.", "I'll pack the Friday before."], "en", None),
        (["We open on the 3rd of July.", "I'll send it Friday."], "en", "2026-05-08"),
        (["We open on the 3rd of July.", "Every time it breaks I'll write the same day."], "en", None),
        (["The truck comes on Friday.", "I'll have it there by five."], "en", None),
        (["六月十号开业。", "那周五给你。"], "zh", "2026-05-08"),
        (["六月十号开业。", "以后有投诉我当天回。"], "zh", None),
        (["礼拜天不行?", "五点前给你。"], "zh", None),
    ],
)
def test_where_the_turns_before_settle_nothing(
    turns: list[str], language: Literal["en", "zh"], due: str | None
) -> None:
    found = last_of(turns, language)
    assert (found and found.due) == due, found


def test_the_day_before_the_meeting_is_never_given() -> None:
    found = last_of(["The call is on the 6th of May.", "I'll do it the Monday before."], "en")
    assert found is not None
    assert found.due is None


def test_without_a_focus_a_text_is_its_own_context_only() -> None:
    alone = find_deadlines("I'll pack the Friday before.", TUESDAY, "en")
    assert [d.due for d in alone] == [None]
    together = find_deadlines("The move is on the 18th of June, I'll pack the Friday before.", TUESDAY, "en")
    assert [d.due for d in together] == ["2026-06-18", "2026-06-12"]


def test_two_conversations_do_not_share_a_focus() -> None:
    one, other = Focus(), Focus()
    find_deadlines("The move is on the eighteenth of June.", TUESDAY, "en", one)
    assert find_deadlines("I'll pack the Friday before.", TUESDAY, "en", other)[0].due is None
    assert find_deadlines("I'll pack the Friday before.", TUESDAY, "en", one)[0].due == "2026-06-12"


def test_clauses_read_the_turns_of_a_talk_with_one_focus() -> None:
    turns = [
        Turn(i=0, speaker="m", text="The move is on the eighteenth of June."),
        Turn(i=1, speaker="e", text="I'll pack the Friday before."),
    ]
    clauses = split_clauses(turns, TUESDAY)
    assert [d.due for clause in clauses[1] for d in clause.dates] == ["2026-06-12"]


@pytest.mark.parametrize(
    ("meeting", "phrase", "country", "language", "due"),
    [
        (date(2026, 1, 13), "before Republic Day", None, "en", "2026-01-25"),
        (date(2026, 4, 13), "before Republic Day", None, "en", None),
        (date(2026, 9, 13), "before Thanksgiving", None, "en", None),
        (date(2026, 11, 3), "before Thanksgiving", None, "en", "2026-11-25"),
        (date(2026, 9, 13), "before Thanksgiving", "CA", "en", "2026-10-11"),
        (date(2026, 9, 13), "before Thanksgiving", "US", "en", "2026-11-25"),
        (date(2026, 7, 3), "before National Day", None, "en", None),
        (date(2026, 7, 3), "before National Day", "SG", "en", "2026-08-08"),
        (date(2026, 7, 3), "before National Day, 我同意", None, "mixed", "2026-09-30"),
        (date(2026, 4, 23), "before the bank holiday", None, "en", "2026-05-03"),
        (date(2026, 5, 23), "before the bank holiday", None, "en", None),
        (date(2026, 5, 23), "before the public holiday", None, "en", None),
        (date(2026, 9, 10), "before Golden Week", None, "en", "2026-09-30"),
        (date(2026, 4, 10), "before Golden Week", "JP", "en", "2026-04-28"),
    ],
)
def test_a_holiday_names_its_country_only_where_no_other_can_be_meant(
    meeting: date, phrase: str, country: str | None, language: Literal["en", "mixed"], due: str | None
) -> None:
    found = find_deadlines(phrase, Calendar(meeting, country), language)
    assert [d.due for d in found][:1] == [due]
