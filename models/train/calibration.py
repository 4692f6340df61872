"""From scores on talks a reader never saw: scaling of acts and tone, and the tables of confidence.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

Matrix = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
Weights = dict[str, Matrix]
STRENGTH = 0.3
"""Inverse strength of the L2 penalty of the confidence tables."""
SMALL = 0.05
"""Weights nearer to zero than this are left out of the file."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thread: the table that judges it, its signs (models/stages/confidence), if an item matches it."""

    table: str
    signs: dict[str, float]
    right: bool


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


def confidence_tables(candidates: Sequence[Candidate]) -> dict[str, dict[str, float]]:
    """Log-odds by table and sign, the bias first; logistic regression with an L2 penalty."""
    tables = {}
    for table in dict.fromkeys(c.table for c in candidates):
        mine = [c for c in candidates if c.table == table]
        vectors = DictVectorizer(sparse=False)
        values = vectors.fit_transform([c.signs for c in mine])
        model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(values, [c.right for c in mine])
        fitted = zip(vectors.feature_names_, model.coef_[0].tolist(), strict=True)
        tables[table] = {"bias": round(float(model.intercept_[0]), 2)}
        tables[table] |= {sign: round(w, 2) for sign, w in sorted(fitted) if abs(w) >= SMALL}
    return tables


def as_toml(candidates: Sequence[Candidate]) -> str:
    """The tables as they are written."""
    tables = confidence_tables(candidates).items()
    return "\n".join(f"[{t}]\n" + "".join(f"{k} = {v:.2f}\n" for k, v in row.items()) for t, row in tables)


def partners(found: Sequence[frozenset[int]], wanted: Sequence[frozenset[int]]) -> dict[int, int]:
    """Index of found -> index of wanted, one to one, with the largest sum of overlaps (Jaccard index)."""
    if not found or not wanted:
        return {}
    overlap = np.array([[len(f & w) / max(1, len(f | w)) for w in wanted] for f in found])
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if overlap[r, c] > 0}
