"""English expressions that name a period, its end, or a distance from the meeting."""

from __future__ import annotations

from datetime import date

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.english_days import (
    AMBIGUOUS_MONTHS,
    LEADS,
    Found,
    one_of_months,
    year_after,
)
from models.stages.deadlines.english_moments import one_day
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.words import Tokens

Span = tuple[date, date]

_WHICH = {
    "": 0,
    "the": 0,
    "this": 0,
    "the current": 0,
    "current": 0,
    "our": 0,
    "next": 1,
    "the next": 1,
    "coming": 1,
    "the coming": 1,
    "last": -1,
    "the last": -1,
    "past": -1,
    "the past": -1,
    "this past": -1,
    "previous": -1,
    "the previous": -1,
    "calendar": 0,
    "the calendar": 0,
}
_UNITS = ("week", "weekend", "month", "quarter", "year", "working week", "work week", "business week")


def unit_span(unit: str, ahead: int, meeting: date) -> Span:
    """Give the week (its last day Friday), weekend, month, quarter or year `ahead` of the meeting's."""
    if unit == "weekend":
        return cal.weekday_in_week(meeting, 5, ahead), cal.weekday_in_week(meeting, 6, ahead)
    if unit.endswith("week"):
        return cal.monday_of(meeting, ahead), cal.weekday_in_week(meeting, cal.FRIDAY, ahead)
    if unit == "month":
        year, month = cal.month_of(meeting, ahead)
        return date(year, month, 1), cal.month_end(year, month)
    if unit == "quarter":
        return cal.months_block(meeting.year, (meeting.month - 1) // 3 + ahead, 3)
    return date(meeting.year + ahead, 1, 1), date(meeting.year + ahead, 12, 31)


def current_unit(unit: str, ahead: int, scope: Scope) -> Anchor:
    """Count from the meeting's unit. On a weekend the Friday of "this week" is over: not resolved."""
    span = unit_span(unit, ahead, scope.meeting)
    if span[1] < scope.meeting:
        return Anchor("week_over") if ahead == 0 else Anchor("past", past=True)
    name = "week" if unit.endswith("week") else unit
    return Anchor.span(name, span, whole=True)


def which_unit(t: Tokens, i: int, scope: Scope, bare: bool = False) -> Found:
    """Read "this week", "the week after next"; "the quarter" only if `bare`."""
    which = t.lookup(i, _WHICH) or (0, i)
    ahead, j = which
    unit = t.lookup(j, {name: name for name in _UNITS})
    if not unit or (j == i and not bare and not t.expect(unit[1], "after next")):
        return None
    name, k = unit
    after = t.expect(k, "after next")
    if after and (j == i or (j == i + 1 and t[i] in {"the", "our", "calendar"})):
        return current_unit(name, 2, scope), after
    if t[i] in {"the", "our", "calendar"} and j == i + 1:
        if t.expect(k, "before last", "just gone"):
            return Anchor("past", past=True), k + 2
        if not bare and name != "weekend":
            return None
    if t[i] == "coming" or (t[i] == "the" and t[i + 1] == "coming"):
        ahead = 1
    return current_unit(name, ahead, scope), k


_QUARTERS = {f"q{n}": n - 1 for n in range(1, 5)} | {f"q {n}": n - 1 for n in range(1, 5)}
for _n, _word in enumerate(("first", "second", "third", "fourth")):
    _QUARTERS |= {f"the {_word} quarter": _n, f"{_word} quarter": _n}
for _n, _word in enumerate(("one", "two", "three", "four")):
    _QUARTERS |= {f"quarter {_word}": _n, f"quarter {_n + 1}": _n, f"q {_word}": _n}
_HALVES = {"h1": 0, "h2": 1, "h 1": 0, "h 2": 1, "half one": 0, "half two": 1}
for _n, _word in enumerate(("first", "second")):
    _HALVES |= {f"the {_word} half of the year": _n, f"{_word} half of the year": _n}
    _HALVES |= {f"the {_word} half of this year": _n, f"the {_word} half year": _n}
_YEAR_HALVES = {f"{the}{word} half": n for n, word in enumerate(("first", "second")) for the in ("", "the ")}


_BLOCKS = ((_QUARTERS, 3, "quarter"), (_HALVES, 6, "half_year"), (_YEAR_HALVES, 6, "half_year"))


def named_block(t: Tokens, i: int, scope: Scope) -> Found:
    """Q3 | the third quarter [of 2027] | H1 | the second half of the year."""
    for table, size, rule in _BLOCKS:
        found = t.lookup(i, table)
        if not found:
            continue
        block, j = found
        year, j = year_after(t, j, scope)
        if year is None and table is _YEAR_HALVES:
            return None
        j = t.expect(j, "of the year") or j
        if year is None:
            return Anchor.span(rule, cal.next_months_block(scope.earliest, block, size), whole=True), j
        span = cal.months_block(year, block, size)
        over = span[1] < scope.meeting
        return (Anchor("past", past=True) if over else Anchor.span(rule, span, whole=True)), j
    return None


_MONTH_LEADS = LEADS - {"say", "is", "it's", "make", "no", "or", "and", "than", "at", "to"} | {
    "-",
    "mid",
    "early",
    "late",
}


_PARTS = frozenset(["end", "close", "start", "beginning", "middle", "week", "month", "course", "day"])


def whole_month(t: Tokens, i: int, scope: Scope) -> Found:
    """March | next March | March 2027. "Next March" within the year may mean either: not resolved."""
    which = t[i] if t[i] in {"this", "next", "last"} else ""
    j = i + bool(which)
    j = t.expect(j, "the month of") or j
    month = one_of_months(t, j)
    if month is None or t[i - 1] == "the" or (t[i - 1] == "of" and t[i - 2] not in _PARTS):
        return None
    if t[j] in AMBIGUOUS_MONTHS and not which and t[i - 1] not in _MONTH_LEADS:
        return None
    if which == "last":
        return Anchor("past", past=True), j + 1
    year, end = year_after(t, j + 1, scope)
    if year is None:
        span = cal.next_month(scope.earliest, month)
        unclear = which == "next" and span[0].year == scope.meeting.year
        return (Anchor("unclear_month") if unclear else Anchor.span("named_month", span, whole=True)), end
    span = date(year, month, 1), cal.month_end(year, month)
    if span[1] < scope.meeting:
        return Anchor("past", past=True), end
    return Anchor.span("named_month", span, whole=True), end


def week_of(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "the week of the 18th", "week commencing Monday": the Friday of that week."""
    j = t.expect(i, *_WEEKS_OF)
    day = one_day(t, j, scope) if j is not None else None
    if not day or day[0].past:
        return None
    monday = cal.monday_of(day[0].first) if day[0].first else None
    days = (monday, cal.weekday_in_week(monday, cal.FRIDAY)) if monday else None
    return Anchor.span("week", days, whole=True), day[1]


_WEEKS_OF = [
    f"{the}week {word}"
    for the in ("the ", "")
    for word in ("of", "commencing", "beginning", "starting", "ending", "starting on")
]


def whole_year(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "in 2027": a year in digits after a preposition."""
    word = t[i]
    if len(word) != 4 or not word.startswith("20") or not word.isdecimal() or t[i - 1] not in LEADS:
        return None
    year = int(word)
    if not 0 <= year - scope.meeting.year <= 10:
        return None
    return Anchor.span("year", (date(year, 1, 1), date(year, 12, 31)), whole=True), i + 1


def period(t: Tokens, i: int, scope: Scope, bare: bool = False) -> Found:
    """Any period; `bare` also allows "the month", after "the end of"."""
    return (
        which_unit(t, i, scope, bare)
        or week_of(t, i, scope)
        or named_block(t, i, scope)
        or whole_month(t, i, scope)
        or whole_year(t, i, scope)
    )
