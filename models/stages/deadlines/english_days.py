"""English expressions that name one day: weekdays, dates, today and tomorrow, with a time of day around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.expression import Anchor, Scope, Seek
from models.stages.deadlines.spoken_numbers import ORDINALS, english_cardinal, english_ordinal, english_year
from models.stages.deadlines.words import Tokens, listed

Found = tuple[Anchor, int] | None
Production = Callable[[Tokens, int, Scope], Found]

_NAMES = listed("monday tuesday wednesday thursday friday saturday sunday")
_SHORT = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4}
WEEKDAYS = {name: n for n, name in enumerate(_NAMES)} | _SHORT | {"sat": 5, "sun": 6}
_ALSO_WORDS = {"sat", "sun", "wed", "mon"}
_MONTHS = listed("january february march april may june july august september october november december")
MONTHS = {name: n for n, name in enumerate(_MONTHS, 1)} | {name[:3]: n for n, name in enumerate(_MONTHS, 1)}
MONTHS |= {"sept": 9, "febuary": 2}
AMBIGUOUS_MONTHS = {"may", "march", "mar"}
LEADS = frozenset(
    listed(
        "by on before until till til for from to next this coming last every since in of during through "
        "around say is it's make no or and than at"
    )
)
"""Words after which an ambiguous word may be a weekday, a month or a day of the month."""
_AFTER_ORDINAL = frozenset(
    listed(
        "and or but at in so then is was works work if to i we you he she they it for with please morning "
        "afternoon evening noon night would will when because that though right okay ok by as latest anyway "
        "instead too not no i'll we'll can could might should sounds seems suits , . ! ? ; : ) - – — 。"
    )
)
_ORDINAL_NOUNS = frozenset(
    listed(
        "floor time version item place century grade street avenue percentile row page point person quarter "
        "week month half year draft round attempt one option step part line edition birthday anniversary day"
    )
)
_BEFORE_A_DATE = frozenset(["", *listed(". , ? ! ; : 。 so then okay ok well yes yeah maybe")])
"""What stands before a day that is said on its own: "So the ninth." """
_DAY_PARTS = {"morning", "afternoon", "evening", "night"}
_SURELY_A_DAY = 11
_SMALLEST_RANKS = 3
"""First, second and third rank things as often as they name days: alone they are left."""
_QUALIFIERS = {
    "this": "this",
    "next": "next",
    "the next": "next",
    "next week": "next",
    "next week on": "next",
    "this week": "this",
    "this week on": "this",
    "next next": "week_after_next",
    "coming": "coming",
    "upcoming": "coming",
    "this coming": "coming",
    "this upcoming": "coming",
    "the coming": "coming",
    "this next": "unclear",
    "the following": "unclear",
    "following": "unclear",
    "last": "past",
    "this past": "past",
    "past": "past",
    "previous": "past",
    "the previous": "past",
    "the": "bare",
}
_SUFFIXES = {
    "week": "plus_week",
    "fortnight": "plus_fortnight",
    "after next": "week_after_next",
    "next week": "next",
    "of next week": "next",
    "in next week": "next",
    "the week after next": "week_after_next",
    "the week after": "unclear",
    "of that week": "unclear",
    "that week": "unclear",
    "of the following week": "unclear",
    "the following week": "unclear",
    "after that": "unclear",
    "this week": "this",
    "of this week": "this",
    "coming": "coming",
    "last week": "past",
    "of last week": "past",
    "last": "past",
    "just gone": "past",
}
_WEEKDAY_RULES: dict[str, tuple[str, Callable[[date, int], date]]] = {
    "bare": ("bare_weekday", cal.weekday_after),
    "coming": ("coming_weekday", cal.weekday_after),
    "next": ("next_weekday", lambda day, n: cal.weekday_in_week(day, n, 1)),
    "week_after_next": ("weekday_after_next", lambda day, n: cal.weekday_in_week(day, n, 2)),
    "plus_week": ("weekday_week", lambda day, n: cal.weekday_after(day, n) + timedelta(days=7)),
    "plus_fortnight": ("weekday_fortnight", lambda day, n: cal.weekday_after(day, n) + timedelta(days=14)),
}


def resolve_weekday(how: str, weekday: int, meeting: date) -> Anchor:
    """Give a weekday with its qualifier. "This Tuesday" on a Thursday may mean either week: not resolved."""
    if how == "past":
        return Anchor("past", past=True)
    if how == "this":
        day = cal.weekday_in_week(meeting, weekday)
        return Anchor.day("this_weekday", day if day >= meeting else None)
    if how == "unclear":
        return Anchor("relative_to_context")
    rule, reckon = _WEEKDAY_RULES[how]
    return Anchor.day(rule, reckon(meeting, weekday), weekday=weekday if how == "bare" else None)


def weekday(t: Tokens, i: int, scope: Scope) -> Found:
    """Read [next | coming | last | the] WEEKDAY [week | next week | after next]."""
    how, j = t.lookup(i, _QUALIFIERS) or ("bare", i)
    name = t[j]
    if name not in WEEKDAYS or (name in _ALSO_WORDS and j == i and t[i - 1] not in LEADS):
        return None
    j = t.skip(j + 1, {"."}) if name in _SHORT and t.glued(j + 1) and t[j + 2].islower() else j + 1
    if suffix := t.lookup(j, _SUFFIXES):
        after_next = how == "next" and suffix[0] == "plus_week"
        how, j = ("bare" if after_next else suffix[0]), (j if after_next else suffix[1])
    return resolve_weekday(how, WEEKDAYS[name], scope.meeting), j


_RELATIVE = {
    "today": 0,
    "today itself": 0,
    "later today": 0,
    "tonight": 0,
    "this afternoon": 0,
    "this evening": 0,
    "this morning": 0,
    "this arvo": 0,
    "this lunchtime": 0,
    "tomorrow": 1,
    "tomorrow night": 1,
    "this time tomorrow": 1,
    "this time next week": 7,
    "same time next week": 7,
    "today week": 7,
    "today fortnight": 14,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
    "yesterday": -1,
    "last night": -1,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "the other day": -2,
}


def relative_day(t: Tokens, i: int, scope: Scope) -> Found:
    """today, tonight, tomorrow [week | fortnight], the day after tomorrow, yesterday."""
    found = t.lookup(i, _RELATIVE)
    if not found:
        return None
    days, j = found
    if days < 0:
        return Anchor("past", past=True), j
    if weeks := t.lookup(j, {"week": 7, "fortnight": 14}):
        return Anchor.day("relative_day", scope.meeting + timedelta(days=days + weeks[0])), weeks[1]
    return Anchor.day("relative_day", scope.meeting + timedelta(days=days)), j


def dated(scope: Scope, month: int | None, day: int, year: int | None, rule: str) -> Anchor:
    """Give a date; without a year (or month) the next such day from `scope.earliest` on."""
    if not 1 <= day <= 31:
        return Anchor("no_such_date")
    if month is None:
        return Anchor.day(rule, cal.next_day_of_month(scope.earliest, day))
    if year is None:
        return Anchor.day(rule, cal.next_month_day(scope.earliest, month, day))
    found = cal.day_in_month(year, month, day)
    if found and found < scope.meeting:
        return Anchor("past", past=True)
    return Anchor.day(rule if found else "no_such_date", found)


def year_after(t: Tokens, i: int, scope: Scope) -> tuple[int | None, int]:
    """[,] 2027 | of next year | this year, and the next index; (None, i) without one."""
    relative = t.lookup(
        i, {"next year": 1, "of next year": 1, "this year": 0, "of this year": 0, "last year": -1}
    )
    if relative:
        return scope.meeting.year + relative[0], relative[1]
    found = english_year(t.words, t.skip(t.skip(i, {","}), {"of"}))
    if found and abs(found[0] - scope.meeting.year) <= 15:
        return found
    return None, i


def one_of_months(t: Tokens, i: int) -> int | None:
    """Give the number of the month that token i names."""
    return MONTHS.get(t[i])


def _day_number(t: Tokens, i: int, cardinals: bool) -> tuple[int, int] | None:
    """Give an ordinal, digits that are no clock time, or (if wanted) a spoken cardinal."""
    found = english_ordinal(t.words, i)
    if found:
        return found
    if t[i].isdecimal() and len(t[i]) <= 2:
        clock = t[i + 1] in {":", "%", "am", "pm", "o'clock", "percent"}
        return None if clock else (int(t[i]), i + 1)
    return english_cardinal(t.words, i) if cardinals and not t[i].isdecimal() else None


def month_day(t: Tokens, i: int, scope: Scope) -> Found:
    """March 3 | March the third | may twenty-first [, year]."""
    month = one_of_months(t, i)
    if month is None:
        return None
    found = _day_number(t, t.skip(i + 1, {"the"}), t[i] not in AMBIGUOUS_MONTHS or t[i - 1] in LEADS)
    if not found or not 1 <= found[0] <= 31:
        return None
    year, j = year_after(t, found[1], scope)
    return dated(scope, month, found[0], year, "month_day"), j


_OF_MONTH = {"of this month": 0, "this month": 0, "of the month": None, "of next month": 1, "next month": 1}


def _relative_month(scope: Scope, months: int | None, day: int) -> Anchor:
    if months is None:
        return dated(scope, None, day, None, "day_of_month")
    year, month = cal.month_of(scope.meeting, months)
    return dated(scope, month, day, year, "day_of_month")


def day_month(t: Tokens, i: int, scope: Scope) -> Found:
    """3 March | the 3rd of March [year] | the fifth of next month | the twenty-third."""
    j = t.skip(i, {"the"})
    ordinal = english_ordinal(t.words, j)
    found = ordinal or _day_number(t, j, cardinals=j > i)
    if not found or not 1 <= found[0] <= 31:
        return None
    day, k = found
    if ordinal and (relative := t.lookup(k, _OF_MONTH)):
        return _relative_month(scope, relative[0], day), relative[1]
    month_at = t.skip(k, {"of"})
    month = one_of_months(t, month_at)
    sure = ordinal or month_at > k or t[i - 1] in LEADS or _beside_weekday(t, i)
    if month and (sure or t[month_at] not in AMBIGUOUS_MONTHS):
        year, j = year_after(t, month_at + 1, scope)
        return dated(scope, month, day, year, "month_day"), j
    if ordinal and _is_day_of_month(t, i, j, k):
        return replace(dated(scope, None, day, None, "day_of_month"), seek=Seek("day_of_month", day)), k
    return None


def _beside_weekday(t: Tokens, i: int) -> bool:
    return t[i - 1] in WEEKDAYS or (t[i - 1] == "," and t[i - 2] in WEEKDAYS)


def _is_day_of_month(t: Tokens, i: int, ordinal_at: int, after: int) -> bool:
    """Whether an ordinal alone is a day: "by the second" is, "the second page" and "second" are not."""
    following = t[after]
    rank = 0 < ORDINALS.get(t[ordinal_at], 0) <= _SMALLEST_RANKS and after == ordinal_at + 1
    if (
        following in _ORDINAL_NOUNS
        or (rank and following in _DAY_PARTS)
        or (following == "-" and t.glued(after) and t[after + 1].isalpha())
    ):
        return False
    opens = t[i - 1] in _BEFORE_A_DATE
    if t[ordinal_at][0].isdecimal():
        plain = opens and (not following or following in _AFTER_ORDINAL)
        return i < ordinal_at or t[i - 1] in LEADS or t[i - 1] in WEEKDAYS or plain
    large = after > ordinal_at + 1 or ORDINALS.get(t[ordinal_at], 0) >= _SURELY_A_DAY
    if i == ordinal_at and t[i - 1] not in WEEKDAYS and not (large and opens):
        return False
    made = (t[i - 2], t[i - 1]) in {("make", "it"), ("make", "that")}
    led = made or t[i - 1] in LEADS or _beside_weekday(t, i)
    likely = opens and ORDINALS.get(t[ordinal_at], 0) > _SMALLEST_RANKS
    return (not following or following in _AFTER_ORDINAL) and (led or large or likely)
