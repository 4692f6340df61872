"""How well two annotators agree, who labelled the same conversations without seeing each other's labels.

Cohen's kappa (1960) of tone over turns and of acts over all (turn, act) decisions; and the second annotator's
action items judged against the first's as if they were a draft: what a perfect system could reach.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eval.bootstrap import Sums, f1, ratio
from eval.data import NothingToMeasure, Twice
from eval.figures import Figure, Outcome, pooled
from eval.matching import match
from eval.tone import LABELS as TONES
from models.schema import ACTS

STALE = ("refuse", "withdraw")


def evaluate(labelled: Sequence[Twice], seed: int) -> Outcome:
    """Kappa and agreement on action items, by language."""
    if not labelled:
        raise NothingToMeasure
    details = [_counts(one) for one in labelled]
    figures: list[Figure] = []
    for language in sorted({d["row"] for d in details}):
        mine = [d for d in details if d["row"] == language]
        figures += pooled("kappa_tone", language, [d["tone"] for d in mine], kappa, seed)
        figures += pooled("kappa_acts", language, [d["acts"] for d in mine], kappa, seed)
        items = [d["items"] for d in mine]
        figures += pooled("annotators_items_f1", language, [i[:3] for i in items], f1, seed)
        for key, over, upon in (("owner", 3, 0), ("date", 4, 0), ("all", 5, 2)):
            units = [(i[over], i[upon]) for i in items]
            figures += pooled(f"annotators_{key}_right", language, units, ratio, seed)
    return Outcome(tuple(figures), [{"id": d["id"], "row": d["row"]} for d in details])


def kappa(table: Sums) -> float:
    """Cohen's kappa of a square table of counts, given row by row; nan where all is of one class."""
    square = np.asarray(table, np.float64).reshape(round(len(table) ** 0.5), -1)
    total = square.sum()
    by_chance = float(square.sum(axis=0) @ square.sum(axis=1)) / total**2
    return (float(np.trace(square)) / total - by_chance) / (1 - by_chance) if by_chance < 1 else math.nan


def _counts(one: Twice) -> dict[str, Any]:
    tone, acts = np.zeros((3, 3)), np.zeros((2, 2))
    sets = [{turn["i"]: turn for turn in labels["turns"]} for labels in (one.first, one.second)]
    for turn in range(one.turns):
        said = [labels.get(turn, {}) for labels in sets]
        a, b = (TONES.index(turn_labels.get("tone", "neutral")) for turn_labels in said)
        tone[a, b] += 1
        for act in ACTS:
            acts[int(act in said[0].get("acts", ())), int(act in said[1].get("acts", ()))] += 1
    return {
        "id": one.id,
        "row": one.language,
        "tone": tone.ravel().tolist(),
        "acts": acts.ravel().tolist(),
        "items": _items(one),
    }


def _items(one: Twice) -> list[int]:
    """Matched, found, labelled; of the matched owner right, date right, both."""
    wanted, found = (
        [thread for thread in labels["threads"] if thread["fate"] == "item"]
        for labels in (one.first, one.second)
    )
    pairs = match([_turns(t) for t in found], [_turns(t) for t in wanted])
    same = [[found[a][key] == wanted[b][key] for key in ("owner", "due")] for a, b in pairs]
    return [
        len(pairs),
        len(found),
        len(wanted),
        sum(owner for owner, _ in same),
        sum(due for _, due in same),
        sum(owner and due for owner, due in same),
    ]


def _turns(thread: Mapping[str, Any]) -> frozenset[int]:
    kept = {m["turn"] for m in thread["moves"] if not m["stale"] and m["move"] not in STALE}
    return frozenset(kept or {m["turn"] for m in thread["moves"]})
