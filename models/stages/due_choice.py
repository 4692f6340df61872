"""Which of the dates said in a talk is a task's last agreed one: every date near it is weighed, and none.

A choice model (conditional logit, McFadden 1974) over signs that a person could name: where the date was said
and by whom, how the reader hears its clause, what was answered, which other date came later, and whether
another task lies nearer. Weights: table "due" of confidence.toml, fitted by models/train/tasks.py.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from models.ports import ClauseReading, Move
from models.stages import confidence
from models.stages.clauses import PERIODS, Clause
from models.stages.confidence import Readings, place
from models.stages.owners import Owner
from models.stages.tasks import Task

BEFORE, AFTER = 2, 6
"""Turns before and after a clause of the task in which a date may be its own."""
LINKED = 0.3
"""... or anywhere, where the reader hears it go on with the task at least this probably."""
ANSWERED = 2
"""Turns in which a date is answered."""
ADJACENT = 4
"""Characters between the clause of a date and one of the task."""
MOVES: tuple[Move, ...] = (
    "ask", "offer", "commit", "accept", "date", "refuse", "withdraw", "recap", "put", "settle",
)  # fmt: skip
FORCES = (
    "past", "third", "amend", "shift", "obstacle", "condition", "joke", "vague", "commit", "request",
    "accept",
)  # fmt: skip
BIAS = "no_date"
"""The sign of a task that is left without a date."""

Date = tuple[str | None, str | None]
"""Day (ISO) and recurrence."""


class Dates:
    """The dates of a talk and the tasks that may want them."""

    def __init__(
        self, clauses: Sequence[Clause], readings: Readings, tasks: Sequence[Task], day: str
    ) -> None:
        self._clauses, self._readings, self._tasks, self._day = clauses, readings, tasks, day
        self._index = {place(clause): k for k, clause in enumerate(clauses)}

    def choose(self, task: Task, owner: Owner) -> Clause | None:
        """The clause with the date that the task of this owner ends with; None where that is likeliest."""
        mentions = self.mentions(task)
        weight: dict[Date | None, float] = defaultdict(float)
        weight[None] = math.exp(confidence.odds({BIAS: 1.0}, "due"))
        last: dict[Date, Clause] = {}
        for mention in mentions:
            date = _date(mention)
            odds = confidence.odds(self.signs(task, owner, mention, mentions), "due")
            weight[None if (date[0] or self._day) < self._day else date] += math.exp(odds)
            last[date] = mention
        best = max(weight, key=lambda date: weight[date])
        return last[best] if best is not None else None

    def mentions(self, task: Task) -> list[Clause]:
        """Clauses with a date that may be the task's."""
        own = {place(clause) for clause in task.quoted}
        return [
            c for c in self._clauses
            if c.due is not None and (
                place(c) in own
                or any(-BEFORE <= c.position - said.position <= AFTER for said in task.said)
                or self._link(c, task.said) > LINKED
            )
        ]  # fmt: skip

    def signs(
        self, task: Task, owner: Owner, mention: Clause, mentions: Sequence[Clause]
    ) -> dict[str, float]:
        """Named signs that this date is the task's, each 0..1."""
        found = _where(task, mention) | _how(mention, self._reading(mention), self._day)
        found["by_owner"] = float(mention.speaker == owner.person)
        found |= self._answers(mention) | self._rivals(mention, mentions) | self._others(task, mention)
        reading = self._reading(mention)
        near = 0 < found.pop("distance") <= 3
        found["near_after_date"] = near * reading.moves["date"]
        found["near_after_bare"] = float(near and mention.bare)
        found["same_turn_date"] = found["same_turn"] * reading.moves["date"]
        found["own_promise"] = found["in_what"] * max(reading.moves[m] for m in ("commit", "ask", "offer"))
        found["own_but_later_rival"] = found["in_what"] * found["later_rival"]
        found["by_rules_and_link"] = found["by_rules"] * found["link"]
        return {sign: value for sign, value in found.items() if value}

    def _reading(self, clause: Clause) -> ClauseReading:
        return self._readings[place(clause)]

    def _answers(self, mention: Clause) -> dict[str, float]:
        first = self._index[place(mention)] + 1
        replies = [
            c for c in self._clauses[first : first + 40]
            if c.position - mention.position <= ANSWERED and c.speaker != mention.speaker
        ]  # fmt: skip
        return {
            "accepted": max((self._reading(c).moves["accept"] for c in replies), default=0.0),
            "refused": max((self._reading(c).moves["refuse"] for c in replies), default=0.0),
            "accept_cue": float(any(c.has("accept") for c in replies)),
            "refuse_cue": float(any(c.has("refuse") for c in replies)),
        }

    def _rivals(self, mention: Clause, mentions: Sequence[Clause]) -> dict[str, float]:
        """Other dates near the task: later ones speak against this one, the same again for it."""
        day = _date(mention)[0]
        rivals = [c for c in mentions if _date(c)[0] != day]
        later = [c for c in rivals if place(c) > place(mention)]
        soon = [self._reading(c).moves for c in later if c.position - mention.position <= AFTER]
        same = [c for c in mentions if _date(c)[0] == day]
        return {
            "later_rival": float(any(c.position - mention.position <= 4 for c in later)),
            "later_rival_move": max((m["date"] + m["commit"] for m in soon), default=0.0),
            "later_rival_linked": max((self._link(c, [mention]) for c in later), default=0.0),
            "last": float(not later),
            "only": float(not rivals),
            "repeats": min(3, len(same)) / 3,
            "repeated_later": float(any(c.position > mention.position for c in same)),
        }

    def _others(self, task: Task, mention: Clause) -> dict[str, float]:
        """Whether another task has a better claim."""
        own = {place(c) for c in task.said}
        here = place(mention)
        others = [t for t in self._tasks if t is not task]
        link = self._link(mention, task.said)
        link_other = max((self._link(mention, t.said) for t in others), default=0.0)
        nearest = min(abs(mention.position - c.position) for c in task.said)
        other = min(
            (abs(mention.position - c.position) for t in others for c in t.what if place(c) not in own),
            default=math.inf,
        )
        return {
            "of_another": float(here not in own and any(place(c) == here for t in others for c in t.what)),
            "dates_another": float(any(t.dated is not None and place(t.dated) == here for t in others)),
            "another_nearer": float(other < nearest),
            "another_as_near": float(other == nearest),
            "link": link,
            "link_other": link_other,
            "linked_best": float(link >= link_other and link > 0.2),
        }

    def _link(self, clause: Clause, said: Sequence[Clause]) -> float:
        """How probably the reader hears a clause and some others speak of one task, 0..1."""
        k, total = self._index[place(clause)], 0.0
        for other in said:
            j = self._index[place(other)]
            if j < k:
                total += self._readings[place(clause)].earlier.get(j, 0.0)
            elif j > k:
                total += self._readings[place(other)].earlier.get(k, 0.0) / 2
        return min(1.0, total)


