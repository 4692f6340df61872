"""English days counted within a month: the last Friday of the month, the first working day of next month,
the first week of March.
"""

from __future__ import annotations

from datetime import date

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.english_days import WEEKDAYS, Found, one_of_months
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.holidays import is_working_day
from models.stages.deadlines.words import Tokens

_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_WHAT: dict[str, str | int] = WEEKDAYS | {
    "day": "day",
    "working day": "working",
    "business day": "working",
    "workday": "working",
    "week": "week",
    "full week": "week",
}


def nth_day(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "the last Friday of the month" | "first working day of next month" | "last day of March"."""
    j = t.skip(i, {"the"})
    nth = _NTH.get(t[j])
    what = t.lookup(j + 1, _WHAT) if nth else None
    if not nth or not what:
        return None
    k = t.expect(what[1], "of", "in", "into")
    if k is None:
        return None
    if relative := t.lookup(k, {"the month": 0, "this month": 0, "next month": 1}):
        year, month = cal.month_of(scope.meeting, relative[0])
        k, rolls = relative[1], t[k] == "the"
    elif number := one_of_months(t, k):
        year, month = cal.next_month(scope.earliest, number)[0].year, number
        k, rolls = k + 1, False
    else:
        return None
    day = _nth_in_month(year, month, what[0], nth, scope)
    if day and day < scope.earliest and rolls:
        day = _nth_in_month(*cal.month_of(scope.meeting, 1), what[0], nth, scope)
    if day is None or day < scope.earliest:
        return Anchor("nth_weekday"), k
    if what[0] == "week":
        return Anchor("week", max(cal.monday_of(day), scope.meeting), day, inclusive=True), k
    return Anchor.day("nth_weekday", day), k


def _nth_in_month(year: int, month: int, what: str | int, nth: int, scope: Scope) -> date | None:
    if isinstance(what, int):
        return cal.nth_weekday(year, month, what, nth)
    if what == "week":
        return cal.week_of_month(year, month, nth)
    last = cal.month_end(year, month)
    days = [date(year, month, n) for n in range(1, last.day + 1)]
    if what == "working":
        days = [day for day in days if is_working_day(day, scope.calendar.country)]
    return days[nth if nth < 0 else nth - 1]
