"""Any English point in time, and what is counted from one: "the Friday before Easter"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.english_days import WEEKDAYS, Found, Production
from models.stages.deadlines.english_distances import amount, shifted_by
from models.stages.deadlines.english_ends import ended_period
from models.stages.deadlines.english_events import dated_event, holiday, possessive_event, undated_event
from models.stages.deadlines.english_moments import moment
from models.stages.deadlines.english_periods import period
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.words import Tokens

_SIMPLE: tuple[Production, ...] = (moment, ended_period, period, holiday, possessive_event)
EVENTS: tuple[Production, ...] = (dated_event, undated_event)
"""Further readings where a modifier makes room for an event: before, until, by."""


def _longest(t: Tokens, i: int, scope: Scope, productions: tuple[Production, ...]) -> Found:
    found = [f for production in productions if (f := production(t, i, scope))]
    return max(found, key=lambda f: f[1], default=None)


def point(t: Tokens, i: int, scope: Scope, also: tuple[Production, ...] = ()) -> Found:
    """Read the longest point in time at token i."""
    return _longest(t, i, scope, (*_SIMPLE, counted, weekday_beside, vague, *also))


def counted(t: Tokens, i: int, scope: Scope) -> Found:
    """Count from a day: "a week on Tuesday", "two weeks from Monday", "the day before Easter"."""
    the_day = t.expect(i, "the day", "the week")
    found = (1, t[i + 1], the_day) if the_day else amount(t, i)
    if not found:
        return None
    number, unit, j = found
    before = t[j] == "before"
    if t[j] in {"from", "after", "before"} or (t[j] == "on" and unit in {"week", "fortnight"}):
        base = _longest(t, j + 1, scope, (*_SIMPLE, *EVENTS))
    else:
        near = t[j] in {"today", "tomorrow"} or (unit == "fortnight" and t[j] in WEEKDAYS)
        base = moment(t, j, scope) if near else None
    if not base or base[0].past:
        return None
    if the_day and unit == "week":
        return Anchor("week_beside"), base[1]
    return _count_from(base[0], -1 if before else 1, number, unit, scope), base[1]


_EVEN = {"day", "week", "fortnight"}


def _count_from(base: Anchor, sign: int, number: int | None, unit: str, scope: Scope) -> Anchor:
    start = base.opening if sign < 0 else base.last
    if start is None or number is None:
        return Anchor(base.rule if start is None else "vague_amount")
    if sign > 0:
        found = shifted_by(start, number, unit, scope)
        moved = (found.last - start).days if found.last and unit in _EVEN else None
        return replace(found, seek=base.sought(moved)) if moved is not None else found
    days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
    day = cal.shifted(start, -number * days) if days and number < 400 else None
    seek = base.sought(-number * days) if days else None
    return Anchor.day("days_before", day if day and day >= scope.meeting else None, seek=seek)


def weekday_beside(t: Tokens, i: int, scope: Scope) -> Found:
    """Find the weekday next to a day or holiday: the Friday before Christmas, the Monday after Easter."""
    j = t.skip(i, {"the"})
    if t[j] not in WEEKDAYS or t[j + 1] not in {"before", "after"}:
        return None
    base = _longest(t, j + 2, scope, (*_SIMPLE, *EVENTS))
    if not base or base[0].past:
        return None
    first, last = base[0].opening, base[0].last
    if first is None or last is None:
        return Anchor(base[0].rule), base[1]
    if t[j + 1] == "after":
        day = cal.weekday_after(last, WEEKDAYS[t[j]])
    else:
        day = cal.weekday_until(first - timedelta(days=1), WEEKDAYS[t[j]])
    return Anchor.day("weekday_beside", day if day >= scope.meeting else None), base[1]


_SEASONS = {
    f"{which}{season}": "season"
    for which in ("", "the ", "this ", "next ", "late ", "early ", "the end of ", "the ", "the end of the ")
    for season in ("summer", "autumn", "winter", "spring", "summer break", "winter break")
}
_SOON = {
    "as soon as possible": "soon",
    "asap": "soon",
    "as soon as i can": "soon",
    "right away": "soon",
    "straight away": "soon",
    "midweek": "vague_week",
    "midweek next week": "vague_week",
    "midweek this week": "vague_week",
    "mid week": "vague_week",
}


def vague(t: Tokens, i: int, scope: Scope) -> Found:
    """Note seasons and "as soon as possible": a time is meant, no day can be told."""
    found = t.lookup(i, _SOON)
    if not found and t[i - 1] in {"by", "before", "in", "until", "till", "this", "next", "over"}:
        found = t.lookup(i, _SEASONS)
    return (Anchor(found[0]), found[1]) if found else None
