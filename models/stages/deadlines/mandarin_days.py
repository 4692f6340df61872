"""Mandarin expressions that name one day: 下周三, 二十八号, 明天, with a time of day after it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.expression import Anchor, Scope, Seek
from models.stages.deadlines.spoken_numbers import MANDARIN_DIGITS, mandarin_number

Found = tuple[Anchor, int] | None
NUMBER = rf"[{MANDARIN_DIGITS}]{{1,5}}"
_NUMERAL = MANDARIN_DIGITS + r"几半多a-zA-Z.%"


def compact(text: str) -> tuple[str, list[int]]:
    """Drop the spaces that recognisers put between characters; also give the place of each character.

    A space between two Latin letters or digits stays, and one between a Latin word and a Mandarin number.
    """
    kept: list[str] = []
    places: list[int] = []
    for place, c in enumerate(text):
        if c.isspace():
            after = text[place + 1 : place + 2]
            before = kept[-1] if kept else ""
            words = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
            name = before.isascii() and before.isalpha() and after and after in MANDARIN_DIGITS
            if not (words or name):
                continue
        kept.append(c)
        places.append(place)
    return "".join(kept), places


MONTHS_AHEAD = {"这": 0, "本": 0, "下": 1, "下下": 2, "下下下": 3, "上": -1, "上上": -2}
"""Units after the one of the meeting that each word points at."""
WHICH = r"(?P<which>(?<![手底乡天楼名])下{1,3}|(?<![早晚网线路身会马以班])上{1,2}|这|本)(?:一?个)?"
_WEEKDAY = re.compile(
    rf"(?:{WHICH}|(?<![{_NUMERAL}每隔逢])|(?<=[周期拜][一二三四五六日天]))(?:周|星期|礼拜)(?P<day>[一二三四五六日天七1-7])"
    r"(?![次回趟遍份篇个]|程[序表安]|常|总|期)(?:[、,](?P<list>[一二三四五六日天](?:[、,][一二三四五六日天])*)(?![号月点天周年个十]))?"
    r"(?P<pair>[二三四五六日](?![〇零一二三四五六七八九十百0-9号月点天周年个次时分件条份位家台报]))?"
)
_DAY_NUMBERS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6, "七": 6}
_DAY_NUMBERS |= {str(n): n - 1 for n in range(1, 8)}

_RELATIVE = {
    0: "今天 今日 今儿个 今儿 今晚 今夜 今早 今黑儿 今黑",
    7: "下周的今天 下周今天 下个星期的今天 下个礼拜的今天 下星期今天 下礼拜今天",
    1: "今明两天 明天 明日 明儿个 明儿 明早 明晚",
    2: "明后天 明后两天 后天 后日 后儿",
    3: "大后天 大后儿",
    4: "大大后天",
    -1: "昨天 昨日 昨晚 昨儿 昨夜 前天 前晚 大前天 前几天 前两天 那天",
}
RELATIVE = {word: days for days, words in _RELATIVE.items() for word in words.split()}
_RELATIVE_RE = re.compile("|".join(sorted(RELATIVE, key=len, reverse=True)))

_YEAR = r"(?:(?P<year>20[0-9]{2}|[0-9]{2}|二[〇零][〇零一二三四五六七八九]{2}|今|明|后|去|前|本)年的?)?"
_THINGS = (
    r"[门楼线桌机仓库店厅馆院位选室柜窗口键井站棚厂台码令角员球铺床字栋炉泵池灶染文车房]|"
    r"电池|电梯|会议室|会议桌|人物|选手"
)
_DAY = rf"(?P<day>{NUMBER})"
_MONTH_DAY = re.compile(
    rf"{_YEAR}(?P<month>{NUMBER})月份?的?{_DAY}(?:[号日](?!{_THINGS})|(?![{_NUMERAL}个月年点天周次级份:：号日]))"
)
_ONE_DAY = r"(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TWO_DAYS = re.compile(
    rf"{_YEAR}(?:(?P<month>{NUMBER})月份?的?)?(?:(?P<a>{_ONE_DAY})[号日]?(?:[、,到至和或跟]|或者)?(?P<b>{_ONE_DAY})"
    rf"|(?P<c>[0-9]{{1,2}})[号日]?(?:[、,到至和或跟~-]|或者)(?P<d>[0-9]{{1,2}}))(?P<sign>[号日])?(?![{_NUMERAL}点月天个年周分块])"
)
_RELATIVE_MONTH_DAY = re.compile(rf"(?:{WHICH}|当)月份?的?{_DAY}[号日](?!{_THINGS})")
_DAY_ONLY = re.compile(
    rf"(?<![{_NUMERAL}第型编账工单房座楼号月元])(?P<day>{NUMBER})(?:号|日(?=[,。,.!?、;]|$|之?前|以前|[上下中晚]))(?!{_THINGS})"
)
_ISO = re.compile(
    r"(?<![\d./-])(?P<year>20\d\d)(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?![\d./-])"
)
_SLASHED = re.compile(r"(?<![\d./-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/-])")

NAMED_YEARS = {"今": 0, "本": 0, "明": 1, "后": 2, "去": -1, "前": -2}


def year_number(word: str | None, meeting: date) -> int | None:
    """今, 明, 26, 2026 or 二零二六 as a year."""
    if not word:
        return None
    if word in NAMED_YEARS:
        return meeting.year + NAMED_YEARS[word]
    number = mandarin_number(word)
    return 2000 + number if number is not None and number < 100 else number


def weekday(text: str, i: int, scope: Scope) -> Found:
    """周五, 这周五, 下周五, 下下周五, 上周五."""
    m = _WEEKDAY.match(text, i)
    if not m:
        return None
    day, end = _DAY_NUMBERS[(m["list"] or m["day"])[-1]], m.end()
    if m["pair"] and _DAY_NUMBERS[m["pair"]] == day + 1:
        day += 1
    elif m["pair"]:
        end -= 1
    if not m["which"]:
        found = cal.weekday_after(scope.meeting, day)
        return Anchor.day("bare_weekday", found, weekday=day), end
    weeks = MONTHS_AHEAD[m["which"]]
    found = cal.weekday_in_week(scope.meeting, day, weeks)
    if found < scope.meeting:
        return Anchor("past", past=True), end
    rule = ("this_weekday", "next_weekday", "weekday_after_next", "weekday_in_three_weeks")[weeks]
    return Anchor.day(rule, found), end


def relative_day(text: str, i: int, scope: Scope) -> Found:
    """今天, 明天, 后天, 大后天; 昨天 is past."""
    m = _RELATIVE_RE.match(text, i)
    if not m or (
        m.group() == "后天" and (text[i - 1 : i] in {"先", "今", "明"} or text[i + 2 : i + 3] in {"津", "性"})
    ):
        return None
    days = RELATIVE[m.group()]
    if days < 0:
        return Anchor("past", past=True), m.end()
    return Anchor.day("relative_day", scope.meeting + timedelta(days=days)), m.end()


def dated(scope: Scope, year: int | None, month: int, day: int, rule: str) -> Anchor:
    """Give a month and day; without a year the next such date from `scope.earliest` on."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return Anchor("no_such_date")
    if year is None:
        return Anchor.day(rule, cal.next_month_day(scope.earliest, month, day))
    found = cal.day_in_month(year, month, day) if 1 <= year <= 9999 else None
    if found and found < scope.meeting:
        return Anchor("past", past=True)
    return Anchor.day(rule if found else "no_such_date", found)


