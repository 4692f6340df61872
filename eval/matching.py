"""One-to-one matching of predicted and labelled items by the turns they rest on, and of recognised turns
with real ones by time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from eval.data import SpokenTurn
from models.schema import Transcript, Turn

MIN_SHARE = 0.5


def match(predicted: Sequence[frozenset[int]], gold: Sequence[frozenset[int]]) -> list[tuple[int, int]]:
    """Pairs (index of predicted, index of gold) whose turns intersect, each used at most once, with the
    largest sum of overlaps (Jaccard index; Kuhn 1955).
    """
    if not predicted or not gold:
        return []
    overlap = np.array([[_jaccard(p, g) for g in gold] for p in predicted])
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if overlap[r, c] > 0]


def turns_by_time(transcript: Transcript, reference: Sequence[SpokenTurn]) -> dict[int, frozenset[int]]:
    """For each recognised turn the real turns it overlaps by at least half of the shorter of the two."""
    return {
        turn.i: frozenset(g.i for g in reference if _share(turn, g) >= MIN_SHARE) for turn in transcript.turns
    }


def people_by_time(transcript: Transcript, reference: Sequence[SpokenTurn]) -> dict[str, str]:
    """For each recognised speaker the real one with whom they share most time."""
    shared: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for turn in transcript.turns:
        for real in reference:
            shared[turn.speaker][real.speaker] += _overlap_s(turn, real)
    return {
        found: max(times, key=lambda s: times[s]) for found, times in shared.items() if any(times.values())
    }


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _overlap_s(turn: Turn, real: SpokenTurn) -> float:
    if turn.start_s is None or turn.end_s is None or real.start_s is None or real.end_s is None:
        return 0.0
    return max(0.0, min(turn.end_s, real.end_s) - max(turn.start_s, real.start_s))


def _share(turn: Turn, real: SpokenTurn) -> float:
    overlap = _overlap_s(turn, real)
    if overlap == 0.0:
        return 0.0
    shorter = min((turn.end_s or 0.0) - (turn.start_s or 0.0), (real.end_s or 0.0) - (real.start_s or 0.0))
    return overlap / shorter