def _date(mention: Clause) -> Date:
    due = mention.due
    return (due.due, due.recurrence) if due else (None, None)


def _where(task: Task, mention: Clause) -> dict[str, float]:
    """The place of a date beside the task's clauses; `distance` in turns, positive when it comes after."""
    here = place(mention)
    beside = [c for c in task.what if c.position == mention.position]
    in_what = any(place(c) == here for c in task.what)
    by_rules = task.dated is not None and place(task.dated) == here
    distance = min((mention.position - c.position for c in task.said), key=abs)
    apart = (c.start - mention.end if c.start > mention.start else mention.start - c.end for c in beside)
    return {
        "distance": distance,
        "by_rules": float(by_rules),
        "as_by_rules": float(
            not by_rules and task.dated is not None and _date(task.dated)[0] == _date(mention)[0]
        ),
        "in_what": float(in_what),
        "in_reply": float(any(place(c) == here for c in task.replies)),
        "same_turn": float(bool(beside) and not in_what),
        "same_sentence": float(not in_what and any(c.sentence == mention.sentence for c in beside)),
        "before_in_turn": float(
            bool(beside) and not in_what and all(mention.start < c.start for c in beside)
        ),
        "adjacent": float(bool(beside) and not in_what and min(apart) <= ADJACENT),
        f"at_{_step(distance)}": 1.0,
    }


def _step(turns: int) -> str:
    return (
        f"minus_{min(2, -turns)}" if turns < 0 else f"{turns}" if turns <= 3 else "4" if turns <= 5 else "6"
    )


def _how(mention: Clause, reading: ClauseReading, day: str) -> dict[str, float]:
    """What the clause of a date does, as the reader and the cues tell."""
    due = mention.due
    assert due is not None  # noqa: S101 - only clauses with a date are mentions
    flags = {
        "question": mention.question,
        "bare": mention.bare,
        "period": due.rule in PERIODS,
        "recurs": due.recurrence is not None,
        "no_day": due.due is None,
        "today": due.due == day,
    }
    found = {f"move_{move}": reading.moves[move] for move in MOVES}
    found |= {"holds": reading.holds, "dates": reading.dates, "dates_holds": reading.dates * reading.holds}
    found |= {f"cue_{force}": float(mention.has(force)) for force in FORCES}
    return found | {name: float(value) for name, value in flags.items()}
