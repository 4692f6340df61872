"""A measured figure and its interval. Names, units and which direction is better stand in figures.toml."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eval.bootstrap import Interval, Statistic, median_interval, sums_interval
from models.wording import Wording

NAMES = Wording.beside(__file__, "figures.toml")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `key` is a name in figures.toml, `row` says of what: language first, then the data, then
    the condition ("en/ami30/estimated"). `n` counts the units that were drawn for the interval.
    """

    key: str
    row: str
    value: float
    low: float | None
    high: float | None
    n: int

    @property
    def unit(self) -> str:
        """Per cent "%", seconds "s", "MB", a ratio "x" or a count "n"."""
        return NAMES.table[self.key]["unit"]

    @property
    def better(self) -> str:
        """Which way is better: "lower", "higher" or "neither"."""
        return NAMES.table[self.key]["better"]

    def shown(self) -> str:
        """The value and its interval as text, in its unit."""
        if self.low is None or self.high is None:
            return self._text(self.value)
        return f"{self._text(self.value)} [{self._text(self.low)}, {self._text(self.high)}]"

    def _text(self, value: float) -> str:
        if self.unit == "%":
            return f"{100 * value:.1f} %"
        return f"{value:.0f}" if self.unit == "n" and value == int(value) else f"{value:.2f}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation hands back: figures, and counts by recording or conversation (never any text)."""

    figures: tuple[Figure, ...]
    details: list[dict[str, Any]] = field(default_factory=list)


def pooled(
    key: str, row: str, units: Sequence[Sequence[float]], statistic: Statistic, seed: int
) -> list[Figure]:
    """The statistic of the summed units with its interval; an empty list where it is undefined."""
    if not units:
        return []
    value = statistic(np.sum(np.asarray(units, dtype=np.float64), axis=0))
    return _figure(key, row, value, sums_interval(units, statistic, seed), len(units))


def median(key: str, row: str, values: Sequence[float], seed: int) -> list[Figure]:
    """The median of the values with its interval; an empty list without values."""
    if not values:
        return []
    return _figure(key, row, float(np.median(values)), median_interval(values, seed), len(values))


def single(key: str, row: str, value: float, n: int = 1) -> list[Figure]:
    """A figure that was measured once, without an interval."""
    return _figure(key, row, value, None, n)


def _figure(key: str, row: str, value: float, interval: Interval, n: int) -> list[Figure]:
    if math.isnan(value):
        return []
    low, high = interval or (None, None)
    return [Figure(key, row, value, low, high, n)]
