"""English ends, starts and middles of a period: the end of next week, month end, mid-March, end of day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from models.stages.deadlines.english_days import Found
from models.stages.deadlines.english_moments import one_day
from models.stages.deadlines.english_periods import current_unit, period
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.words import Tokens, listed

_ENDS = {
    "end of": "end",
    "the end of": "end",
    "the very end of": "end",
    "the close of": "end",
    "close of": "end",
    "the last day of": "end",
    "the back end of": "vague",
    "the start of": "start",
    "start of": "start",
    "the beginning of": "start",
    "beginning of": "start",
    "the first of": "none",
    "the middle of": "middle",
    "middle of": "middle",
    "mid": "middle",
    "half way through": "middle",
    "halfway through": "middle",
    "early": "vague",
    "early in": "vague",
    "late": "vague",
    "late in": "vague",
    "later": "whole",
    "later in": "whole",
    "sometime": "whole",
    "some time": "whole",
    "sometime in": "whole",
    "any time": "whole",
    "the course of": "whole",
}
_SHORT_ENDS = {
    "month end": "month",
    "month's end": "month",
    "the month end": "month",
    "end month": "month",
    "eom": "month",
    "week's end": "week",
    "eow": "week",
    "the week is out": "week",
    "the week's out": "week",
    "the week is over": "week",
    "the month is out": "month",
    "the month's out": "month",
    "the quarter closes": "quarter",
    "the quarter ends": "quarter",
    "the month ends": "month",
    "the month closes": "month",
    "the month out": "month",
    "the week out": "week",
    "the year ends": "year",
    "the year is out": "year",
    "the year's out": "year",
    "quarter end": "quarter",
    "quarter's end": "quarter",
    "the quarter end": "quarter",
    "eoq": "quarter",
    "year end": "year",
    "year's end": "year",
    "the year end": "year",
    "eoy": "year",
}
_ENDING = {"out", "over", "closes", "ends"}
_TODAY_ENDS = dict.fromkeys(
    listed(
        "end of day|the end of the day|end of the day|the end of today|end of today|eod|cob|"
        "close of business|close of play|end of play|end of business|the close of business|"
        "the end of my shift|end of my shift|the end of the shift|the end of shift|end of shift|"
        "the day's end|the day is out|"
        "the end of the working day|the end of the afternoon|the end of the evening",
        "|",
    ),
    0,
)


_UNDATED = {f"{which}sprint": "sprint" for which in ("the ", "this ", "next ", "the next ")} | {
    f"{the}{kind} year": "financial_year" for the in ("the ", "") for kind in ("financial", "fiscal", "tax")
}


def ended_period(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "the end of next week", "mid-March", "EOD". Early and late are too vague."""
    if today := t.lookup(i, _TODAY_ENDS):
        return Anchor.day("end_of_day", scope.meeting, inclusive=True), today[1]
    short = t.lookup(i, _SHORT_ENDS)
    if short and (t[short[1] - 1] not in _ENDING or t[i - 1] in {"before", "until", "till", "by"}):
        return _part(current_unit(short[0], 0, scope), "end"), short[1]
    part = t.lookup(i, _ENDS)
    if not part:
        return None
    j = t.skip(part[1], {"-"})
    if part[0] == "end" and (own := _end_of_other(t, j, scope)):
        return own
    found = period(t, j, scope, bare=True)
    if not found or part[0] == "none":
        return None
    return _part(found[0], part[0]), found[1]


def _end_of_other(t: Tokens, j: int, scope: Scope) -> Found:
    """Read the end of a day, and of what has no dates of its own here: sprint, financial year."""
    if day := one_day(t, j, scope):
        return replace(day[0], inclusive=True), day[1]
    undated = t.lookup(j, _UNDATED)
    return (Anchor(undated[0]), undated[1]) if undated else None


def _part(whole: Anchor, part: str) -> Anchor:
    """Give the end, start or middle of a period. Middle: the 15th of a month, 30 June of a year."""
    if whole.past or whole.last is None or whole.first is None or part == "whole":
        return whole
    name = whole.rule.removeprefix("named_")
    if part == "end":
        return replace(whole, rule=f"end_of_{name}", inclusive=True, whole=False)
    if part == "start":
        return Anchor.day(f"start_of_{name}", whole.first)
    if part == "middle" and name == "month":
        return Anchor.day("middle_of_month", whole.first + timedelta(days=14))
    if part == "middle" and name == "year":
        return Anchor.day("middle_of_year", date(whole.first.year, 6, 30), inclusive=True)
    return Anchor(f"vague_{name}")
