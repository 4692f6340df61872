"""The turn classifier's word on clauses: it adds forces that cues missed and doubts improbable ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.schema import TurnLabels
from models.stages.clauses import Clause

SURE = 0.6
"""An act at least this probable must show in some clause of its turn."""
UNLIKELY = 0.12
"""A cue is not believed when the classifier gives its act less than this."""

_FORCE = {"commitment": "commit", "proposal": "request", "agreement": "accept"}
_SHOWS = {
    "commitment": ("commit", "weak_commit"),
    "proposal": ("request", "offer", "weak_commit", "imperative", "amend", "decision", "when"),
    "agreement": ("accept", "decision"),
}


def with_acts(clauses: Sequence[Clause], labels: Mapping[int, TurnLabels]) -> list[Clause]:
    """Give the clauses of one turn forces that agree with the turn's act probabilities."""
    said = list(clauses)
    if not said or said[0].turn not in labels:
        return said
    label = labels[said[0].turn]
    for act, force in _FORCE.items():
        probability = label.acts.get(act, 0.0)
        if probability >= SURE and not any(c.has(*_SHOWS[act]) for c in said):
            at = _likeliest(said, act)
            said[at] = replace(said[at], forces=said[at].forces | {force})
        elif act == "commitment" and probability < UNLIKELY:
            said = [_doubted(c) for c in said]
    return said


def _doubted(clause: Clause) -> Clause:
    if "commit" not in clause.forces:
        return clause
    return replace(clause, forces=(clause.forces - {"commit"}) | {"weak_commit"})


def _likeliest(clauses: Sequence[Clause], act: str) -> int:
    """Find the clause of an act: for a yes the first, else the one with a date, else the fullest."""
    if act == "agreement":
        return 0
    ranks = [
        (
            not c.question or act == "proposal",
            not c.has("past", "third", "wh"),
            c.due is not None,
            len(c.words),
        )
        for c in clauses
    ]
    return max(range(len(clauses)), key=lambda k: ranks[k])