def month_day(text: str, i: int, scope: Scope) -> Found:
    """三月二十八号, 2026年3月28日, 二零二六年三月二十八, 2026-03-28, 3/28."""
    if i and text[i - 1] in MANDARIN_DIGITS[6:] + "0123456789":
        return None
    m = _MONTH_DAY.match(text, i) or _ISO.match(text, i)
    if not m:
        m = _SLASHED.match(text, i)
        return _slashed(m, text, scope) if m else None
    month, day = mandarin_number(m["month"]), mandarin_number(m["day"])
    if month is None or day is None or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    year = year_number(m["year"], scope.meeting)
    return dated(scope, year, month, day, "month_day" if year is None else "full_date"), m.end()


def _slashed(m: re.Match[str], text: str, scope: Scope) -> Found:
    """3/28: month first in Chinese; only where a date can stand, not 3/4 of something."""
    month, day = int(m["month"]), int(m["day"])
    led = text[max(0, m.start() - 1) : m.start()] in {"", "到", "在", ",", "是", "于"}
    follows = text[m.end() : m.end() + 1] in {
        "",
        "前",
        "之",
        "以",
        "号",
        "日",
        "交",
        "给",
        "。",
        ",",
        "晚",
        "上",
        "下",
    }
    if not (1 <= month <= 12 and 1 <= day <= 31 and follows and led):
        return None
    return dated(scope, None, month, day, "numeric_date"), m.end()


