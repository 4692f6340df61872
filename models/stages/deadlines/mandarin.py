"""The Mandarin grammar of deadlines: prefixes and suffixes around days, periods, distances, holidays.

    expression := recurrence | 从 point 起 | 直到 point | [最迟 | 在] point [前 | 为止 | 后 | 左右]
    point      := day | period | distance | holiday | day + event

前, 之前 and 以前 include the named day or period and exclude an event or a holiday. Every production matches
a bounded stretch, so reading a text takes time linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.expression import Anchor, Phrase, Scope, starting
from models.stages.deadlines.mandarin_context import leaning
from models.stages.deadlines.mandarin_days import Found, compact, one_day
from models.stages.deadlines.mandarin_holidays import holiday
from models.stages.deadlines.mandarin_nth import nth_of_month
from models.stages.deadlines.mandarin_periods import distance, half_or_year, month, quarter, week
from models.stages.deadlines.mandarin_series import series
from models.stages.deadlines.mandarin_today import today
from models.stages.deadlines.spoken_numbers import mandarin_number

Partial = tuple[Phrase, int] | None
"""A phrase whose offsets are not set yet, and the next index of the compact text."""

_BEFORE = re.compile("(?:之前|以前|为止|之内|以内|前(?![后端台提期面]))")
_DAYS_BEFORE = re.compile(
    "的?(?:之?前|提前)(?P<n>[一两二三四五六七])(?:天|(?P<weeks>个?(?:周|星期|礼拜))(?![一二三四五六日天]))"
)
_LATER = re.compile("(?:回来|之后|以后|后(?![端台期续面天勤来果]))")
_AROUND = re.compile("左右|前后|上下")
_START = re.compile("起(?![来草诉因床])|开始|以后|之后|往后")
_UNTIL = re.compile(
    "一直做?到|直到|持续到|截至到?|截止到?|(?<![改推迟延期挪换前排定放约移调拖])到(?![时底处达位了])|至(?!少|于)|等到"
)
_MARK = re.compile(
    "最迟不超过|最晚不超过|不超过|最迟|最晚|不晚于|不迟于|赶在|务必在|至迟|最慢|争取在?|必须在?"
)
_STARTS_THEN = re.compile("起(?![来草诉因床])|开始(?=[,。]|$|每|我|你|您|就)")
_FROM = re.compile("从|自(?![己动然])|打(?=[今明下这周])")
_PLAIN = re.compile("在|于")
_RANGE = re.compile("到|至|[-~—]")
_EVENT = re.compile(
    r"的?(?P<name>[\u4e00-\u9fffA-Za-z]{0,6}?(?:校准会|评审会|评审|审计|复查|检查|考核|答辩|上线|发布会|发布|验收|汇报|"
    r"展会|比赛|培训|出差|述职|体检|仪式|活动|考试|交付|面谈|演示|路演|开业|巡检|盘点|招标|开标|投标|开会|会议|"
    r"大会|年会|董事会|股东会|家长会|周会|月会|会))"
)
_UNDATED = re.compile(
    "(?:下一?次)?(?:(?:去|开)?(?:校准|评审|例|周|月|晨|早|站|年|大|发布|董事|家长|启动|总结|复盘|汇报|沟通|项目)会|开会|会议|评审|审计|复查|检查|考核|答辩|"
    "上线|发布|验收|汇报|展会|比赛|培训|出差|述职|体检|考试|交付|面谈|演示|路演|开业|盘点|开标|投标|转正)(?:之前|以前|前(?![后端台]))"
)
_LEAVING = re.compile(
    "(?:我|咱们?|大家|你|您)?(?:今天|今晚)?(?:下班|收工|离开|走|回家|回去|睡觉|睡|关门|打烊|放学|收档|收摊|交班|下课)"
    "(?:之前|以前|前(?![后端台]))"
)
_CONTINUED = re.compile(
    r"(?:连着|连续|持续|一连|坚持|带满|满)(?P<n>[一两二三四五六七八九十0-9]{1,2})个?(?P<unit>周|星期|礼拜|月)"
)
_VAGUE = re.compile(
    "这两天|这几天|过几天|过两天|过一阵|过段时间|近期内?|这阵子|[两三]三天内|月初|年初|周初|年后"
)
_NOT_DAYS = re.compile("那几天|那次|那天|那批|那会儿?|那时|的时候|时候|以来")
_SURELY_AHEAD = {"relative_day", "next_weekday", "weekday_after_next"}
_NEAR_DAYS = 60
"""七月一号那次 said in June is the one to come, unless its clause tells of the past."""
_STARTS = frozenset(
    "上下这本当今明后昨前大去周星礼月季年第一二两三四五六七八九十半几多双廿再过未接往0123456789QqHh从自打到至直一等"
    "即最不赶务争必在于是就定改推延挪提约放截持每逢隔天日凡但国元春除清端中圣平情妇儿教复感跨新黄劳我咱大你您下收离走回睡"
    "关打放交现散聊谈吃忙讲给重马立待午傍晚睡头转同以连坚带满近当次节假长工那过天月夜校评例晨早站发董家启总复汇沟项开会审检考答验展比培出述体面演路盘投"
)


def point(text: str, i: int, scope: Scope) -> Found:
    """Give the longest reading of a point in time, with the event that is named after a day."""
    productions = (one_day, nth_of_month, week, month, quarter, half_or_year, holiday)
    found = [f for production in productions if (f := production(text, i, scope))]
    return max(found, key=lambda f: f[1], default=None)


def _with_event(text: str, found: tuple[Anchor, int]) -> tuple[Anchor, int]:
    """28号审计, 周三的评审: an event on that day. Only asked for before 前 and after 到."""
    anchor, end = found
    event = _EVENT.match(text, end)
    if not event or anchor.first != anchor.last or anchor.past or anchor.inclusive:
        return found
    return replace(anchor, rule="event_on_day" if anchor.last else anchor.rule, event=True), event.end()


def _due(anchor: Anchor, end: int, *, marked: bool, plain: bool = False) -> Partial:
    if anchor.past:
        return Phrase(0, 0, "past", "past"), end
    if anchor.rule == "duration":
        return Phrase(0, 0, "duration", "duration"), end
    phrase = Phrase(0, 0, "due", anchor.rule, anchor.last, marked=marked, plain=plain, coarse=anchor.whole)
    return replace(phrase, names=anchor.named, seek=anchor.sought()), end


def _point_phrase(text: str, i: int, scope: Scope) -> Partial:
    """[prefix] point [suffix]."""
    mark = _MARK.match(text, i)
    j = mark.end() if mark else i
    lead = _PLAIN.match(text, j) if mark is None else re.compile("在|是|到").match(text, j)
    j = lead.end() if lead else j
    found = point(text, j, scope)
    if not found:
        return None
    for anchor, end in (_with_event(text, found), found):
        if days := _DAYS_BEFORE.match(text, end):
            return _days_before(anchor, days, scope)
        if _BEFORE.match(text, end):
            return _before(text, anchor, end, j, scope)
    return _suffixed(text, found, mark is not None, scope)


def _suffixed(text: str, found: tuple[Anchor, int], marked: bool, scope: Scope) -> Partial:
    """Read point [起 | 后 | 左右 | 那次]."""
    anchor, end = found
    start = _STARTS_THEN.match(text, end)
    if start and not anchor.past:
        return starting(anchor, scope.meeting, open_end=False), start.end()
    for suffix, rule in ((_LATER, "after"), (_AROUND, "around")):
        if m := suffix.match(text, end):
            if rule == "after" and anchor.inclusive and anchor.first == anchor.last:
                return _due(anchor, m.end(), marked=marked, plain=not marked)
            open_end = Phrase(0, 0, "due", rule, names=anchor.named)
            return (Phrase(0, 0, "past", "past") if anchor.past else open_end), m.end()
    days = (anchor.first - scope.meeting).days if anchor.first else 0
    ahead = days > 0 and (anchor.rule in _SURELY_AHEAD or (anchor.rule == "month_day" and days <= _NEAR_DAYS))
    if _NOT_DAYS.match(text, end) and not ahead:
        return Phrase(0, 0, "past", "past"), end
    return _due(anchor, end, marked=marked, plain=not marked)


def _before(text: str, anchor: Anchor, end: int, i: int, scope: Scope) -> Partial:
    """X前: X itself is still on time, the day before for an event or holiday."""
    suffix = _BEFORE.match(text, end)
    end = suffix.end() if suffix else end
    if not anchor.event or (suffix and suffix.group() in {"之内", "以内"}):
        return _due(replace(anchor, whole=False), end, marked=True)
    if anchor.first is not None and anchor.first <= scope.meeting:
        later = point(text, i, scope.from_tomorrow())
        anchor = replace(later[0], event=True) if later and later[0].first != anchor.first else anchor
    due = anchor.due_before()
    if due and due < scope.meeting:
        due = scope.meeting if anchor.first == scope.meeting else None
    rule = f"before_{anchor.rule}" if due else anchor.rule
    return Phrase(0, 0, "due", rule, due, marked=True, names=anchor.named, seek=anchor.sought(-1)), end


def _days_before(anchor: Anchor, days: re.Match[str], scope: Scope) -> Partial:
    """国庆前一天, 周五提前两天: counted back from the first day."""
    n = (mandarin_number(days["n"]) or 0) * (7 if days["weeks"] else 1)
    day = anchor.first - timedelta(days=n) if anchor.first and n else None
    due = day if day and day >= scope.meeting else None
    return Phrase(0, 0, "due", "days_before", due, marked=True), days.end()


def _from(text: str, i: int, scope: Scope) -> Partial:
    """从下周一开始, 从明天起. 从周一到周三 ends with its last day."""
    lead = _FROM.match(text, i)
    if not lead:
        return None
    found = point(text, lead.end(), scope)
    if not found:
        return None
    anchor, end = found
    to = _RANGE.match(text, end)
    last = point(text, to.end(), scope) if to else None
    if last:
        ranged = _due(last[0].following(anchor), last[1], marked=False, plain=True)
        return (replace(ranged[0], since=anchor.first), ranged[1]) if ranged else None
    event = _EVENT.match(text, end)
    start = _START.match(text, end) or (_START.match(text, event.end()) if event else None)
    if anchor.past:
        return Phrase(0, 0, "past", "past"), end
    if not start:
        return None
    return starting(anchor, scope.meeting, open_end="往后" in start.group()), start.end()


def _until(text: str, i: int, scope: Scope) -> Partial:
    """直到月底, 到28号审计: up to the day, an event or holiday excluded."""
    lead = _UNTIL.match(text, i)
    if not lead:
        return None
    found = point(text, lead.end(), scope)
    if not found:
        return None
    anchor, end = _with_event(text, found)
    if anchor.past:
        return None
    suffix = _BEFORE.match(text, end)
    due = anchor.due_before() if anchor.event else anchor.last
    strong = "截" in lead.group()
    end = suffix.end() if suffix else end
    if days := _DAYS_BEFORE.match(text, suffix.start() if suffix else end):
        counted = _days_before(anchor, days, scope)
        due, end = (counted[0].due, counted[1]) if counted else (due, end)
    rule, marked = f"until_{anchor.rule}", strong or bool(suffix)
    return Phrase(0, 0, "due" if strong else "until", rule, due, marked=marked, names=anchor.named), end


def _distance(text: str, i: int, scope: Scope) -> Partial:
    found = distance(text, i, scope)
    if not found:
        return None
    anchor, end = found
    return _due(anchor, end, marked="内" in text[i:end] or _BEFORE.match(text, end) is not None, plain=True)


def _other(text: str, i: int, scope: Scope) -> Partial:
    """下班前, 当天, 这两天, 连着四个礼拜."""
    if m := _LEAVING.match(text, i):
        return Phrase(0, 0, "due", "before_leaving", scope.meeting, marked=True), m.end()
    if m := _CONTINUED.match(text, i):
        n = "一二三四五六七八九十".find(m["n"]) + 1 or (2 if m["n"] == "两" else 0)
        count = n if n and m["unit"] != "月" else None
        return Phrase(0, 0, "count" if count else "duration", "duration", count=count), m.end()
    if m := _UNDATED.match(text, i):
        return Phrase(0, 0, "due", "event_undated", marked=True), m.end()
    if m := _VAGUE.match(text, i):
        return Phrase(0, 0, "due", "vague"), m.end()
    return None


def _series(text: str, i: int, scope: Scope) -> Partial:
    found = series(text, i, scope.calendar)
    if not found:
        return None
    every, rule, end = found
    suffix = _BEFORE.match(text, end)
    since = scope.meeting if rule == "from_now_on" else None
    return Phrase(0, 0, "every", rule, every=every, since=since), suffix.end() if suffix else end


_PHRASES = (leaning, today, _series, _point_phrase, _from, _until, _distance, _other)


def mandarin_phrases(text: str, calendar: Calendar) -> Iterator[Phrase]:
    """Every expression of time in a Mandarin text, in order; at each place the longest reading wins."""
    dense, places = compact(text)
    scope = Scope.of(calendar)
    i = 0
    while i < len(dense):
        found = (
            [f for production in _PHRASES if (f := production(dense, i, scope))]
            if dense[i] in _STARTS
            else []
        )
        if not found:
            i += 1
            continue
        phrase, end = max(found, key=lambda f: f[1])
        due = phrase.due if phrase.due and phrase.due >= scope.meeting else None
        yield replace(phrase, start=places[i], end=places[end - 1] + 1, due=due)
        i = end
