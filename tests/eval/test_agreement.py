from __future__ import annotations

import numpy as np
import pytest

from eval.agreement import evaluate, kappa
from eval.data import NothingToMeasure, Twice


def labels(tone: str, acts: list[str], owner: str, due: str | None) -> dict:
    moves = [
        {"turn": 0, "move": "ask", "stale": False, "quote": "x"},
        {"turn": 1, "move": "accept", "stale": False, "quote": "x"},
        {"turn": 2, "move": "refuse", "stale": False, "quote": "x"},
    ]
    return {
        "turns": [{"i": 0, "tone": tone, "acts": acts}],
        "threads": [{"fate": "item", "owner": owner, "due": due, "moves": moves}],
    }


def figures(*pairs: tuple[dict, dict]) -> dict[str, float]:
    twice = [Twice(str(n), "en", 4, first, second) for n, (first, second) in enumerate(pairs)]
    return {f.key: f.value for f in evaluate(twice, 0).figures}


def test_kappa_of_a_table_worked_out_by_hand():
    # Cohen 1960: observed 0.7, by chance 0.5.
    assert kappa(np.array([20.0, 5.0, 10.0, 15.0])) == pytest.approx((0.7 - 0.5) / 0.5)


def test_the_same_labels_agree_wholly():
    one = labels("critical", ["proposal"], "e", "2026-05-08")
    found = figures((one, one))

    assert found["kappa_tone"] == found["kappa_acts"] == 1.0
    assert found["annotators_items_f1"] == found["annotators_all_right"] == 1.0


def test_a_different_date_and_owner_are_told_apart():
    one = labels("critical", ["proposal"], "e", "2026-05-08")
    found = figures((one, labels("critical", ["proposal"], "m", "2026-05-08")), (one, one))

    assert found["annotators_owner_right"] == 0.5
    assert found["annotators_date_right"] == 1.0
    assert found["annotators_all_right"] == 0.5


def test_chance_agreement_is_taken_off():
    found = figures((labels("critical", ["goal"], "e", None), labels("neutral", ["empathy"], "e", None)))

    assert found["kappa_tone"] == pytest.approx(0.0)
    assert found["kappa_acts"] < 0.1


def test_nothing_to_measure_is_said():
    with pytest.raises(NothingToMeasure):
        evaluate([], 0)
