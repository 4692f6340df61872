"""English distances: "in two weeks", "within three working days", "a week on Tuesday", "two weeks ago"."""

from __future__ import annotations

from datetime import date

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.english_days import Found
from models.stages.deadlines.english_moments import moment
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.holidays import working_days_after
from models.stages.deadlines.spoken_numbers import english_cardinal
from models.stages.deadlines.words import Tokens, listed

_FEW = listed(
    "a few|several|some|a couple of|a couple|a day or two|a week or two|a month or two|two or three|"
    "three or four|two to three|three to four|one or two|four to five|four or five|a handful of|so many|many",
    "|",
)
UNITS = {
    "day": "day",
    "days": "day",
    "day's": "day",
    "calendar days": "day",
    "working day": "working",
    "working days": "working",
    "business day": "working",
    "business days": "working",
    "workdays": "working",
    "weekdays": "working",
    "week": "week",
    "weeks": "week",
    "week's": "week",
    "fortnight": "fortnight",
    "fortnights": "fortnight",
    "fortnight's": "fortnight",
    "month": "month",
    "months": "month",
    "month's": "month",
    "quarter": "quarter",
    "quarters": "quarter",
    "year": "year",
    "years": "year",
    "year's": "year",
    "hour": "hour",
    "hours": "hour",
    "hour's": "hour",
    "minute": "minute",
    "minutes": "minute",
    "sprint": "sprint",
    "sprints": "sprint",
}


_HALVES = {
    "half a year": ("month", 6),
    "half a month": ("day", 15),
    "half an hour": ("minute", 30),
    "an hour and a half": ("minute", 90),
    "half a day": ("hour", 4),
}


def amount(t: Tokens, i: int) -> tuple[int | None, str, int] | None:
    """Read "two weeks", "a fortnight": number (None for "a few"), unit, next index."""
    if half := t.lookup(i, _HALVES):
        return half[0][1], half[0][0], half[1]
    if few := t.lookup(i, dict.fromkeys(_FEW, True)):
        unit = t.lookup(few[1], UNITS)
        inside = t[few[1] - 2] == "or" and t[few[1] - 3] in UNITS
        return (None, unit[0], unit[1]) if unit else ((None, "day", few[1]) if inside else None)
    number = (1, i + 1) if t[i] in {"a", "an"} else english_cardinal(t.words, i)
    if not number:
        return None
    j = number[1]
    if t[j] in {"-", "–", "to", "or"} and (upper := english_cardinal(t.words, j + 1)):
        unit = t.lookup(upper[1], UNITS)
        return (None, unit[0], unit[1]) if unit else None
    unit = t.lookup(t.skip(j, {"-"}), UNITS)
    return (number[0], unit[0], unit[1]) if unit else None


def shifted_by(day: date, number: int | None, unit: str, scope: Scope) -> Anchor:
    """Give the day so many units after `day`: same weekday, same day of the month. None for "a few"."""
    if number is None or number > 400:
        return Anchor("vague_amount")
    if unit == "working":
        return Anchor.day("working_days", working_days_after(day, number, scope.calendar.country))
    if unit in {"hour", "minute"}:
        return _hours(number if unit == "hour" else number // 60, scope)
    if unit == "sprint":
        length = scope.calendar.sprint_days
        return Anchor.day("in_sprints", cal.shifted(day, number * length)) if length else Anchor("sprint")
    if unit in {"day", "week", "fortnight"}:
        days = number * {"day": 1, "week": 7, "fortnight": 14}[unit]
        return Anchor.day(f"in_{unit}s", cal.shifted(day, days))
    months = number * {"month": 1, "quarter": 3, "year": 12}[unit]
    return Anchor.day(f"in_{unit}s", cal.add_months(day, months))


def _hours(hours: int, scope: Scope) -> Anchor:
    """Whole days of hours are days, a few hours are today, anything between is not settled."""
    if hours and hours % 24 == 0:
        return Anchor.day("in_hours", cal.shifted(scope.meeting, hours // 24))
    return Anchor.day("in_hours", scope.meeting if hours <= 4 else None)


_NEXT = (
    "the next",
    "around",
    "the coming",
    "next",
    "about",
    "roughly",
    "another",
    "at most",
    "no more than",
    "just",
    "only",
)
_WITHIN = (
    "in",
    "within",
    "inside",
    "inside of",
    "over",
    "during",
    "in under",
    "in less than",
    "in no more than",
)
_ONE = {
    "the next hour": ("hour", 1),
    "the next week": ("week", 1),
    "the next month": ("month", 1),
    "the next day": ("day", 1),
}
_THE = {
    "the hour": "today",
    "the day": "today",
    "the week": "week",
    "the month": "month",
    "the quarter": "quarter",
}


def distance_ahead(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "in two weeks' time", "within the next ten days". Reckoned from an event: null."""
    within = t.expect(i, *_WITHIN)
    j = within or i
    if within and (named := _within_the(t, i, j, scope)):
        return named
    found = amount(t, t.expect(j, *_NEXT) or j if within else j)
    if not found:
        return None
    number, unit, end = found
    time = t.expect(t.skip(end, {"'"}), "time")
    now = t.expect(time or end, "from now", "from today", "today", "of today")
    idle = t[i] in {"over", "during"} and t[j] != "the"
    if not (within or time or now) or idle:
        return None
    if within and not (time or now) and t[end] in {"of", "after", "from", "before", "following"}:
        return _from_event(t, end, number, unit, scope)
    return shifted_by(scope.meeting, number, unit, scope), now or time or end


def _within_the(t: Tokens, i: int, j: int, scope: Scope) -> Found:
    """Read "within the hour", "in the next week". "Within the week" may mean either: not resolved."""
    the = t.lookup(j, _THE) if t[i] in {"within", "inside"} else None
    if the:
        today = scope.meeting if the[0] == "today" else None
        return Anchor.day("in_hours" if today else f"within_{the[0]}", today), the[1]
    one = t.lookup(j, _ONE)
    return (shifted_by(scope.meeting, one[0][1], one[0][0], scope), one[1]) if one else None


def _from_event(t: Tokens, i: int, number: int | None, unit: str, scope: Scope) -> Found:
    """Reckon from a day ("within a week of Monday"); "of the release" has none."""
    base = moment(t, i + 1, scope)
    if base and base[0].first and t[i] != "before":
        return shifted_by(base[0].first, number, unit, scope), base[1]
    return Anchor("relative_to_event"), i + 1


def distance_back(t: Tokens, i: int, scope: Scope) -> Found:
    """Two weeks ago, three days earlier, since March: the past."""
    found = amount(t, i)
    end = t.expect(found[2], "ago", "earlier", "before that", "prior", "back") if found else None
    return (Anchor("past", past=True), end) if end else None
