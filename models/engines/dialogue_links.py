"""What a move refers to: mention ranking over the moves before it (Lee et al. 2017, arXiv 1707.07045).

Each move looks for the earlier move whose task it goes on with, or opens a new one. A score is a bilinear
form of the two clauses' vectors plus a small network over how far apart they are, who speaks, the words
they share, and which moves they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from models.ports import SpokenClause

Matrix = npt.NDArray[np.float32]

FEATURES = 24
NEAR_TURNS = 6
"""Distances up to this many turns have a column each; then up to 11, up to 24 and beyond."""
RARE = 3
"""A word heard in at most this many turns names its topic."""
SCALE = 8.0


def features(clauses: Sequence[SpokenClause], moving: Sequence[int]) -> Matrix:
    """Shape (m, m, 24): row b, column a < b compares move b with the earlier move a; the rest is zero.

    `clauses` are all of the talk, `moving` the indices of those with a move.
    """
    by_turn: dict[int, set[str]] = {}
    for clause in clauses:
        by_turn.setdefault(clause.position, set()).update(clause.words)
    heard = Counter(word for words in by_turn.values() for word in words)
    found = np.zeros((len(moving), len(moving), FEATURES), np.float32)
    for b, later in enumerate(moving):
        for a in range(b):
            found[b, a] = _pair(clauses[moving[a]], clauses[later], b - a, by_turn, heard)
    return found


def _pair(
    earlier: SpokenClause,
    later: SpokenClause,
    moves_between: int,
    by_turn: Mapping[int, set[str]],
    heard: Mapping[str, int],
) -> list[float]:
    turns = later.position - earlier.position
    near = [0.0] * (NEAR_TURNS + 4)
    near[turns if turns <= NEAR_TURNS else NEAR_TURNS + 1 + (turns > 11) + (turns > 24)] = 1.0
    here, there = by_turn[later.position], by_turn[earlier.position]
    own = _weight(earlier.words & later.words, heard)
    around = _weight(there & here, heard) if turns else 0.0
    back = _weight(there & later.words, heard) if turns else 0.0
    return [
        *near,
        float(earlier.speaker == later.speaker),
        float(turns == 0 and earlier.sentence == later.sentence),
        min(moves_between, 10) / 10,
        float(moves_between == 1),
        float(own > 0),
        min(own, 3) / 3,
        min(around, 4) / 4,
        min(back, 3) / 3,
        float(bool(earlier.dates)),
        float(bool(later.dates)),
        float(len(later.words) <= 1),
        float(len(earlier.words) <= 1),
        float(earlier.question),
        float(later.question),
    ]


def _weight(words: Iterable[str], heard: Mapping[str, int]) -> float:
    """How much shared words tell: 1 for a word of few turns, less for one that is everywhere."""
    return sum(1.0 if heard[w] <= RARE else 0.5 if heard[w] <= 2 * RARE else 0.2 for w in words)


def antecedents(
    vectors: Matrix, moves: Matrix, compared: Matrix, weights: Mapping[str, Matrix]
) -> npt.NDArray[np.float32]:
    """Shape (m, m + 1): probability that each move opens a new task (column 0) or goes on with move a
    (column a + 1). `vectors` (m, 768), `moves` (m, n_linked) probabilities, `compared` (m, m, 24).
    """
    count = len(vectors)
    query = vectors @ weights["query.weight"].T + weights["query.bias"]
    key = vectors @ weights["key.weight"].T + weights["key.bias"]
    shape = (count, count, moves.shape[1])
    seen = np.concatenate(
        [compared, np.broadcast_to(moves[:, None], shape), np.broadcast_to(moves[None], shape)], axis=-1
    )
    scores = query @ key.T / SCALE + _network(seen, weights, "pair")[..., 0]
    scores[np.triu_indices(count)] = -1e4
    opening = _network(np.hstack([vectors, moves]), weights, "opens")
    return softmax(np.hstack([opening, scores]))


def _network(inputs: Matrix, weights: Mapping[str, Matrix], name: str) -> Matrix:
    hidden = _gelu(inputs @ weights[f"{name}.0.weight"].T + weights[f"{name}.0.bias"])
    out: Matrix = hidden @ weights[f"{name}.2.weight"].T + weights[f"{name}.2.bias"]
    return out


def _gelu(x: Matrix) -> Matrix:
    """Gaussian error linear unit, tanh form (Hendrycks and Gimpel 2016)."""
    out: Matrix = 0.5 * x * (1 + np.tanh(np.float32(0.7978846) * (x + np.float32(0.044715) * x**3)))
    return out


def softmax(logits: Matrix) -> Matrix:
    """Rows that sum to 1."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return shares
