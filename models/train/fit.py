"""Fit fit.toml: how probably an entry of the starter catalogue suits a need, from cases judged by hand.

    python -m models.train.fit --models DIR

The cases are models/train/development_cases.json; each is used with and without the sentence that showed the
gap. Prints nDCG@5 of each case when the weights were fitted on the others, and what thresholds let through.
No randomness; half a minute.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.offering import shelf
from models.registry import Engines
from models.schema import Evidence
from models.stages import fit, recommend, taxonomy
from models.stages.confidence import probability, weighed
from models.stages.recommend import Shelf
from models.stages.retrieval import Candidate, index_of
from models.train.calibration import Judged, Table, judging_table

CASES = Path(__file__).with_name("development_cases.json")
WEIGHTS = Path(fit.__file__).with_name("fit.toml")
HEADER = "# Log-odds by sign that an entry suits a need. Written by models/train/fit.py.\n"
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """Candidates for one need, and the grades of those that suit it."""

    id: str
    candidates: Sequence[Candidate]
    grades: Mapping[str, int]

    def judged(self) -> list[Judged]:
        """Each candidate with the verdict; a grade of 2 counts as two verdicts."""
        return [
            Judged(one.signs, grade > 0)
            for one in self.candidates
            for grade in [self.grades.get(one.resource.id, 0)]
            for _ in range(max(1, grade))
        ]


def main() -> None:
    """Cross-validate, then fit on all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--models", type=Path, required=True, help="the model store, for the encoder")
    cases = read(shelf(None, Engines(parser.parse_args().models, 2)))
    scored: list[tuple[Case, dict[str, float]]] = []
    for fold in range(FOLDS):
        held = [case for k, case in enumerate(cases) if k // 2 % FOLDS == fold]
        table = judging_table([j for case in cases if case not in held for j in case.judged()])
        scored += [(case, _scores(case, table)) for case in held]
    _report(scored)
    table = judging_table([j for case in cases for j in case.judged()])
    WEIGHTS.write_text(HEADER + "".join(f"{sign} = {value:.2f}\n" for sign, value in table.items()), "utf-8")


def read(stock: Shelf) -> list[Case]:
    """Each case twice: with its quote and without."""
    index = index_of(stock.resources, stock.embedder, taxonomy.load(), stock.keeper or stock.embedder)
    found: list[Case] = []
    for row in json.loads(CASES.read_text("utf-8"))["cases"]:
        (gap,) = recommend.named_gaps([row["gap"]])
        quoted = replace(gap, evidence=(Evidence(0, row["quote"]),))
        queries = (recommend.query_of(one, stock) for one in (quoted, gap))
        found.extend(Case(row["id"], index.search(query), row["grades"]) for query in queries)
    return found


def _scores(case: Case, table: Table) -> dict[str, float]:
    return {one.resource.id: probability(weighed(one.signs, table)) for one in case.candidates}


def _report(scored: Sequence[tuple[Case, dict[str, float]]]) -> None:
    for language in ("en", "zh"):
        here = [(c, s) for c, s in scored if c.id.startswith(f"t{language}") and c.grades]
        print(language, "nDCG@5", round(float(np.mean([_ndcg(c, s) for c, s in here])), 3))
    for shown in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
        offered = [c.grades.get(i, 0) > 0 for c, s in scored for i in _first(s) if s[i] >= shown]
        silent = [not any(v >= shown for v in s.values()) for c, s in scored if not c.grades]
        reached = [any(v >= shown for v in s.values()) for c, s in scored if c.grades]
        shares = [round(float(np.mean(values)), 2) for values in (offered, silent, reached)]
        print("from", shown, "right, silent where nothing suits, answered:", *shares)


def _first(scores: Mapping[str, float], top: int = 5) -> list[str]:
    return sorted(scores, key=lambda i: -scores[i])[:top]


def _ndcg(case: Case, scores: Mapping[str, float]) -> float:
    places = 1 / np.log2(np.arange(2, 7))
    gain = sum(case.grades.get(i, 0) * p for i, p in zip(_first(scores), places, strict=False))
    best = sum(g * p for g, p in zip(sorted(case.grades.values(), reverse=True), places, strict=False))
    return float(gain / best)


if __name__ == "__main__":
    main()
