"""Decisions that stand, as the rules (agreements) and the reader hear them together.

The reader says which clauses put, settle or drop a decision. Clauses that follow on each other form one,
joined with what the rules found there, and a logistic model over signs that a person could name tells how
sure it is (table "decision" of confidence.toml, fitted by models/train/tasks.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from models.ports import MOVES
from models.stages import agreements, confidence
from models.stages.agreements import Decision
from models.stages.clauses import Clause
from models.stages.confidence import Readings, place

HEARD = 0.15
"""A clause that puts or settles with at least this probability may be part of a decision."""
SHOWN = 0.3
LINKED = 0.4
NEAR, NEAR_AND_ALIKE = 1, 3
"""Turns between clauses of one decision; with a word in common."""
ANSWERED = 2
"""Turns in which a decision is answered."""


def standing(
    turns: Sequence[Sequence[Clause]], readings: Readings, taken: frozenset[tuple[int, int]]
) -> list[Decision]:
    """Decisions in order with their probability as `strength`; `taken`: places of clauses that are tasks."""
    found = agreements.find(turns, taken)
    if not readings:
        return found
    shown = []
    for decision in candidates(turns, readings, found):
        decision.strength = confidence.probability(
            confidence.odds(signs(decision, turns, readings, taken), "decision")
        )
        if decision.strength >= SHOWN:
            shown.append(decision)
    return shown


def candidates(
    turns: Sequence[Sequence[Clause]], readings: Readings, found: Sequence[Decision]
) -> list[Decision]:
    """Everything that may be a decision: what the reader hears, joined with what the rules `found`."""
    joined = [_decision(group, readings, found) for group in _groups(turns, readings)]
    heard = {c.position for decision in joined for c in (*decision.what, *decision.replies)}
    rest = [d for d in found if not heard & {c.position for c in (*d.what, *d.replies)}]
    return sorted([*joined, *rest], key=lambda decision: place(decision.what[0]))


def _groups(turns: Sequence[Sequence[Clause]], readings: Readings) -> list[list[Clause]]:
    groups: list[list[Clause]] = []
    index = {place(c): k for k, c in enumerate(c for clauses in turns for c in clauses)}
    for clause in (c for clauses in turns for c in clauses):
        moves = readings[place(clause)].moves
        if max(moves["put"], moves["settle"]) < HEARD:
            continue
        earlier = readings[place(clause)].earlier
        for group in reversed(groups):
            gap = clause.position - group[-1].position
            alike = any(clause.words & c.words for c in group)
            linked = sum(earlier.get(index[place(c)], 0.0) for c in group) > LINKED
            if linked or gap <= NEAR or (gap <= NEAR_AND_ALIKE and alike):
                group.append(clause)
                break
        else:
            groups.append([clause])
    return groups


def _decision(group: Sequence[Clause], readings: Readings, found: Sequence[Decision]) -> Decision:
    """A group as a decision, with the clauses of the rules' decisions in its turns."""
    here = {c.position for c in group}
    rules = [d for d in found if here & {c.position for c in (*d.what, *d.replies)}]
    what = {place(c): c for d in rules for c in d.what}
    for clause in group:
        moves = readings[place(clause)].moves
        if moves["put"] >= moves["settle"]:
            what[place(clause)] = clause
    replies = {place(c): c for c in (*group, *(c for d in rules for c in d.replies)) if place(c) not in what}
    ordered = [what[key] for key in sorted(what)] or list(group)
    return Decision(ordered, [replies[key] for key in sorted(replies)] if what else [], 1.0 if rules else 0.0)


def signs(
    decision: Decision,
    turns: Sequence[Sequence[Clause]],
    readings: Readings,
    taken: frozenset[tuple[int, int]],
) -> dict[str, float]:
    """Named signs that it stands as a decision, each 0..1 (sums of moves up to 3)."""
    said = [*decision.what, *decision.replies]
    read = [readings[place(c)] for c in said]
    last = max(c.position for c in said)
    after = [readings[place(c)].moves for turn in turns[last + 1 : last + 1 + ANSWERED] for c in turn]
    found = {f"move_{move}": max(r.moves[move] for r in read) for move in MOVES}
    found |= {
        "by_rules": float(decision.strength > 0),
        "holds": max(r.holds for r in read),
        "put_holds": max(r.holds * r.moves["put"] for r in read),
        "settle_holds": max(r.holds * r.moves["settle"] for r in read),
        "puts": min(3.0, sum(r.moves["put"] for r in read)),
        "settles": min(3.0, sum(r.moves["settle"] for r in read)),
        "two_speakers": float(len({c.speaker for c in said}) > 1),
        "figure": float(any(agreements.figures(c) for c in said)),
        "question_only": float(all(c.question for c in said)),
        "settled_after": max((max(m["accept"], m["settle"]) for m in after), default=0.0),
        "dropped_after": max((max(m["drop"], m["refuse"]) for m in after), default=0.0),
        "of_a_task": float(any(place(c) in taken for c in said)),
        "clauses": min(4, len(said)) / 4,
        "turns": min(4, len({c.position for c in said})) / 4,
    }
    cues = ("decision", "norm", "condition", "past", "third")
    return found | {f"cue_{cue}": float(any(c.has(cue) for c in said)) for cue in cues}
