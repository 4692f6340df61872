"""Phrases of one sentence that belong together: every Tuesday + until the audit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.expression import Every, Phrase

_SENTENCE_END = re.compile(r"[.!?。!?;;](?=\s|$)|[。!?;]")
_CLOSED = re.compile(r"\s*(?:[.,;!?。;]|$)")
_NEAR = 70
_OR = re.compile(r",?\s*(?:or|或者?)\s*(?:on|by)?\s*", re.IGNORECASE)
_ADJACENT = re.compile(r"[\s,、的和跟]*(?:on a|on|by|and|at|the|in)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """How the other phrase stands to the series: behind it, right beside it, in a list with it."""

    follows: bool
    close: bool
    listed: bool


def joined(phrases: Iterable[Phrase], text: str, calendar: Calendar) -> list[Phrase]:
    """Join neighbours: a recurrence takes in its start, its end and its hour of delivery."""
    result: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda p: p.start):
        before = result[-1] if result else None
        merged = _merge(before, phrase, text, calendar) if before else None
        if merged:
            result[-1] = merged
        else:
            result.append(phrase)
    return result


def _merge(first: Phrase, second: Phrase, text: str, calendar: Calendar) -> Phrase | None:
    """Give one phrase of two neighbours of a sentence, or None where they stay apart."""
    gap = text[first.end : second.start]
    if len(gap) > _NEAR or _SENTENCE_END.search(gap):
        return None
    close = _ADJACENT.fullmatch(gap) is not None
    series, other = (first, second) if first.every else (second, first)
    if series.every is None:
        begun = _weekday_and_start(first, second, text) if close else None
        return begun or _start_and_count(first, second, close) or _either(first, second, gap)
    end = max(first.end, second.end)
    if other.every:
        return _two_series(first, second, end, close)
    series = replace(series, start=first.start, end=end)
    near = _Neighbours(other is second, close, re.search("and|和|跟|、", gap) is not None)
    return _with_limits(series, other, near, calendar)


def _with_limits(series: Phrase, other: Phrase, near: _Neighbours, calendar: Calendar) -> Phrase | None:
    """Give the series its start, its end or its day."""
    every = series.every
    if every is None:
        return None
    if other.kind == "from":
        begun = replace(series, since=other.since)
        due = last_occurrence(begun, series, calendar) if series.count else series.due
        return replace(begun, due=due)
    if _bounds(every, other, near):
        bounded = replace(series, rule="series_until", count=other.count, since=other.since or series.since)
        return replace(bounded, due=last_occurrence(bounded, other, calendar))
    if near.follows and near.close and other.kind == "due":
        add = near.listed or not every.weekdays
        return replace(series, every=_on_weekday(every, other) if add else every)
    return None


def _bounds(every: Every, other: Phrase, near: _Neighbours) -> bool:
    """Whether the other phrase ends the series: until X, for four weeks, from X to Y, every day this week."""
    if other.kind == "until":
        return near.follows
    if other.kind == "count":
        return near.follows or near.close
    if other.kind != "due" or other.due is None:
        return False
    if other.rule == "week":
        return every.recurrence == "daily" and near.close
    coming_weeks = other.rule == "in_weeks" and near.close and bool(every.weekdays)
    return near.follows and (coming_weeks or other.since is not None)


def _start_and_count(first: Phrase, second: Phrase, close: bool) -> Phrase | None:
    """从下周五开始,连着四个礼拜: a weekly series without the word every. Also 从下周五,十二月四号开始."""
    begin, count = (first, second) if first.kind == "from" else (second, first)
    if begin.kind == "from" and count.kind == "count" and close and begin.since and count.count:
        due = begin.since + timedelta(days=7 * (count.count - 1))
        every = Every("weekly", (begin.since.weekday(),))
        series = replace(begin, kind="every", rule="series_until", every=every, due=due, seek=None)
        return replace(series, start=first.start, end=second.end)
    return None


def _weekday_and_start(first: Phrase, second: Phrase, text: str) -> Phrase | None:
    """Tuesday, starting next week; 礼拜五晚上,从下个礼拜起: a weekly series without the word every.

    Only where nothing follows: "Friday, from Monday I'm away" says two things.
    """
    named = first.kind == "due" and first.rule == "bare_weekday" and first.due and not first.marked
    if not named or second.kind != "from" or not first.due or not _CLOSED.match(text, second.end):
        return None
    every = Every("weekly", (first.due.weekday(),))
    return replace(second, kind="every", rule="every_weekday", every=every, start=first.start, due=None)


def _either(first: Phrase, second: Phrase, gap: str) -> Phrase | None:
    """Join "Monday or Tuesday": the later one is still on time; with a vague one nothing is settled."""
    if first.kind != "due" or second.kind != "due" or not _OR.fullmatch(gap):
        return None
    due = max(first.due, second.due) if first.due and second.due else None
    ruling = first if first.due is None else second
    marked = first.marked or second.marked
    return replace(ruling, start=first.start, end=second.end, due=due, marked=marked)


def _two_series(first: Phrase, second: Phrase, end: int, close: bool) -> Phrase | None:
    """Join two series: "from now on" beside a recurrence only says when it starts."""
    if first.rule == "from_now_on":
        return replace(second, start=first.start, end=end, since=first.since)
    if second.rule == "from_now_on":
        return replace(first, end=end, since=second.since)
    beat, days = first.every, second.every
    if close and beat and days and days.weekdays and not beat.weekdays:
        return replace(
            second, start=first.start, every=replace(days, recurrence=beat.recurrence), since=first.since
        )
    return None


def _on_weekday(every: Every, due: Phrase) -> Every:
    """Take the day of "weekly on Friday"; another time beside a recurrence is relative to the occasion."""
    if every.recurrence in {"weekly", "biweekly"} and due.due and "weekday" in due.rule:
        return replace(every, weekdays=(*every.weekdays, due.due.weekday()))
    return every


def last_occurrence(series: Phrase, bound: Phrase, calendar: Calendar) -> date | None:
    """Give the last day of a bounded series; None where the bound or the beat is not known."""
    every = series.every
    if every is None:
        return None
    start = series.since or calendar.meeting + timedelta(days=1)
    if bound.count:
        return _nth_week(every, start, bound.count)
    if bound.due is None:
        return None
    last = _last_until(every, series.since, bound.due)
    return last if last and last >= max(calendar.meeting, series.since or calendar.meeting) else None


def _last_until(every: Every, since: date | None, bound: date) -> date | None:
    if every.recurrence == "biweekly" and every.weekdays:
        if since is None:
            return None
        first = cal.weekday_after(since - timedelta(days=1), every.weekdays[0])
        return first + (bound - first) // timedelta(days=14) * timedelta(days=14)
    if every.recurrence == "weekly" and every.weekdays:
        return max(cal.weekday_until(bound, day) for day in every.weekdays)
    if every.nth:
        return _last_nth(every.nth, bound)
    if every.month_end:
        end = cal.month_end(bound.year, bound.month)
        return end if end == bound else bound.replace(day=1) - timedelta(days=1)
    return bound if every.recurrence else None


def _last_nth(nth: tuple[int, int], bound: date) -> date | None:
    """Give the last n-th weekday of a month on or before the bound."""
    for months in (0, -1):
        day = cal.nth_weekday(*cal.month_of(bound, months), nth[1], nth[0])
        if day and day <= bound:
            return day
    return None


def _nth_week(every: Every, start: date, count: int) -> date | None:
    if every.recurrence == "daily":
        return start + timedelta(days=7 * count - 1)
    if every.recurrence != "weekly" or not every.weekdays:
        return None
    firsts = [cal.weekday_after(start - timedelta(days=1), day) for day in every.weekdays]
    return max(firsts) + timedelta(days=7 * (count - 1))
