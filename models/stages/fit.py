"""How probably an entry of the catalogue suits a need: a logistic model over the signs of retrieval.

Weights: fit.toml, fitted by models/train/fit.py on cases that people judged entry by entry; the cases of
eval/data are not among them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from models.stages.confidence import probability, weighed

SHOWN, BESIDE = 0.15, 0.1
"""Probability from which the best entry is offered, and from which others are beside it: where not even the
best one fits, nothing is offered. Chosen on the cases the weights were fitted on, each left out in its turn
(models/train/fit.py prints what thresholds let through)."""


@cache
def weights() -> dict[str, float]:
    """Sign -> log-odds, with the bias among them."""
    return tomllib.loads((Path(__file__).parent / "fit.toml").read_text("utf-8"))


def fit(signs: Mapping[str, float]) -> float:
    """Probability 0..1 that the entry suits the need."""
    return probability(weighed(signs, weights()))
