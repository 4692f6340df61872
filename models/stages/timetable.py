"""When the steps of a development plan are due: suggestions, counted from the day the plan is made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.development import Resource

HOURS_A_WEEK = 2.0
"""What somebody can learn beside their work."""

HOURS_A_WEEK_AWAY = 16.0
"""Who is lent to another team works there, about two days a week."""

AWAY = frozenset({"rotation", "secondment", "轮岗", "借调"})
LEAST_WEEKS, MOST_WEEKS = 2, 52
"""Nobody can promise anything beyond a year; what takes longer is looked at again then."""

UNKNOWN_WEEKS = 4
"""For a resource whose effort the catalogue does not say: until the next check-in."""

REVIEW_WEEKS = 4
SUPPORT_WEEKS = 1


@dataclass(frozen=True, slots=True)
class Span:
    """When a resource is done: from `starts`, None for at once, until `due`.

    `missed`: it has days on which it starts, and all of them are over.
    """

    starts: date | None
    due: date
    missed: bool = False


def working_day(day: date) -> date:
    """The day, or the Monday after it when it is on a weekend. Public holidays are not looked at."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


def review_day(on: date) -> date:
    """The next check-in: four weeks later."""
    return working_day(on + timedelta(weeks=REVIEW_WEEKS))


def support_day(on: date, spans: Sequence[Span]) -> date:
    """When the manager has cleared the way: within a week, at once when something begins before that."""
    due = working_day(on + timedelta(weeks=SUPPORT_WEEKS))
    return working_day(on) if any(span.starts and span.starts <= due for span in spans) else due


def pace(resource: Resource) -> float:
    """Hours a week."""
    return HOURS_A_WEEK_AWAY if resource.kind.lower() in AWAY else HOURS_A_WEEK


def timetable(resources: Sequence[Resource], on: date) -> dict[str, Span]:
    """A span for each resource by its id, none before `on` and no due day on a weekend.

    A resource begins on the first of its days that is left, and after those it builds on, where they are
    among the resources; prerequisites in a circle are taken as none.
    """
    by_id = {resource.id: resource for resource in resources}
    found: dict[str, Span] = {}

    def place(resource: Resource, above: frozenset[str]) -> Span:
        if resource.id not in found:
            path = above | {resource.id}
            before = [by_id[one] for one in resource.prerequisites if one in by_id and one not in path]
            found[resource.id] = _span(resource, on, [place(one, path).due for one in before])
        return found[resource.id]

    for resource in resources:
        place(resource, frozenset())
    return found


def busiest(resources: Sequence[Resource], spans: Mapping[str, Span], on: date) -> float:
    """Hours a week in the week in which most of these resources are done side by side."""
    placed = [(spans[one.id].starts or on, spans[one.id].due, pace(one)) for one in resources]
    return max(sum(hours for starts, due, hours in placed if starts <= begin < due) for begin, _, _ in placed)


def _span(resource: Resource, on: date, before: Sequence[date]) -> Span:
    free = max((on, *before))
    days = sorted(map(date.fromisoformat, resource.starts))
    first = next((day for day in days if day >= free), None)
    weeks = UNKNOWN_WEEKS
    if resource.effort_hours is not None:
        weeks = max(LEAST_WEEKS, math.ceil(min(MOST_WEEKS, resource.effort_hours / pace(resource))))
    due = working_day((first or free) + timedelta(weeks=weeks))
    return Span(first or (free if before else None), due, missed=bool(days) and first is None)
