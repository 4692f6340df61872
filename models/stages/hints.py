"""The reader's word on clauses: a move it is sure of is a force, also where no cue was heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.ports import ClauseReading, Move
from models.stages.clauses import Clause

FORCES: Mapping[Move, tuple[str, float]] = {
    "commit": ("commit", 0.5),
    "ask": ("request", 0.5),
    "offer": ("offer", 0.5),
    "accept": ("accept", 0.5),
    "refuse": ("refuse", 0.4),
    "withdraw": ("retract", 0.4),
}
"""Move -> the force it amounts to, and the probability from which on it does."""


def with_moves(clause: Clause, reading: ClauseReading) -> Clause:
    """Give a clause the forces of the moves that the reader is sure of."""
    sure = {force for move, (force, least) in FORCES.items() if reading.moves[move] >= least}
    return clause if sure <= clause.forces else replace(clause, forces=clause.forces | sure)
