"""95 % intervals by the percentile bootstrap over recordings, conversations or queries (Efron 1979).

A unit is what is drawn again: words within a recording depend on each other, so recordings are drawn, not
words. Every statistic here is a function of sums over units, which makes a resample one product of a count
vector with a matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Sums = npt.NDArray[np.float64]
"""Sums over units, shape (n_counts,)."""

Statistic = Callable[[Sums], float]
Interval = tuple[float, float] | None

ROUNDS = 2000
TAILS = (2.5, 97.5)


def sums_interval(units: Sequence[Sequence[float]], statistic: Statistic, seed: int) -> Interval:
    """The interval of `statistic(sums)`; `units` has shape (n_units, n_counts).

    None for fewer than two units, where nothing can be said about the spread.
    """
    matrix = np.asarray(units, dtype=np.float64)
    n = len(matrix)
    if n < 2:
        return None
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=ROUNDS)  # (rounds, n_units)
    return _percentiles([statistic(sums) for sums in draws @ matrix])


def median_interval(values: Sequence[float], seed: int) -> Interval:
    """The interval of the median of `values`; None for fewer than two."""
    if len(values) < 2:
        return None
    drawn = np.random.default_rng(seed).choice(np.asarray(values), size=(ROUNDS, len(values)))
    return _percentiles(list(np.median(drawn, axis=1)))


def ratio(sums: Sums) -> float:
    """First sum over second; nan when the second is 0. The rate of a pooled sample, not the mean of rates."""
    return float(sums[0] / sums[1]) if sums[1] else math.nan


def f1(sums: Sums) -> float:
    """F1 from the sums (right, predicted, gold): 2 right / (predicted + gold); nan when both are 0."""
    return float(2 * sums[0] / (sums[1] + sums[2])) if sums[1] + sums[2] else math.nan


def _percentiles(values: Sequence[float]) -> Interval:
    """A resample in which the statistic is undefined says nothing and is left out."""
    defined = [value for value in values if not math.isnan(value)]
    if not defined:
        return None
    low, high = np.percentile(defined, TAILS)
    return float(low), float(high)
