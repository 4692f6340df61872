"""Places of values in small pictures. Templates draw them (page_templates/charts.html), with their table.

Lengths are in units of an SVG's view box, which grows with the page; y goes down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

EDGE = 8.0
"""Free around what is drawn, for marks that lie on its border."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of time. `dots`: (x, day); `months`: x of each first day of a month, and that day."""

    width: float
    dots: tuple[tuple[float, date], ...]
    months: tuple[tuple[float, date], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Values over time. `path`: of SVG; `levels`: (y, value) of lines to read them by, the lowest first."""

    width: float
    height: float
    points: tuple[Point, ...]
    path: str
    levels: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """One row of values around a radar. `marks`: (axis from 0, x, y) of those that are known."""

    path: str
    marks: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """Axes from the middle, the first one upwards. `ends`, `labels`: of each axis; `levels`: paths."""

    size: float
    ends: tuple[Point, ...]
    labels: tuple[Point, ...]
    levels: tuple[str, ...]
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows of bars that begin at `left`. `rows`: for each row (y, length) of its bars, None: not known."""

    width: float
    height: float
    thickness: float
    rows: tuple[tuple[tuple[float, float] | None, ...], ...]


def strip(days: Sequence[date], since: date, until: date, width: float = 360.0) -> Strip:
    """Days of `since` to `until` from left to right; others are left out."""
    first, span = since.toordinal(), max((until - since).days, 1)

    def place(day: date) -> float:
        return _round(EDGE + (day.toordinal() - first) / span * (width - 2 * EDGE))

    shown = [day for day in days if since <= day <= until]
    every = (since + timedelta(n) for n in range(span + 1))
    months = [day for day in every if day.day == 1]
    return Strip(width, tuple((place(d), d) for d in shown), tuple((place(d), d) for d in months))


def line(
    values: Sequence[tuple[date, float]], top: float, width: float = 320.0, height: float = 120.0
) -> Line:
    """Values of 0 to `top` by day, the earliest first; a single one stands in the middle."""
    first, last = values[0][0], values[-1][0]
    span = (last - first).days

    def place(day: date, value: float) -> Point:
        along = (day - first).days / span if span else 0.5
        return _round(EDGE + along * (width - 2 * EDGE)), _up(value)

    def _up(value: float) -> float:
        return _round(height - EDGE - min(value / top, 1.0) * (height - 2 * EDGE))

    points = tuple(place(*one) for one in values)
    levels = tuple((_up(share * top), share * top) for share in (0.0, 0.5, 1.0))
    return Line(width, height, points, _path(points), levels)


def radar(rows: Sequence[Sequence[float | None]], most: float, size: float = 240.0) -> Radar:
    """`rows`: one of values 0 to `most` for each ring, as many as there are axes; None: not known. Three axes
    at least make a picture.
    """
    count, middle = len(rows[0]), size / 2
    reach = middle - 3 * EDGE

    def place(axis: int, share: float) -> Point:
        angle = 2 * math.pi * axis / count
        out = share * reach
        return _round(middle + out * math.sin(angle)), _round(middle - out * math.cos(angle))

    def around(share: float) -> str:
        return _path([place(n, share) for n in range(count)]) + "Z"

    rings = []
    for row in rows:
        known = [(n, *place(n, value / most)) for n, value in enumerate(row) if value is not None]
        rings.append(Ring(_around(known, count), tuple(known)))
    return Radar(
        size=size,
        ends=tuple(place(n, 1.0) for n in range(count)),
        labels=tuple(place(n, 1.0 + 1.6 * EDGE / reach) for n in range(count)),
        levels=tuple(around(level / most) for level in range(1, math.floor(most) + 1)),
        rings=tuple(rings),
    )


def bars(
    rows: Sequence[Sequence[float | None]], most: float, width: float = 320.0, thickness: float = 8.0
) -> Bars:
    """The bars of a row lie below each other, and a gap as high as one between rows."""
    pitch = (len(rows[0]) + 1) * thickness if rows else 0.0
    placed = tuple(
        tuple(
            None if value is None else (_round(n * pitch + k * thickness), _round(value / most * width))
            for k, value in enumerate(row)
        )
        for n, row in enumerate(rows)
    )
    return Bars(width, _round(len(rows) * pitch), thickness, placed)


def _around(known: Sequence[tuple[int, float, float]], count: int) -> str:
    """Through neighbours only: what is not known is a gap."""
    if len(known) == count:
        return _path([(x, y) for _, x, y in known]) + "Z"
    steps = list(pairwise(known))
    if len(known) > 1:
        steps.append((known[-1], known[0]))
    joined = [(a, b) for a, b in steps if (b[0] - a[0]) % count == 1]
    return "".join(_path([(a[1], a[2]), (b[1], b[2])]) for a, b in joined)


def _path(points: Sequence[Point]) -> str:
    return "".join(f"{'L' if n else 'M'}{x:g} {y:g}" for n, (x, y) in enumerate(points))


def _round(length: float) -> float:
    return round(length, 1)
