"""Mandarin recurrences: 每周一, 每个月底, 隔周, 天天, 每次客户会议之前, 从今往后."""

from __future__ import annotations

import re

from models.schema import Recurrence
from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.expression import Every
from models.stages.deadlines.mandarin_days import time_of_day
from models.stages.deadlines.spoken_numbers import MANDARIN_DIGITS, mandarin_number

Series = tuple[Every, str, int] | None
"""What recurs, the rule's name, the next index."""

_N = "[一两二三四五六七八九十0-9]{1,2}"
_WEEKDAYS = "[一二三四五六日天1-6]"
_WEEKLY = re.compile(
    rf"(?:每(?:一?个|到|逢|一)?|逢|(?P<other>隔|每隔一个?|每两个?|双))(?:周|星期|礼拜)(?P<days>{_WEEKDAYS}"
    rf"(?![次回趟遍个份篇直])(?:[、,和跟]?(?:每?(?:周|星期|礼拜))?{_WEEKDAYS}(?![次回趟遍个份篇号月点天周0-9十直]))*)?"
    rf"(?P<weekend>末)?(?:{_N}[次回趟遍])?"
)
_MONTHLY = re.compile(
    rf"每个?月的?(?:第(?P<nth>[一二三四])|(?P<last>最后)一?)个?(?:周|星期|礼拜|工作日)(?P<day>[一二三四五六日天])?|"
    rf"(?:每(?:一?个|到|逢)?|逢)月(?P<end>底|末|最后一天)?(?:[初中]|的?{_N}[号日]|{_N}[次回])?|月月|每到月(?P<end2>底|末)"
)
_QUARTERLY = re.compile(rf"每(?:一?个|到|逢)?季度?(?:[末底初]|{_N}[次回])?")
_YEARLY = re.compile(r"每(?:一|逢|到)?年|每半年|年年|每半个月|半个月一次")
_DAILY = re.compile(
    r"每?个?(?:周|星期)一[到至](?:周|星期)?五每天|每个?(?:周|星期)一[到至](?:周|星期)?五|每(?:一?个?工作日|一?天|日|晚|早|个?早上|个?晚上|夜)|天天|日日|每天(?:一?次)?|逢工作日"
)
_MULTIPLE = re.compile(rf"每隔?(?P<n>{_N})个?(?P<unit>周|星期|礼拜|月|天|季度|年|冲刺|迭代)(?:{_N}[次回])?")
_COUNTED = re.compile(
    rf"(?P<n>{_N}|半)个?(?P<unit>天|周|星期|礼拜|月|季度|年)[跑练碰来去讲做开聊上]?"
    rf"(?P<times>{_N})(?:[次回趟遍节堂]|个(?:晚上|早上|上午|下午|中午))"
)
_SPRINT = re.compile(r"每(?:一?个)?(?:冲刺|迭代|sprint)", re.IGNORECASE)
_CLASSIFIERS = "次回场份张篇条单笔批位台项轮趟期版封件家道款例桩盘车组套宗部"
_NOT_EVENTS = "人|同事|团队|部门|员工|小组|组员|成员|环节|方面|人都|字|角度|地方|细节|步骤|选项"
_TIMES = "之前|以前|前|之后|以后|后|时候|时|当天"
_EACH = re.compile(
    rf"(?:每(?:一?(?:次|回|场)|当|逢|一?[{_CLASSIFIERS}]|一?个(?!{_NOT_EVENTS}|[月季周星礼]|工作日))|但凡|凡是)"
    rf"(?:[^,。.!?;、\s]{{1,10}}?(?:{_TIMES})|"
    r"[^,。.!?;、\s我你您他她咱都就要会先再也每]{0,6})"
)
_FROM_NOW_ON = re.compile(
    r"即日起|(?:从|自)?(?:现在|今天)(?:开始|起)|从?今以?后|从?今往后|往后|日后|从此|以后"
)
_CLAUSE_START = re.compile(r"(?:^|[,。.!?;、:\s那我你您他她嗯好行啊吧呢咱们]|所以|不过|但是)$")
_VAGUE_LATER = re.compile("再|有机会|有空|有时间|说吧|的事|慢慢|可能|也许|[一两二三几0-9]")
_COUNTABLE: dict[tuple[int, str], Recurrence] = {
    (1, "天"): "daily", (7, "天"): "weekly", (14, "天"): "biweekly", (1, "周"): "weekly",
    (2, "周"): "biweekly",
    (4, "周"): "monthly", (1, "月"): "monthly", (3, "月"): "quarterly", (1, "季度"): "quarterly",
}  # fmt: skip


