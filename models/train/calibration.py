"""From talks a reader never saw: scaling of acts and tone, and the tables of confidence.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment, minimize
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

Matrix = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
Weights = dict[str, Matrix]
STRENGTH = 0.3
"""Inverse strength of the L2 penalty of the yes-or-no tables."""
PENALTY = 0.004
"""Strength of the L2 penalty of the tables that choose, beside the mean loss."""
SMALL = 0.02
"""Weights nearer to zero than this are left out of the file."""


Signs = Mapping[str, float]
Table = dict[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that is or is not what it seems, with its signs."""

    signs: Signs
    right: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Options to choose from, each with its signs, and which of them are right (at least one)."""

    options: Sequence[Signs]
    right: Sequence[bool]


def best_threshold(labels: Matrix, scores: Matrix) -> tuple[float, float]:
    """Score from which on calling it positive gives the best F1, and that F1."""
    order = np.argsort(-scores)
    hits = np.cumsum(labels[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + labels.sum())
    at = int(f1.argmax())
    return float(scores[order[at]]), float(f1[at])


def act_scaling(acts: Matrix, logits: Matrix) -> Weights:
    """Slope and offset by act that put the best F1 at 0.5."""
    slopes, offsets = [], []
    for column, scores in zip(acts.T, logits.T, strict=True):
        slope = float(LogisticRegression(C=1e3).fit(scores[:, None], column).coef_[0, 0])
        threshold, _ = best_threshold(column, scores)
        slopes.append(slope)
        offsets.append(-slope * threshold)
    return {"act_slope": np.array(slopes, np.float32), "act_offset": np.array(offsets, np.float32)}


def tone_scaling(labels: Labels, logits: Matrix) -> Weights:
    """Prior and temperature (Guo et al. 2017) that fit the labels best, from a grid: training weighs sharp
    turns more than they are frequent.
    """
    best = min(
        ((warmth, prior) for warmth in np.arange(0.6, 3.01, 0.1) for prior in np.arange(0.0, 4.01, 0.25)),
        key=lambda pair: _tone_loss(labels, logits, *pair),
    )
    prior = np.array([best[1], 0.0, 0.0], np.float32)
    return {"tone_warmth": np.array([best[0]], np.float32), "tone_prior": prior}


def _tone_loss(labels: Labels, logits: Matrix, warmth: float, prior: float) -> float:
    scaled = (logits + np.array([prior, 0.0, 0.0])) / warmth
    normal = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
    return float(-normal[np.arange(len(labels)), labels].mean())


def judging_table(judged: Sequence[Judged]) -> Table:
    """Log-odds by sign, "bias" first: logistic regression with an L2 penalty."""
    vectors = DictVectorizer(sparse=False)
    values = vectors.fit_transform([j.signs for j in judged])
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(values, [j.right for j in judged])
    return {"bias": float(model.intercept_[0])} | _by_sign(vectors, model.coef_[0])


def choosing_table(choices: Sequence[Choice]) -> Table:
    """Utility by sign: conditional logit (McFadden 1974) with an L2 penalty; several options may be right."""
    vectors = DictVectorizer(sparse=False)
    values = vectors.fit_transform([signs for choice in choices for signs in choice.options])
    right = np.concatenate([np.array(choice.right, float) for choice in choices])
    of = np.repeat(np.arange(len(choices)), [len(choice.options) for choice in choices])
    firsts = np.searchsorted(of, np.arange(len(choices)))

    def shares(utility: npt.NDArray[np.float64], mask: npt.NDArray[np.float64]) -> tuple[Any, Any]:
        raised = np.exp(utility - np.maximum.reduceat(utility, firsts)[of]) * mask
        sums = np.add.reduceat(raised, firsts)
        return raised / sums[of], np.log(sums)

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        utility = values @ weights
        every, log_every = shares(utility, np.ones_like(right))
        good, log_good = shares(utility, right)
        mean = float((log_every - log_good).mean()) + PENALTY * float(weights @ weights)
        return mean, values.T @ (every - good) / len(choices) + 2 * PENALTY * weights

    found = minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B").x
    return _by_sign(vectors, found)


def _by_sign(vectors: Any, weights: Any) -> Table:  # noqa: ANN401 - scikit-learn is untyped
    pairs = zip(vectors.feature_names_, weights.tolist(), strict=True)
    return {sign: weight for sign, weight in sorted(pairs) if abs(weight) >= SMALL}


def as_toml(tables: Mapping[str, Table]) -> str:
    """The tables as they are written."""
    return "\n".join(
        f"[{t}]\n" + "".join(f"{k} = {v:.2f}\n" for k, v in row.items()) for t, row in tables.items()
    )


def partners(found: Sequence[frozenset[int]], wanted: Sequence[frozenset[int]]) -> dict[int, int]:
    """Index of found -> index of wanted, one to one, with the largest sum of overlaps (Jaccard index)."""
    if not found or not wanted:
        return {}
    overlap = np.array([[len(f & w) / max(1, len(f | w)) for w in wanted] for f in found])
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if overlap[r, c] > 0}
