"""A task as heard, by the rules or by the reader alone, and settled: who is to act, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.schema import TrailStep
from models.stages.clauses import Clause
from models.stages.owners import Owner
from models.stages.read_threads import ReadThread
from models.stages.threads import Thread


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What a thread amounts to: its clauses, the replies to them, the clause whose date it ends with (or
    None), who is to act, how sure it is an action item (0..1), and its trail.
    """

    what: Sequence[Clause]
    replies: Sequence[Clause]
    dated: Clause | None
    owner: Owner
    sure: float
    trail: tuple[TrailStep, ...] = ()

    @property
    def said(self) -> list[Clause]:
        """Clauses and replies."""
        return [*self.what, *self.replies]

    @property
    def quoted(self) -> list[Clause]:
        """Every clause that may be quoted for it."""
        return [*self.said, *([self.dated] if self.dated else [])]

    def settled(self, owner: Owner, dated: Clause | None) -> Task:
        """The same task with its owner and its date as weighed; a date of its own choice joins the trail."""
        trail = self.trail
        if dated is not None and dated is not self.dated:
            state = trail[-1].state if trail else "accepted"
            why = "dated" if self.dated is None else "redated"
            step = TrailStep(dated.turn, state, why)
            trail = tuple(sorted((*trail, step), key=lambda s: s.turn))
        return replace(self, owner=owner, dated=dated, trail=trail)


def of_thread(thread: Thread, sure: float) -> Task:
    """The task that a thread of the rules is about."""
    return Task(thread.what, thread.replies, thread.dated, thread.owner, sure, tuple(thread.trail))


def of_read_thread(thread: ReadThread, sure: float) -> Task:
    """The task that a thread of the reader is about."""
    nobody = Owner(None, "addressee_doubtful")
    return Task(thread.standing(), [], thread.dated(), nobody, sure, tuple(thread.trail))
