"""English days with what people put around them: numeric dates, a second naming, times of day, distances."""

from __future__ import annotations

from dataclasses import replace

from models.stages.deadlines.english_days import (
    LEADS,
    MONTHS,
    WEEKDAYS,
    Found,
    Production,
    dated,
    day_month,
    month_day,
    relative_day,
    weekday,
)
from models.stages.deadlines.english_nth import nth_day
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.spoken_numbers import english_cardinal
from models.stages.deadlines.words import Tokens, listed

MONTH_FIRST = {"US", "PH", "CN"}
UNDECIDED_ORDER = {None, "CA"}
DOTTED = {
    "AT",
    "BG",
    "CH",
    "CZ",
    "DE",
    "DK",
    "EE",
    "FI",
    "HR",
    "LT",
    "LV",
    "NO",
    "PL",
    "RO",
    "RU",
    "SI",
    "SK",
    "TR",
    "UA",
}


def numeric_date(t: Tokens, i: int, scope: Scope) -> Found:
    """2026-03-28 | 28/3 | 3/28/2026 | 28.3. | 28.3.2026. An order that the country does not settle: null."""
    word = t[i]
    if word[:1].isdecimal() and word.count("-") == 2:
        year, month, day = (int(part) for part in word.split("-"))
        return (dated(scope, month, day, year, "full_date"), i + 1) if 1 <= month <= 12 else None
    sign = "/" if "/" in word else "."
    if not word[:1].isdecimal() or sign not in word:
        return None
    parts = [int(part) for part in word.split(sign)]
    if parts[0] > 31 or parts[1] > 31:
        return None
    led = t[i - 1] in LEADS | {"the"} or t[i - 1] in WEEKDAYS or t[i - 1] == ","
    j = i + 1
    if sign == ".":
        trailing = t[j] == "." and t.glued(j)
        if len(parts) == 2 and not (
            trailing and led and (t[j + 1].isalpha() or scope.calendar.country in DOTTED)
        ):
            return None
        j += trailing and len(parts) == 2
    elif len(parts) == 2 and not led:
        return None
    return _ordered(parts, sign, scope), j


def _ordered(parts: list[int], sign: str, scope: Scope) -> Anchor:
    first, second = parts[:2]
    year = parts[2] % 100 + 2000 if len(parts) == 3 else None
    country = scope.calendar.country
    if sign == "." or first > 12 or (second <= 12 and country not in MONTH_FIRST | UNDECIDED_ORDER):
        day, month = first, second
    elif second > 12 or country in MONTH_FIRST or first == second:
        month, day = first, second
    else:
        return Anchor("numeric_ambiguous")
    return dated(scope, month, day, year, "numeric_date") if 1 <= month <= 12 else Anchor("no_such_date")


_DAYS: tuple[Production, ...] = (nth_day, relative_day, weekday, month_day, day_month, numeric_date)
_SECOND: tuple[Production, ...] = (relative_day, weekday, month_day, day_month, numeric_date)


def one_day(t: Tokens, i: int, scope: Scope) -> Found:
    """Read a day said once, or twice over: "Wednesday the thirteenth", "tomorrow, Friday"."""
    found = next((f for production in _DAYS if (f := production(t, i, scope))), None)
    if not found or found[0].past or found[0].rule == "nth_weekday":
        return found
    anchor, end = found
    j = t.skip(end, {",", "("})
    led = t[j] == "the" or t[j] in WEEKDAYS or t[j] in MONTHS or t[j][:1].isdecimal() or t[j - 1] == "("
    if j > end and not led:
        return found
    again = next((f for production in _SECOND if (f := production(t, j, scope))), None)
    if not again or again[0].past or (anchor.weekday is not None and again[0].weekday is not None):
        return found
    both = anchor.agreeing_with(again[0])
    return both, (t.skip(again[1], {")"}) if t[j - 1] == "(" else again[1])


