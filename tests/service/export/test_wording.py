"""What the draft says in keys and numbers has words in both languages of the minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from models.schema import Checks, FollowUp, Indicator, Language
from models.stages import draft as draft_stage
from models.stages import feedback
from models.stages.deadlines import Calendar, find_deadlines
from models.stages.threads import STANDING, State
from models.wording import Wording
from service.export import due_rules, outline
from service.export.markdown import to_markdown
from tests.service.export.test_exports import draft, transcript

TABLES = Path(__file__).parents[2] / "models" / "stages"
PUNCTUATION = ",:;()"


def rules_of_the_tables() -> Iterator[str]:
    for path in TABLES.glob("deadlines_*_*.txt"):
        language: Language = "zh" if "_zh_" in path.name else "en"
        for line in path.read_text("utf-8").splitlines():
            found = find_deadlines(line.split(" => ")[0], Calendar(date(2026, 5, 5)), language)
            yield from (deadline.rule for deadline in found)


def test_every_rule_of_the_deadline_tables_has_words() -> None:
    rules = set(rules_of_the_tables())
    assert len(rules) > 60
    assert [
        r for r in sorted(rules) for language in ("en", "zh") if not due_rules.in_words(r, language)
    ] == []


@pytest.mark.parametrize(
    ("rule", "en", "zh"),
    [
        ("before_holiday", "before a public holiday", "法定节假日之前"),
        ("until_bare_weekday", "up to the next such weekday after the meeting", "直到会议后最近的那个星期几"),
        # "Before the end of the month" allows its last day, so it means the same.
        ("before_end_of_month", "the last day of the month", "该月最后一天"),
    ],
)
def test_modifiers_stand_around_the_words_of_the_day(rule: str, en: str, zh: str) -> None:
    assert (due_rules.in_words(rule, "en"), due_rules.in_words(rule, "zh")) == (en, zh)


@pytest.mark.parametrize("rule", ["before", "until", "until_", "before_rule_of_tomorrow", "", "{what}"])
def test_what_is_no_rule_has_no_words(rule: str) -> None:
    assert due_rules.in_words(rule, "en") is None


def test_every_indicator_has_a_name_in_both_languages() -> None:
    names = feedback.indicators(transcript(), (), (), "en")
    assert set(names) == set(outline.INDICATORS.table)
    assert set(names) > outline.COUNTS
    for name in names:
        assert outline.INDICATORS.say(name, "en") != outline.INDICATORS.say(name, "zh")


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("specific_behaviour", 0.5, "Specific feedback: 50%. why"),
        ("open_questions", 3.0, "Open questions by the manager: 3. why"),
    ],
)
def test_counts_are_whole_and_shares_are_percentages(name: str, value: float, line: str) -> None:
    measured = replace(draft(), feedback_quality={name: Indicator(value, (), "why")})
    assert line in outline.Minutes(measured, transcript()).private().parts


def test_reasons_for_leaving_out_are_said_in_words() -> None:
    checks = Checks({"declined": 1, "low_confidence": 5, "reason_of_tomorrow": 1})
    left_out = replace(draft(), checks=checks)
    said = "7 (5 × too uncertain; 1 × declined in the conversation; 1 × reason of tomorrow)."
    assert f"Suggestions left out: {said}" in to_markdown(left_out, transcript())
    chinese = to_markdown(replace(left_out, minutes_language="zh"), transcript())
    assert "把握不足 5 条" in chinese
    assert "在谈话中被谢绝 1 条" in chinese


def test_every_reason_of_the_stages_has_words() -> None:
    states = {state.value for state in State if state not in STANDING}
    stages = Path(draft_stage.__file__).parent
    sources = [*stages.glob("*.py"), *stages.parent.glob("parsing/*.py")]
    source = "".join(path.read_text("utf-8") for path in sources)
    checks = {reason for reason in outline.DROPPED.table if f'"{reason}"' in source}
    assert states <= set(outline.DROPPED.table)
    assert set(outline.DROPPED.table) == states | checks | {"low_confidence"}


def test_follow_up_shows_the_task_of_the_previous_minutes() -> None:
    both = replace(draft(), follow_up=(FollowUp("a0", "done"), FollowUp("a9", "forgotten")))
    markdown = to_markdown(both, transcript(), {"a0": "Order the *printer*"})
    assert "- Order the \\*printer\\*: done" in markdown
    assert "- a9: not mentioned" in markdown


def test_what_was_said_word_for_word_is_not_repeated() -> None:
    markdown = to_markdown(draft("Nobody answers the phone"), transcript("Nobody answers the phone"))
    assert "\n- “Nobody answers the phone” — Luis, 1:01:01, turn 1\n" in markdown


def test_a_series_without_a_last_day_is_not_called_undated() -> None:
    item = replace(draft().action_items[0], due=None)
    row = to_markdown(replace(draft(), action_items=(item,)), transcript())
    assert "| weekly |" in row
    assert "no date" not in row


@pytest.mark.parametrize(
    "table",
    [outline.WORDING, outline.INDICATORS, outline.DROPPED, due_rules.WORDING],
    ids=["outline", "indicators", "dropped", "rules of dates"],
)
def test_chinese_words_have_chinese_punctuation(table: Wording) -> None:
    assert [key for key, said in table.table.items() if set(said["zh"]) & set(PUNCTUATION)] == []


def test_points_of_a_section_are_one_list() -> None:
    both = replace(draft(), follow_up=(FollowUp("a0", "done"), FollowUp("a9", "forgotten")))
    assert "- a0: done\n- a9: not mentioned\n" in to_markdown(both, transcript())
