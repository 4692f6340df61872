"""Mandarin holidays and breaks: 国庆, 春节后第一天, 放假, 假期回来第一周."""

from __future__ import annotations

import re
from datetime import date, timedelta

from models.stages.deadlines import holidays as hol
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.mandarin_days import Found

_NAMES = {
    "国庆节": "national day", "国庆": "national day", "黄金周": "national day", "五一": "labour day",
    "劳动节": "labour day", "五一劳动节": "labour day", "十一国庆": "national day", "元旦": "new year",
    "新年": "new year", "跨年": "new year", "春节": "spring festival",
    "过年": "spring festival", "除夕": "spring festival", "年三十": "spring festival",
    "大年三十": "spring festival",
    "清明节": "qingming", "清明": "qingming", "端午节": "dragon boat", "端午": "dragon boat",
    "中秋节": "mid-autumn", "中秋": "mid-autumn", "圣诞节": "christmas", "圣诞": "christmas",
    "平安夜": "christmas eve", "情人节": "valentine's day", "三八妇女节": "women's day",
    "三八节": "women's day", "妇女节": "women's day", "三八": "women's day", "六一": "children's day",
    "儿童节": "children's day", "六一儿童节": "children's day", "七一": "party day",
    "教师节": "teachers' day", "双十一": "singles' day",
    "双11": "singles' day", "双十二": "double twelve", "双12": "double twelve", "十一": "national day",
    "复活节": "easter", "元宵节": "lantern", "元宵": "lantern",  "感恩节": "thanksgiving",
}  # fmt: skip
_SHORT = {"五一", "十一", "三八", "六一", "七一", "新年", "过年"}
_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
_NAMED = re.compile(
    rf"(?<![0-9〇零一二三四五六七八九十第周期拜月])(?P<name>{_NAME})(?:小?长假|假期|放假|假|期间|节)?"
)
_BEFORE_OR_AFTER = re.compile("之?前|以前|之?后|以后|回来|小?长假|假期|放假|假|期间|节|档")
_BREAK = re.compile(
    "(?<![情春佳季细环阳宵夕灯人亲师童生枝脚小几多少前])(?:节(?=前|后)|放假|小?长假|假期|收假|复工|年(?=后第一|前(?:[给交把要完弄搞定,,。!?我就吧]|$)))"
)
_FIRST = re.compile(
    r"(?:(?:之?后|以后|结束后?|完|收假|过完)?(?:回来|上班|开工|复工)?的?(?:上班|开工|复工)?的?)第一(?P<unit>个?(?:周|星期|礼拜)|天|个工作日)"
)


def holiday(text: str, i: int, scope: Scope) -> Found:
    """Give a holiday by name, or the next break, and the first day or week after it. Unknown year: null."""
    m = _NAMED.match(text, i)
    until = text[i - 1 : i] == "到" and m is not None and m.group() == "过年"
    if m and m["name"] in _SHORT and not until and not _BEFORE_OR_AFTER.match(text, i + len(m["name"])):
        m = None
    if m:
        country = scope.calendar.country or "CN"
        key = _NAMES[m["name"]]
        days = hol.named_holiday(key, country, scope.earliest)
        if days is None and country != "CN" and key == "national day":
            days = hol.named_holiday(key, "CN", scope.earliest)
        first = _FIRST.match(text, m.end())
        if first:
            around = hol.break_around(days[0], country) if days else None
            return _first_after(around, first["unit"], country), first.end()
        off = "假" in m.group()
        around = hol.break_around(days[0], country) if off and days else days
        return Anchor.span("holiday", around, event=True), m.end()
    return _next_break(text, i, scope)


def _next_break(text: str, i: int, scope: Scope) -> Found:
    """节前, 放假前, 假期回来第一周: the break that comes next, whichever it is."""
    m = _BREAK.match(text, i)
    if not m:
        return None
    country = scope.calendar.country or "CN"
    first = _FIRST.match(text, m.end())
    before = re.compile("之?前|以前").match(text, m.end())
    if not first and not before:
        return None
    if m.group() == "年":
        days = hol.named_holiday("spring festival", country, scope.earliest)
        around = (hol.break_around(days[0], country) if first else days) if days else None
    else:
        around = hol.next_break(country, scope.meeting)
        if before and around and around[0] <= scope.meeting:
            around = hol.next_break(country, around[1] + timedelta(days=1))
    if first:
        return _first_after(around, first["unit"], country), first.end()
    return Anchor.span("break", around, event=True), m.end()


def _first_after(days: tuple[date, date] | None, unit: str, country: str) -> Anchor:
    """Give the first working day after a break, or the last working day of that week."""
    if days is None:
        return Anchor("holiday_year_unknown")
    if unit.endswith(("天", "工作日")):
        day = days[1] + timedelta(days=1)
        return Anchor.day("first_day_after_break", day, inclusive=True)
    return Anchor.day("first_week_after_break", hol.first_week_after(days, country), inclusive=True)
