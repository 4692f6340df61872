"""Commitments as the reader alone hears them: what no cue gave away.

The reader says which move each clause makes and which earlier clause it goes on with. Clauses become threads,
and a table of transitions moves each thread; its last state counts. These threads stand beside those of the
rules (commitments): where both speak of the same turns, the rules' word counts. Owners and dates of both are
weighed afterwards (owner_choice, due_choice).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.ports import DECISION_MOVES, TASK_MOVES, ClauseReading, Move
from models.schema import TrailStep
from models.stages.clauses import Clause
from models.stages.threads import STANDING, State

ENDINGS: tuple[Move, ...] = ("refuse", "withdraw")
BINDING: tuple[Move, ...] = ("commit", "accept", "recap")
SUPERSEDED = 0.3
"""A clause less likely to hold than this belongs to a version that was given up."""
AGREED, POSSIBLE = 0.4, 0.15
"""A date this likely is the agreed one, the last of several; with none, the likeliest possible one."""

P, A, M, D, W = State.PROPOSED, State.ACCEPTED, State.AMENDED, State.DECLINED, State.WITHDRAWN
TRANSITIONS: Mapping[Move, Mapping[State | None, State]] = {
    "ask": {None: P, P: P, A: A, M: M, D: P, W: P},
    "offer": {None: P, P: P, A: A, M: M, D: P, W: P},
    "commit": {None: A, P: A, A: A, M: M, D: A, W: A},
    "accept": {None: A, P: A, A: A, M: M, D: A, W: A},
    "date": {None: P, P: P, A: M, M: M, D: P, W: P},
    "recap": {None: A, P: A, A: A, M: M, D: A, W: A},
    "refuse": {None: D, P: D, A: A, M: M, D: D, W: W},
    "withdraw": {None: W, P: W, A: W, M: W, D: D, W: W},
}
"""Move -> state before -> state after; None opens a thread. A no to what is agreed refuses a change of it."""
TRAIL: Mapping[Move, str] = {
    "ask": "requested",
    "offer": "offered",
    "commit": "self_commitment",
    "accept": "accepted",
    "date": "dated",
    "recap": "accepted",
    "refuse": "declined",
    "withdraw": "withdrawn",
}
"""Move -> the key of trails.toml that tells it."""


@dataclass(slots=True, eq=False)
class ReadThread:
    """One task: its clauses with how they read, in the order of the talk; its last state and its trail."""

    said: list[tuple[Clause, ClauseReading]] = field(default_factory=list)
    state: State = State.PROPOSED
    trail: list[TrailStep] = field(default_factory=list)

    @property
    def is_task(self) -> bool:
        """Whether its moves speak of a task rather than of a decision."""
        tasks, decisions = (
            sum(max(reading.moves[move] for move in moves) for _, reading in self.said)
            for moves in (TASK_MOVES, DECISION_MOVES)
        )
        return tasks >= decisions

    def steps(self) -> list[tuple[Clause, ClauseReading, Move]]:
        """Each clause with the move it most probably makes."""
        return [(c, r, max(TASK_MOVES, key=lambda move: r.moves[move])) for c, r in self.said]

    def standing(self) -> list[Clause]:
        """The clauses of the version that stands."""
        kept = [(clause, reading) for clause, reading, move in self.steps() if move not in ENDINGS]
        return [clause for clause, reading in kept if reading.holds >= SUPERSEDED] or [c for c, _ in kept]

    def dated(self) -> Clause | None:
        """The clause that gives the agreed date."""
        said = [(c, r) for c, r, move in self.steps() if c.due is not None and move not in ENDINGS]
        agreed = [(c, r) for c, r in said if r.dates >= AGREED]
        possible = sorted((pair for pair in said if pair[1].dates >= POSSIBLE), key=lambda p: p[1].dates)
        chosen = agreed[-1:] or possible[-1:]
        return chosen[0][0] if chosen else None

    def signs(self) -> dict[str, float]:
        """Named signs that it is an action item, each 0..1."""
        steps = self.steps()
        holds = [reading.holds for _, reading, _ in steps]
        dated = self.dated()
        found = {f"move_{move}": max(r.moves[move] for _, r in self.said) for move in TASK_MOVES}
        found |= {f"first_{steps[0][2]}": 1.0, f"last_{steps[-1][2]}": 1.0}
        return found | {
            "holds_most": max(holds),
            "holds_mean": sum(holds) / len(holds),
            "holds_last": holds[-1],
            "holds_binding": max((r.holds for _, r, move in steps if move in BINDING), default=0.0),
            "several_clauses": min(len(steps) - 1, 4) / 4,
            "several_turns": min(len({c.turn for c, _ in self.said}) - 1, 3) / 3,
            "two_speakers": float(len({c.speaker for c, _ in self.said}) > 1),
            "dated": float(dated is not None),
            "amended": float(self.state == State.AMENDED),
            "thin": float(sum(len(c.words) for c, _ in self.said) <= 2),
            "question": float(all(c.question for c, _ in self.said)),
        }


def follow(clauses: Sequence[Clause], readings: Sequence[ClauseReading]) -> list[ReadThread]:
    """The tasks that stand at the end, in the order in which they came up."""
    threads: list[ReadThread] = []
    home: dict[int, ReadThread] = {}
    for index, (clause, reading) in enumerate(zip(clauses, readings, strict=True)):
        if reading.moving:
            thread = _home(reading, home)
            if thread is None:
                thread = ReadThread()
                threads.append(thread)
            thread.said.append((clause, reading))
            home[index] = thread
    tasks = [thread for thread in threads if thread.is_task]
    for thread in tasks:
        _live(thread)
    return [thread for thread in tasks if thread.state in STANDING]


def _home(reading: ClauseReading, home: Mapping[int, ReadThread]) -> ReadThread | None:
    """The thread the clause most probably goes on with; None when it rather opens one of its own."""
    shares: dict[ReadThread, float] = defaultdict(float)
    for index, share in reading.earlier.items():
        shares[home[index]] += share
    best = max(shares, key=lambda thread: shares[thread], default=None)
    return best if best is not None and shares[best] > 1.0 - sum(shares.values()) else None


def _live(thread: ReadThread) -> None:
    """Run the moves of a thread through the table, keeping each step."""
    state: State | None = None
    for clause, _, move in thread.steps():
        state = TRANSITIONS[move][state]
        thread.state = state
        thread.trail.append(TrailStep(clause.turn, state.value, TRAIL[move]))
