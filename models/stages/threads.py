"""A thread: one task under negotiation, with its state, its words and the steps of its life."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from models.schema import TrailStep
from models.stages.clauses import Clause
from models.stages.deadlines import Deadline
from models.stages.owners import Owner


class State(StrEnum):
    """Where a commitment stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    AMENDED = "amended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MARKS = (
    "vague",
    "joke",
    "past",
    "third",
    "norm",
    "imperative",
    "when",
    "wh",
    "obstacle",
    "first",
    "decision",
)
"""Forces of the opening clause that count for or against the thread at the end."""
LIVE = (State.PROPOSED, State.ACCEPTED, State.AMENDED)
STANDING = (State.ACCEPTED, State.AMENDED)


@dataclass(slots=True, eq=False)
class Thread:
    """One task under negotiation. `kind`: request, offer (of the speaker), or self (commitment)."""

    kind: str
    proposer: str
    owner: Owner
    state: State
    what: list[Clause]
    touched: int
    replies: list[Clause] = field(default_factory=list)
    date: Deadline | None = None
    dated: Clause | None = None
    signs: set[str] = field(default_factory=set)
    context: frozenset[str] = frozenset()
    trail: list[TrailStep] = field(default_factory=list)

    @property
    def words(self) -> frozenset[str]:
        """What the thread is about."""
        return frozenset().union(*(c.words for c in self.what))

    @property
    def opened(self) -> int:
        """Position of the turn that opened it."""
        return self.what[0].position

    def move(self, state: State, clause: Clause, why: str) -> None:
        """Change the state and keep the step for the trail; `why` is a key of trails.toml."""
        self.state = state
        self.touched = clause.position
        self.trail.append(TrailStep(clause.turn, state.value, why))
