from __future__ import annotations

import math

import numpy as np

from eval.bootstrap import f1, median_interval, ratio, sums_interval


def test_ratio_pools_counts_instead_of_averaging_rates() -> None:
    assert ratio(np.array([1 + 9, 10 + 10])) == 0.5
    assert math.isnan(ratio(np.array([0.0, 0.0])))


def test_f1_by_hand() -> None:
    # 3 right of 4 predicted and 6 labelled: precision 3/4, recall 1/2, F1 0.6
    assert math.isclose(f1(np.array([3, 4, 6])), 0.6)
    assert math.isnan(f1(np.zeros(3)))


def test_one_unit_has_no_interval() -> None:
    assert sums_interval([(1, 2)], ratio, seed=0) is None
    assert median_interval([3.0], seed=0) is None


def test_same_seed_same_interval() -> None:
    units = [(i**1.5, 100.0 + i) for i in range(20)]
    assert sums_interval(units, ratio, seed=7) == sums_interval(units, ratio, seed=7)
    assert sums_interval(units, ratio, seed=7) != sums_interval(units, ratio, seed=8)


def test_units_that_agree_have_an_interval_of_no_width() -> None:
    assert sums_interval([(1, 4)] * 5, ratio, seed=0) == (0.25, 0.25)


def test_intervals_hold_the_truth_about_95_times_in_100() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for trial in range(200):
        right = rng.binomial(20, 0.3, size=40)
        interval = sums_interval([(r, 20) for r in right], ratio, seed=trial)
        assert interval is not None
        held += interval[0] <= 0.3 <= interval[1]
    assert 180 <= held <= 199


def test_undefined_resamples_are_left_out() -> None:
    interval = sums_interval([(0, 0), (1, 2)], ratio, seed=0)
    assert interval == (0.5, 0.5)
