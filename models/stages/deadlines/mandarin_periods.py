"""Mandarin periods and distances: 下周, 月底, 三季度末, 两周后, 三个工作日内."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from models.stages.deadlines import calendar as cal
from models.stages.deadlines import holidays as hol
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.mandarin_days import NUMBER, WHICH, Found, year_number
from models.stages.deadlines.spoken_numbers import MANDARIN_DIGITS, mandarin_number

_WHICH = {"这": 0, "本": 0, "下": 1, "下下": 2, "下下下": 3, "上": -1, "上上": -2}
_WITHIN = r"(?P<part>{parts}|之内|以内|内|里|结束)?"
_WEEK = re.compile(
    rf"(?:{WHICH}(?:周|星期|礼拜)|(?<![{MANDARIN_DIGITS}每几多])周(?=末|内))"
    r"(?![一二三四五六日天报会总期边围年])" + _WITHIN.format(parts="末|底|初|中")
)
_YEAR = r"(?:(?P<year>20[0-9]{2}|二[〇零][〇零一二三四五六七八九]{2}|今|明|后|去|本)年的?)?"
_MONTH = re.compile(
    rf"(?:{WHICH}月|当月|{_YEAR}(?<![{MANDARIN_DIGITS}个])(?P<month>{NUMBER})月|(?<![{MANDARIN_DIGITS}个每])月(?=[底末中初]))份?(?!{NUMBER}[号日])的?"
    + _WITHIN.format(parts="底|末|最后一天|中旬|上旬|下旬|中|初|头上|头几天|头(?=[,。]|$)")
)
_QUARTER = re.compile(
    rf"(?:{WHICH}季度?|{_YEAR}(?:第?(?P<quarter>[一二三四1-4])季度|[Qq](?P<q>[1-4])(?![0-9a-zA-Z]))|(?<![每个一二三四两几])季度?(?=[末底]))的?"
    + _WITHIN.format(parts="末|底|初|中")
)
_HALF = re.compile(
    rf"{_YEAR}(?:(?P<half>[上下])半年度?|[Hh](?P<h>[12])(?![0-9a-zA-Z]))" + _WITHIN.format(parts="末|底")
)
_YEARS = re.compile(
    r"(?:(?P<year>20[0-9]{2}|二[〇零][〇零一二三四五六七八九]{2}|今|明|后|去|本)年|(?<![0-9〇零一二两三四五六七八九十几半每多去今明后周财]"
    r")年(?=[底末内中初终]))(?:年)?" + _WITHIN.format(parts="底|末|终|中|初")
)


def _part(span: tuple[date, date], unit: str, part: str | None, scope: Scope) -> Anchor:
    """Give a period or its end (底, 末), middle (月中: the 15th, 年中: 30 June) or thirds of a month (旬)."""
    first, last = span
    if last < scope.meeting:
        return Anchor("past", past=True)
    if part in {"上旬", "中旬"}:
        day = first + timedelta(days=9 if part == "上旬" else 19)
        return Anchor.day("third_of_month", day if day >= scope.meeting else None, inclusive=True)
    if part == "中" and unit in {"month", "year"}:
        day = first + timedelta(days=14) if unit == "month" else date(first.year, 6, 30)
        return Anchor.day(f"middle_of_{unit}", day if day >= scope.meeting else None, inclusive=True)
    if part in {"初", "中", "头上", "头几天", "头"}:
        return Anchor(f"vague_{unit}")
    if part in {"底", "末", "终", "最后一天", "下旬", "结束"}:
        return Anchor(f"end_of_{unit}", first, last, inclusive=True)
    return Anchor(unit, first, last, inclusive=part is not None, whole=part is None)


def week(text: str, i: int, scope: Scope) -> Found:
    """这周, 下周内, 周末. On a weekend the Friday of 这周 is over: not resolved."""
    m = _WEEK.match(text, i)
    if not m:
        return None
    ahead = _WHICH[m["which"]] if m["which"] else 0
    if m["part"] == "末":
        saturday = cal.weekday_in_week(scope.meeting, 5, ahead)
        sunday = saturday + timedelta(days=1)
        past = sunday < scope.meeting
        return Anchor("past" if past else "weekend", saturday, sunday, whole=True, past=past), m.end()
    span = cal.monday_of(scope.meeting, ahead), cal.weekday_in_week(scope.meeting, cal.FRIDAY, ahead)
    if ahead == 0 and span[1] < scope.meeting:
        return Anchor("week_over"), m.end()
    return _part(span, "week", m["part"], scope), m.end()


def month(text: str, i: int, scope: Scope) -> Found:
    """这个月, 下个月底, 三月, 2027年3月底, 月底, 月中, 五月下旬."""
    m = _MONTH.match(text, i)
    if not m:
        return None
    if m["month"]:
        number = mandarin_number(m["month"])
        if number is None or not 1 <= number <= 12:
            return None
        year = year_number(m["year"], scope.meeting)
        if year is None:
            span = cal.next_month(scope.earliest, number)
        else:
            span = date(year, number, 1), cal.month_end(year, number)
        found = _part(span, "month", m["part"], scope)
        if found.rule == "month" and year is None:
            found = replace(found, rule="named_month")
    else:
        year, number = cal.month_of(scope.meeting, _WHICH[m["which"]] if m["which"] else 0)
        found = _part((date(year, number, 1), cal.month_end(year, number)), "month", m["part"], scope)
    bare = not m["which"] and not m["month"]
    if bare and found.last is None and found.rule.startswith("middle"):
        year, number = cal.month_of(scope.meeting, 1)
        found = _part((date(year, number, 1), cal.month_end(year, number)), "month", m["part"], scope)
    return found, m.end()


def quarter(text: str, i: int, scope: Scope) -> Found:
    """三季度末, 这个季度, 季度末, Q3."""
    m = _QUARTER.match(text, i)
    if not m:
        return None
    named = m["quarter"] or m["q"]
    if named:
        block = (mandarin_number(named) or 1) - 1
        year = year_number(m["year"], scope.meeting)
        span = cal.months_block(year, block, 3) if year else cal.next_months_block(scope.earliest, block, 3)
    else:
        ahead = _WHICH[m["which"]] if m["which"] else 0
        span = cal.months_block(scope.meeting.year, (scope.meeting.month - 1) // 3 + ahead, 3)
    return _part(span, "quarter", m["part"], scope), m.end()


def half_or_year(text: str, i: int, scope: Scope) -> Found:
    """上半年, 明年下半年, 年底, 今年内, 明年. A 上半年 that is over and has no end in it is past."""
    m = _HALF.match(text, i)
    if m:
        year = year_number(m["year"], scope.meeting)
        block = 0 if m["half"] == "上" or m["h"] == "1" else 1
        span = cal.months_block(year or scope.meeting.year, block, 6)
        if (span[1] < scope.meeting and year is None and m["part"] and m["part"] in "末底") or (
            m["h"] and span[1] < scope.meeting and year is None
        ):
            span = cal.months_block(scope.meeting.year + 1, block, 6)
        return _part(span, "half_year", m["part"], scope), m.end()
    m = _YEARS.match(text, i)
    if not m or (
        m["part"] is None and text[m.end() : m.end() + 1] in {"前", "后", "以", "之", "来"} and not m["year"]
    ):
        return None
    number = year_number(m["year"], scope.meeting) or scope.meeting.year
    if abs(number - scope.meeting.year) > 15:
        return None
    return _part((date(number, 1, 1), date(number, 12, 31)), "year", m["part"], scope), m.end()


_UNITS = {
    "工作日": "working", "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week",
    "月": "month",
    "季度": "quarter", "年": "year", "小时": "hour", "钟头": "hour", "分钟": "minute", "冲刺": "sprint",
    "迭代": "sprint",
}  # fmt: skip
_DISTANCE = re.compile(
    rf"(?P<lead>再给我|给我|再过|过|未来的?|接下来的?|今后的?|往后的?)?(?<![{MANDARIN_DIGITS}第每])"
    rf"(?:(?P<few>[几多]|[0-9]{{1,2}}[-~到至][0-9]{{1,2}}|[一两二三四五六七八]到?[两二三四五六七八九](?=[个天周年日]))|(?P<number>{NUMBER})(?P<half>个半)?|(?P<only>半))个?"
    rf"(?P<unit>工作日|自然日|天|日|周|星期|礼拜|月|季度|年|小时|钟头|分钟|冲刺|迭代)(?!一次|两次|[一二三四五六日]次)(?!假|班)"
    rf"(?:左右|的?时间)?(?P<after>之内|以内|内|里|(?:之后|以后|过后|后)(?:的今天)?)?"
)
_FROM_AN_EVENT = re.compile(
    "(?:(?<!然|以|今|最|前|背|先)后|完|之日起|到了|拿到|收到|好了|来了|(?<=.)以后|之后|[发提]给我)[,]?(?:我们?|你|您)?$"
)
_AGO = re.compile("之前|以前|前(?!后|端|台|提|期|面)|来(?!得)|以来|多")


def distance(text: str, i: int, scope: Scope) -> Found:
    """两周后, 三个月内, 十天之内, 半个月, 三个工作日内, 过两天. 三天前 is past, 三天 alone a duration."""
    m = _DISTANCE.match(text, i)
    if (
        not m
        or (m["unit"] == "日" and not m["after"])
        or (m["unit"] == "年" and m["number"] and len(m["number"]) == 4)
    ):
        return None
    end = m.end()
    ago = _AGO.match(text, end)
    if ago and not m["after"]:
        return Anchor("past", past=True), ago.end()
    if not m["after"] and not m["lead"]:
        return Anchor("duration"), end
    if m["few"] or (m["lead"] in {"过", "再过"} and m["number"] in {"两", "几"} and m["unit"] == "天"):
        return Anchor("vague_amount"), end
    if not m["lead"] and _FROM_AN_EVENT.search(text[max(0, i - 8) : i]):
        return Anchor("relative_to_event"), end
    return _after_meeting(m, scope), end


def _after_meeting(m: re.Match[str], scope: Scope) -> Anchor:
    """Give the day so many units after the meeting; half a month is fifteen days, half a year six months."""
    unit = _UNITS.get(m["unit"], "day")
    meeting = scope.meeting
    if m["only"]:
        day = {
            "month": meeting + timedelta(days=15),
            "year": cal.add_months(meeting, 6),
            "day": meeting,
            "hour": meeting,
        }.get(unit)
        return Anchor.day("half_unit", day)
    number = mandarin_number(m["number"])
    if number is None or number > 400:
        return Anchor("vague_amount")
    if unit == "working":
        return Anchor.day(
            "working_days", hol.working_days_after(meeting, number, scope.calendar.country or "CN")
        )
    if unit in {"hour", "minute"}:
        hours = number if unit == "hour" else number // 60
        whole = cal.shifted(meeting, hours // 24) if hours and hours % 24 == 0 else None
        return Anchor.day("in_hours", whole or (meeting if hours <= 4 else None))
    if unit in {"day", "week", "sprint"}:
        length = {"day": 1, "week": 7}.get(unit, scope.calendar.sprint_days)
        return (
            Anchor.day(f"in_{unit}s", cal.shifted(meeting, number * length)) if length else Anchor("sprint")
        )
    months = number * {"month": 1, "quarter": 3, "year": 12}[unit]
    day = cal.add_months(meeting, months)
    if m["half"] and day:
        day = day + timedelta(days=15) if unit == "month" else cal.add_months(day, 6)
    return Anchor.day(f"in_{unit}s", day)