def two_days(text: str, i: int, scope: Scope) -> Found:
    """十六十七号, 三月16到17号: two days that follow each other; the later one is still on time."""
    m = None if i and text[i - 1] in _NOT_BEHIND else _TWO_DAYS.match(text, i)
    if not m or not (m["month"] or m["sign"]):
        return None
    first, last = (mandarin_number(m[one] or m[other] or "") for one, other in (("a", "c"), ("b", "d")))
    if first and last and first > 10 > last:
        last += first // 10 * 10
    if first is None or last != first + 1 or last > 31:
        return None
    month = mandarin_number(m["month"]) if m["month"] else None
    if month is None:
        return Anchor.day(
            "day_of_month", cal.next_day_of_month(scope.earliest, last), seek=Seek("day_of_month", last)
        ), m.end()
    if not 1 <= month <= 12:
        return None
    return dated(scope, year_number(m["year"], scope.meeting), month, last, "month_day"), m.end()


def day_of_month(text: str, i: int, scope: Scope) -> Found:
    """二十三号, 下个月五号, 本月28日."""
    m = _RELATIVE_MONTH_DAY.match(text, i)
    if m:
        day = mandarin_number(m["day"])
        if day is None or not 1 <= day <= 31:
            return None
        year, month = cal.month_of(scope.meeting, MONTHS_AHEAD.get(m["which"] or "", 0))
        return dated(scope, year, month, day, "day_of_month"), m.end()
    m = _DAY_ONLY.match(text, i)
    day = mandarin_number(m["day"]) if m else None
    if not m or day is None or not 1 <= day <= 31:
        return None
    return Anchor.day(
        "day_of_month", cal.next_day_of_month(scope.earliest, day), seek=Seek("day_of_month", day)
    ), m.end()


_HOUR = rf"(?:{NUMBER}(?:点|:)(?:{NUMBER}分?|半|整|[一三]刻)?钟?)"
_TIME = re.compile(
    rf"的?(?:(?P<early>早上|早晨|清早|一大早|一早|上午|凌晨|早)|(?P<late>中午|下午|午后|傍晚|晚上|夜里|晚间|晚|"
    rf"后晌|之内|以内|内|当天|一天|晚些时候|{_HOUR}|下班|收工|放学|打烊|收档|收摊|关门|关店|交班|下课|"
    rf"上班|开门|开工|开周会|开会|周会|会议|碰头会|(?:那个|这个|的)?会(?=之?前|以前)|接班|站会|晨会|早会|例会|夕会|午饭|吃饭|吃午饭|午休|睡觉|睡|我?走|离开|回家|结束|"
    rf"天黑|开盘|收盘|出门|出发))"
)


def time_of_day(text: str, i: int) -> tuple[bool, int]:
    """Skips up to three times of day; True where "before" it still leaves that day (in Mandarin always)."""
    late = False
    for _ in range(3):
        m = _TIME.match(text, i)
        if not m:
            break
        late, i = late or m["late"] is not None, m.end()
    return late, i


_NOT_BEHIND = MANDARIN_DIGITS[6:] + "0123456789第"
_DAYS = (relative_day, two_days, month_day, weekday, day_of_month)
_SECOND_REACH = 16
_JOIN = re.compile(r"[,、(（]?(?:也就是|就是)?")


def _second_naming(text: str, i: int, end: int, first: Anchor, scope: Scope) -> Found:
    """Read the day again. Straight after the first (礼拜一十一月二号) a digit before it proves nothing."""
    again = next((f for production in _DAYS if (f := production(text, i, scope))), None)
    if again or i > end or first.weekday is None:
        return again
    rest = text[i : i + _SECOND_REACH]
    found = next((f for production in (month_day, day_of_month) if (f := production(rest, 0, scope))), None)
    if found and first.agreeing_with(found[0]).rule != "conflict":
        return found[0], i + found[1]
    return None


def one_day(text: str, i: int, scope: Scope) -> Found:
    """Read a day said once, or twice over (周二,二十一号), with a time of day after it."""
    found = next((f for production in _DAYS if (f := production(text, i, scope))), None)
    if not found:
        return None
    anchor, end = found
    late, end = time_of_day(text, end)
    for _ in range(2):
        joined = _JOIN.match(text, end)
        j = joined.end() if joined else end
        again = _second_naming(text, j, end, anchor, scope)
        if (
            not again
            or anchor.past
            or again[0].past
            or (anchor.weekday is not None and again[0].weekday is not None)
        ):
            break
        both = anchor.agreeing_with(again[0])
        if both.rule == "conflict" and ("weekday" in anchor.rule) == ("weekday" in again[0].rule):
            break
        anchor = both
        more, end = time_of_day(text, again[1])
        late = late or more
        end += text[end : end + 1] == ")" and text[j - 1] == "("
    return replace(anchor, inclusive=late), end
