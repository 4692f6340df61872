"""What the reader learns from a labelled conversation: targets for every turn and clause.

A label set has `turns` (tone and acts) and `threads`: the life of one task, decision or skill gap, each move
with the turn and the words that make it (eval/data/conversations/GUIDE.md). Words are carried over to the
clauses they lie in. A conversation may have several label sets, one an annotator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from models.engines.dialogue_reader import TONES
from models.ports import MOVES, Move
from models.schema import ACTS, Transcript
from models.stages.clauses import Clause

Matrix = npt.NDArray[np.float32]
UNKNOWN = -1.0
COVERED = 0.6
"""A clause that lies in the quoted words with this share makes the move too."""
DECISIONS = ("decision", "reversed")
STANDING = ("item", "decision", "gap")
ENDINGS = ("refuse", "withdraw")
_OF_DECISION: Mapping[str, Move] = {"accept": "settle", "refuse": "drop", "withdraw": "drop"}


@dataclass(frozen=True, slots=True)
class Targets:
    """One label set. `moves` (n_clauses, 12); `holds`, `by_speaker`, `dates` (n_clauses,), -1 where nothing
    is known; `threads`: the threads each clause moves; `acts` (n_turns, 11); `tone` (n_turns,).
    """

    moves: Matrix
    holds: Matrix
    by_speaker: Matrix
    dates: Matrix
    threads: tuple[frozenset[int], ...]
    acts: Matrix
    tone: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A labelled task or decision that stands: the turns that make it; a task's owner, date and series."""

    turns: frozenset[int]
    owner: str | None = None
    due: str | None = None
    recurrence: str | None = None


def targets(labels: Mapping[str, Any], transcript: Transcript, clauses: Sequence[Clause]) -> Targets:
    """A label set as arrays."""
    found = _Clauses(transcript, clauses)
    for number, thread in enumerate(labels["threads"]):
        for move in thread["moves"]:
            found.add(number, thread, move)
    for number, thread in enumerate(labels["threads"]):
        if thread["fate"] == "item":
            found.date(number, thread)
    said = {turn["i"]: turn for turn in labels["turns"]}
    acts = [[act in said.get(turn.i, {}).get("acts", ()) for act in ACTS] for turn in transcript.turns]
    tone = [TONES.index(said.get(turn.i, {}).get("tone", "neutral")) for turn in transcript.turns]
    return Targets(
        found.moves,
        found.holds,
        found.by_speaker,
        found.dates,
        tuple(map(frozenset, found.threads)),
        np.array(acts, np.float32),
        np.array(tone, np.int64),
    )


def agreed(labels: Mapping[str, Any], fate: str) -> list[Agreed]:
    """The threads of a label set with this fate ("item" or "decision"), in order."""
    return [
        Agreed(_turns(t), t.get("owner"), t.get("due"), t.get("recurrence"))
        for t in labels["threads"] if t["fate"] == fate
    ]  # fmt: skip


def _turns(thread: Mapping[str, Any]) -> frozenset[int]:
    kept = {m["turn"] for m in thread["moves"] if not m["stale"] and m["move"] not in ENDINGS}
    return frozenset(kept or {m["turn"] for m in thread["moves"]})


class _Clauses:
    """The arrays while they fill."""

    def __init__(self, transcript: Transcript, clauses: Sequence[Clause]) -> None:
        count = len(clauses)
        self.clauses = clauses
        self.people = {person.id for person in transcript.participants}
        self.texts = {turn.i: turn.text for turn in transcript.turns}
        self.moves = np.zeros((count, len(MOVES)), np.float32)
        self.holds = np.full(count, UNKNOWN, np.float32)
        self.by_speaker = np.full(count, UNKNOWN, np.float32)
        self.dates = np.array([0.0 if c.due is not None else UNKNOWN for c in clauses], np.float32)
        self.threads: list[set[int]] = [set() for _ in range(count)]

    def add(self, number: int, thread: Mapping[str, Any], move: Mapping[str, Any]) -> None:
        """One move of a thread."""
        name = _name(thread["fate"], move["move"])
        stands = thread["fate"] in STANDING and not move["stale"] and move["move"] not in ENDINGS
        for k in self._said(move["turn"], move["quote"]):
            self.moves[k, MOVES.index(name)] = 1
            self.holds[k] = max(self.holds[k], float(stands))
            self.threads[k].add(number)
            is_task = thread["fate"] not in (*DECISIONS, "gap") and move["move"] not in ENDINGS
            person = thread.get("person" if thread["fate"] == "gap" else "owner")
            if (is_task or thread["fate"] == "gap") and person in self.people:
                self.by_speaker[k] = float(person == self.clauses[k].speaker)

    def date(self, number: int, thread: Mapping[str, Any]) -> None:
        """Mark the clauses whose date is the one the task ends with."""
        for k, clause in enumerate(self.clauses):
            if clause.due is not None and number in self.threads[k] and self.holds[k] > 0:
                same = clause.due.due == thread["due"]
                if same and (thread["due"] is not None or clause.due.recurrence is not None):
                    self.dates[k] = 1

    def _said(self, turn: int, quote: str) -> list[int]:
        """The clause that shares most with the quote, and all that lie mostly within it."""
        own = [k for k, clause in enumerate(self.clauses) if clause.turn == turn]
        if not own:
            return []
        first = self.texts[turn].find(quote)
        last = first + len(quote)
        shared = [max(0, min(last, self.clauses[k].end) - max(first, self.clauses[k].start)) for k in own]
        best = own[int(np.argmax(shared))]
        covered = [
            k
            for k, length in zip(own, shared, strict=True)
            if length >= COVERED * (self.clauses[k].end - self.clauses[k].start)
        ]
        return sorted({best, *covered})


def _name(fate: str, move: str) -> Move:
    if fate == "gap":
        return "lack"
    if fate in DECISIONS:
        return _OF_DECISION.get(move, "put")
    return cast("Move", "ask" if move == "say" else move)