def series(text: str, i: int, calendar: Calendar) -> Series:
    """Any recurrence at that place of a compact text."""
    if text[i] in "从自今往日以现即":
        return _from_now_on(text, i)
    if _DAILY.match(text, i) or _MONTHLY.match(text, i):
        return _by_unit(text, i)
    return _multiple(text, i, calendar) or _weekly(text, i) or _by_unit(text, i) or _each(text, i)


def _from_now_on(text: str, i: int) -> Series:
    m = _FROM_NOW_ON.match(text, i)
    if not m:
        return None
    if m.group() == "以后" and (not _CLAUSE_START.search(text[:i][-2:]) or _VAGUE_LATER.match(text, m.end())):
        return None
    if m.group() == "往后" and _VAGUE_LATER.match(text, m.end()):
        return None
    end = m.end()
    weekday = re.compile(rf"(?:周|星期|礼拜)(?P<day>{_WEEKDAYS})").match(text, end)
    if weekday:
        return (
            Every("weekly", (_number(weekday["day"]),)),
            "every_weekday",
            time_of_day(text, weekday.end())[1],
        )
    return Every("per_event"), "from_now_on", end


def _number(day: str) -> int:
    return 6 if day in "日天" else (mandarin_number(day) or 1) - 1


_LISTED = re.compile(
    rf"(?<![{MANDARIN_DIGITS}周期拜第])(?:一三五|二四六|一、三、五|二、四、六)(?![{MANDARIN_DIGITS}、号月点块元楼个])"
)


def _weekly(text: str, i: int) -> Series:
    if m := _LISTED.match(text, i):
        days = tuple(_number(c) for c in m.group() if c != "、")
        return Every("weekly", days), "every_weekday", time_of_day(text, m.end())[1]
    m = _WEEKLY.match(text, i)
    if not m:
        return None
    days = tuple(sorted({_number(c) for c in m["days"] or "" if re.match(_WEEKDAYS, c)}))
    if m["weekend"]:
        days = (6,)
    rule = "every_weekday" if days else "every_period"
    return Every("biweekly" if m["other"] else "weekly", days), rule, time_of_day(text, m.end())[1]


def _by_unit(text: str, i: int) -> Series:
    if m := _MONTHLY.match(text, i):
        nth = (-1 if m["last"] else mandarin_number(m["nth"]) or 1, _number(m["day"])) if m["day"] else None
        every = Every("monthly", month_end=bool(m["end"] or m["end2"]), nth=nth)
        return every, "every_period", time_of_day(text, m.end())[1]
    if m := _QUARTERLY.match(text, i):
        return Every("quarterly"), "every_period", m.end()
    if m := _DAILY.match(text, i):
        return Every("daily"), "every_period", time_of_day(text, m.end())[1]
    if m := _YEARLY.match(text, i):
        return Every(None), "every_period", m.end()
    return None


def _multiple(text: str, i: int, calendar: Calendar) -> Series:
    """每两周, 每隔一周, 一周两次, 每个迭代."""
    if m := _SPRINT.match(text, i):
        rates: dict[int | None, Recurrence] = {7: "weekly", 14: "biweekly", 28: "monthly"}
        return Every(rates.get(calendar.sprint_days, "per_event")), "every_sprint", m.end()
    m = _MULTIPLE.match(text, i)
    if m:
        unit = "周" if m["unit"] in {"星期", "礼拜"} else m["unit"]
        n = (mandarin_number(m["n"]) or 0) + (text[i + 1] == "隔" and m["n"] == "一")
        return Every(_COUNTABLE.get((n, unit))), "every_period", m.end()
    m = _COUNTED.match(text, i)
    if not m or (i and text[i - 1] in "第这上下了"):
        return None
    unit = "周" if m["unit"] in {"星期", "礼拜"} else m["unit"]
    n = mandarin_number(m["n"]) or 0
    return Every(_COUNTABLE.get((n, unit))), "every_period", m.end()


def _each(text: str, i: int) -> Series:
    m = _EACH.match(text, i)
    return (Every("per_event"), "every_event", m.end()) if m else None
