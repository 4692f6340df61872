"""Mandarin days that only the words before them settle: 当天, 前一天, 第二天, 那周五, 过两天 from there."""

from __future__ import annotations

import re

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.expression import Phrase, Scope, Seek
from models.stages.deadlines.mandarin_days import time_of_day
from models.stages.deadlines.spoken_numbers import mandarin_number

Partial = tuple[Phrase, int] | None
"""A phrase whose offsets are not set yet, and the next index of the compact text."""

_BEFORE = re.compile("之前|以前|前(?![后端台提期面天])")
_SAME = re.compile("当天|当日|同一天|那天(?=[我就给发交把再早上下晚])")
_NEXT = re.compile("第二天|次日|隔天|(?<!明)后一天|转天")
_PREVIOUS = re.compile(
    "(?:的)?(?:提前|前)(?P<n>[一两二三四五])(?P<unit>天|个?(?:周|星期|礼拜))(?!内|之内|以内)|头天|头一天"
)
_THAT = re.compile(
    "(?:那个(?:周|星期|礼拜)|那一?个?(?:周|星期|礼拜)的?(?:周|星期|礼拜)|(?<=[我你您他她就到是在])那(?:周|星期|礼拜))"
    "(?P<day>[一二三四五六日天])(?![次个])"
)
"""那周五 that opens a clause is "Friday, then"; only inside one does it point back."""
_HABIT = re.compile(r"每|以后|凡|只要|哪天|谁|都|一律|如果|要是|的时候|时")
_FOR_OTHERS = re.compile(r"(?:提|交|给我|发我|到了?|来了?|完|好了?|收到)[,\s]?(?:我|当)?$")
_REACH = 24
_SENTENCE_END = re.compile("[。!?;]")


def _sentence_before(text: str, i: int) -> str:
    low = max(0, i - _REACH)
    ends = [m.end() for m in _SENTENCE_END.finditer(text, low, i)]
    return text[ends[-1] if ends else low : i]


def leaning(text: str, i: int, scope: Scope) -> Partial:
    """Read a day that leans on a day named before; without one, or of a habit, it stays open."""
    if m := _THAT.match(text, i):
        day = 6 if m["day"] in "日天" else (mandarin_number(m["day"]) or 1) - 1
        plain = cal.weekday_after(scope.meeting, day)
        seek = Seek("weekday", day, 3)
        return _closed(text, m.end(), Phrase(0, 0, "due", "bare_weekday", plain, plain=True, seek=seek))
    for pattern, days in ((_SAME, 0), (_NEXT, 1), (_PREVIOUS, -1)):
        m = pattern.match(text, i)
        if m:
            optional = pattern is _PREVIOUS or m.group() == "那天"
            return _beside(text, m, days, optional=optional)
    return None


def _beside(text: str, m: re.Match[str], days: int, *, optional: bool) -> Partial:
    before = _sentence_before(text, m.start())
    if "n" in m.groupdict() and m["n"]:
        days = -(mandarin_number(m["n"]) or 1) * (1 if m["unit"] == "天" else 7)
    habit = _HABIT.search(before) or (days == 0 and _FOR_OTHERS.search(before))
    if optional and habit:
        return None
    turns = 0 if m.group() == "那天" else 1
    seek = None if habit else Seek("shift", days, turns, optional=optional)
    return _closed(text, m.end(), Phrase(0, 0, "due", "relative_to_context", plain=True, seek=seek))


def _closed(text: str, end: int, phrase: Phrase) -> Partial:
    end = time_of_day(text, end)[1]
    before = _BEFORE.match(text, end)
    return phrase, before.end() if before else end