_PARTS = {
    "first thing": False,
    "first thing in the morning": False,
    "morning": False,
    "early": False,
    "a m": False,
    "in the morning": False,
    "by noon": True,
    "noon": True,
    "at noon": True,
    "midday": True,
    "at midday": True,
    "lunch": True,
    "lunchtime": True,
    "lunch time": True,
    "at lunch": True,
    "by lunch": True,
    "by lunchtime": True,
    "before lunch": True,
    "before noon": True,
    "after lunch": True,
    "afternoon": True,
    "in the afternoon": True,
    "evening": True,
    "in the evening": True,
    "night": True,
    "at night": True,
    "midnight": True,
    "eod": True,
    "by eod": True,
    "cob": True,
    "by cob": True,
    "end of day": True,
    "end of the day": True,
    "by end of day": True,
    "by the end of the day": True,
    "end of business": True,
    "end of play": True,
    "close of play": True,
    "close of business": True,
    "by close of business": True,
    "itself": True,
}
"""Parts of a day; True where "before" it still leaves that day."""

HOURS = {str(n) for n in range(25)} | set(
    listed("one two three four five six seven eight nine ten eleven twelve")
)
_MERIDIEM = {"am": 1, "pm": 1, "a.m.": 1, "p m": 1, "a m": 1, "o'clock": 1, "oclock": 1, "sharp": 1}


def clock(t: Tokens, i: int) -> int | None:
    """Index after a clock time that says so itself: "half past nine", "5 pm", "14:30", "ten o'clock"."""
    if past := t.expect(i, "half past", "quarter past", "quarter to", "a quarter past", "a quarter to"):
        return past + 1 if t[past] in HOURS else None
    word = t[i]
    if ":" in word and word[0].isdecimal():
        j = i + 1
    elif word in HOURS:
        minutes = english_cardinal(t.words, i + 1)
        j = minutes[1] if minutes and minutes[0] in {15, 20, 30, 40, 45} else i + 1
        if not t.lookup(j, _MERIDIEM) and j == i + 1:
            return None
    else:
        return None
    meridiem = t.lookup(j, _MERIDIEM)
    return meridiem[1] if meridiem else j


def time_after(t: Tokens, i: int) -> tuple[bool, int] | None:
    """Read a time of day after a day: "morning", "by ten". True where "before" leaves the day."""
    j = t.skip(i, {","})
    if part := t.lookup(j, _PARTS):
        return part
    k = t.skip(j, {"at", "by", "before", "around", "about"})
    if end := clock(t, k):
        return True, end
    bare = k > j and t[k] in HOURS and t[k + 1] not in {"percent", "%", "-", "of", "people", "days", "weeks"}
    return (True, k + 1) if bare and t[k - 1] in {"at", "by", "before"} else None


def time_before(t: Tokens, i: int) -> tuple[bool, int] | None:
    """Read a time of day that leads to a day: "first thing", "noon on", "the morning of", "5 pm on"."""
    j = t.skip(i, {"the"})
    part = t.lookup(j, _PARTS)
    if part is None:
        end = clock(t, j) or (
            j + 1 if t[j] in HOURS and t[j + 1] == "on" and t[j - 1] in {"by", "at", "before"} else None
        )
        part = (True, end) if end else None
    return (part[0], t.skip(part[1], {"on", "of", ","})) if part else None


def moment(t: Tokens, i: int, scope: Scope) -> Found:
    """Read a day with a time of day before or after it; the time only matters to "before"."""
    lead = time_before(t, i)
    found = one_day(t, lead[1], scope) if lead else None
    if lead and not found:
        lead = None
    found = found or one_day(t, i, scope)
    if not found:
        return None
    anchor, end = found
    kept = bool(lead and lead[0])
    for _ in range(2):
        follow = time_after(t, end)
        if not follow:
            break
        kept, end = kept or follow[0], follow[1]
    again = one_day(t, t.skip(end, {",", "("}), scope) if end > found[1] and t[end] in {",", "("} else None
    if again and t[end + 1] == "the" and again[0].last == anchor.last:
        end = again[1]
    if t[i] == "tonight":
        kept = True
    return replace(anchor, inclusive=anchor.inclusive or kept), end
