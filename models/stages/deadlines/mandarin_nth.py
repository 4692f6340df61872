"""Mandarin weeks and days counted within a month: 八月第一周, 下个月最后一个周五, 三月第一个工作日."""

from __future__ import annotations

import re
from datetime import date, timedelta

from models.stages.deadlines import calendar as cal
from models.stages.deadlines import holidays as hol
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.mandarin_days import MONTHS_AHEAD, WHICH, Found, year_number
from models.stages.deadlines.spoken_numbers import MANDARIN_DIGITS, mandarin_number

_WEEK = "(?:周|星期|礼拜)"
_NTH = re.compile(
    rf"(?:{WHICH}月|当月|(?:(?P<year>20[0-9]{{2}}|今|明)年的?)?(?<![{MANDARIN_DIGITS}个])(?P<month>[{MANDARIN_DIGITS}]{{1,3}})月)份?的?"
    rf"(?:第(?P<nth>[一二三四五1-5])|(?P<first>头)一|(?P<last>最后)一?)个?"
    rf"(?:{_WEEK}(?P<day>[一二三四五六日天])(?![{MANDARIN_DIGITS}次个])|(?P<week>整?{_WEEK})(?:之?内|里)?|(?P<working>工作日))"
)


def nth_of_month(text: str, i: int, scope: Scope) -> Found:
    """Give that week (its Friday), weekday or working day of a month."""
    m = _NTH.match(text, i)
    place = _month(m, scope) if m else None
    if not m or place is None:
        return None
    n = -1 if m["last"] else 1 if m["first"] else mandarin_number(m["nth"]) or 1
    if m["week"]:
        friday = cal.week_of_month(*place, n)
        if friday is None or friday < scope.meeting:
            return Anchor("nth_weekday"), m.end()
        monday = max(cal.monday_of(friday), scope.meeting)
        return Anchor("week", monday, friday, inclusive=True), m.end()
    day = _working(*place, n, scope) if m["working"] else _weekday(m["day"], *place, n)
    return Anchor.day("nth_weekday", day if day and day >= scope.meeting else None), m.end()


def _month(m: re.Match[str], scope: Scope) -> tuple[int, int] | None:
    if not m["month"]:
        return cal.month_of(scope.meeting, MONTHS_AHEAD.get(m["which"] or "", 0))
    number = mandarin_number(m["month"])
    if number is None or not 1 <= number <= 12:
        return None
    year = year_number(m["year"], scope.meeting)
    return (year or cal.next_month(scope.earliest, number)[0].year), number


def _weekday(day: str, year: int, month: int, n: int) -> date | None:
    return cal.nth_weekday(year, month, 6 if day in "日天" else (mandarin_number(day) or 1) - 1, n)


def _working(year: int, month: int, n: int, scope: Scope) -> date | None:
    country = scope.calendar.country or "CN"
    if not hol.schedule_known(country, year):
        return None
    first, last = date(year, month, 1), cal.month_end(year, month)
    days = [first + timedelta(days=k) for k in range(last.day)]
    working = [day for day in days if hol.is_working_day(day, country)]
    return working[n if n < 0 else n - 1]
