"""Figures against those of an earlier run: what got worse, by how much, and whether chance could explain it.

"Beyond the interval" means that the new value lies outside the old 95 % interval on the worse side. Figures
over another number of units, or without an earlier value, are not compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.figures import Figure

EPSILON = 1e-9
Baseline = dict[str, list[dict[str, Any]]]
"""Evaluation name to its figures as JSON fields."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure now and before. `beyond`: outside the earlier interval, for worse or for better."""

    figure: Figure
    before: Figure
    beyond: bool

    @property
    def by(self) -> float:
        """Now minus before, in the figure's own unit (rates 0..1)."""
        return self.figure.value - self.before.value

    @property
    def worse(self) -> bool:
        """Whether it changed for the worse at all."""
        return _loss(self.figure, self.by) > EPSILON


def read(path: Path) -> Baseline:
    """The baseline; empty when there is none yet."""
    found: Baseline = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def compare(figures: Sequence[Figure], earlier: Sequence[Mapping[str, Any]]) -> list[Change]:
    """One Change for each figure that was measured before over as many units."""
    known = {(f["key"], f["row"]): Figure(**f) for f in earlier}
    changes = []
    for figure in figures:
        before = known.get((figure.key, figure.row))
        if before is not None and before.n == figure.n:
            changes.append(Change(figure, before, _beyond(figure, before)))
    return changes


def update(path: Path, name: str, figures: Sequence[Figure]) -> None:
    """Puts these figures in place of those of the same key and row; others of the baseline stay."""
    baseline = read(path)
    kept = {(f["key"], f["row"]): f for f in baseline.get(name, ())}
    kept |= {(f.key, f.row): rounded(f) for f in figures}
    baseline[name] = [kept[key] for key in sorted(kept)]
    path.write_text(json.dumps(baseline, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def rounded(figure: Figure) -> dict[str, Any]:
    """JSON fields with six decimals, so that a rewritten baseline differs only where figures do."""
    return {k: round(v, 6) if isinstance(v, float) else v for k, v in asdict(figure).items()}


def _loss(figure: Figure, by: float) -> float:
    """How much worse; negative when better, 0 where neither way is."""
    return {"lower": by, "higher": -by, "neither": 0.0}[figure.better]


def _beyond(figure: Figure, before: Figure) -> bool:
    if figure.better == "neither" or abs(figure.value - before.value) <= EPSILON:
        return False
    if before.low is None or before.high is None:
        return abs(figure.value - before.value) > 1e-6
    return not before.low - 1e-6 <= figure.value <= before.high + 1e-6
