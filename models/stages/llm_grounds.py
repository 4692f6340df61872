"""What a suggestion of a language model rests on: quotes found in their turns, clauses with their forces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as day

from models.parsing.answers import Quoted
from models.schema import Transcript
from models.stages.clauses import Clause
from models.stages.deadlines import Calendar, Deadline, resolve
from models.stages.relocate import is_telling, relocate
from models.stages.spoken_orders import orders_in
from models.stages.veil import Veil

REACH = 2
"""Turns after the last quote within which an acceptance is looked for."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A stretch of a turn: identity and position of the turn, its speaker, offsets in its text."""

    turn: int
    position: int
    speaker: str
    start: int
    end: int

    def overlaps(self, other: Ground) -> bool:
        """Whether two stretches of the same turn have something in common."""
        return self.turn == other.turn and self.start < other.end and other.start < self.end


class Grounds:
    """Finds quotes in a transcript. `turns`: its clauses by position; `veil`: how names were sent."""

    def __init__(self, transcript: Transcript, turns: Sequence[Sequence[Clause]], veil: Veil) -> None:
        self.transcript = transcript
        self.turns = turns
        self._calendar = Calendar(day.fromisoformat(transcript.date))
        self._at = {turn.i: position for position, turn in enumerate(transcript.turns)}
        self._veiled = [veil.hide(turn.text) for turn in transcript.turns]
        self._orders = [orders_in(turn.text) for turn in transcript.turns]

    def find(self, quotes: Sequence[Quoted], dropped: Counter[str]) -> tuple[Ground, ...]:
        """The quotes that stand in their turns and can carry an item; () after counting why there is none."""
        found = [ground for quote in quotes if (ground := self.one(quote))]
        honest = [ground for ground in found if not self.is_order(ground)]
        told = any(is_telling(self.text(ground)) for ground in honest)
        if not quotes or (honest and not told):
            dropped["no_evidence"] += 1
        elif not found:
            dropped["quote_not_in_turn"] += 1
        elif not honest:
            dropped["spoken_order"] += 1
        else:
            return tuple(sorted(honest, key=lambda g: (g.position, g.start)))
        return ()

    def one(self, quote: Quoted) -> Ground | None:
        """The place of a quote in its turn, None where its words are not there."""
        position = self._at.get(quote.turn)
        if position is None:
            return None
        veiled = self._veiled[position]
        place = relocate(quote.quote, veiled.text)
        if place is None:
            return None
        turn = self.transcript.turns[position]
        return Ground(turn.i, position, turn.speaker, *veiled.original(*place))

    def text(self, ground: Ground) -> str:
        """The exact words."""
        return self.transcript.turns[ground.position].text[ground.start : ground.end]

    def is_order(self, ground: Ground) -> bool:
        """Whether the words speak to the machine."""
        return any(start < ground.end and ground.start < end for start, end in self._orders[ground.position])

    def has_orders(self, turn: int) -> bool:
        """Whether anything in the turn speaks to the machine."""
        return bool(self._orders[self._at[turn]]) if turn in self._at else False

    def clauses(self, grounds: Sequence[Ground]) -> list[Clause]:
        """The clauses that the stretches touch, in order."""
        touched = {
            (clause.position, clause.start): clause
            for ground in grounds
            for clause in self.turns[ground.position]
            if clause.start < ground.end and ground.start < clause.end
        }
        return [touched[place] for place in sorted(touched)]

    def deadline(self, ground: Ground) -> Deadline | None:
        """The date that the grammar reads where a model found one; words around it are taken in.

        Of several, the one that governs: "Friday, no wait, Monday".
        """
        dates = [
            date
            for clause in self.turns[ground.position]
            for date in clause.dates
            if date.start < ground.end and ground.start < date.end and date.is_deadline
        ]
        if len(dates) < 2:
            return dates[0] if dates else None
        text = self.transcript.turns[ground.position].text
        said = text[min(date.start for date in dates) : max(date.end for date in dates)]
        return resolve(said, self._calendar, self.transcript.language) or dates[-1]

    def reply(self, grounds: Sequence[Ground], by: str | None) -> Clause | None:
        """A yes, soon after the last quote, of that person or, for None, of anybody but the last speaker.

        A no that comes first ends the search.
        """
        last = max(grounds, key=lambda g: (g.position, g.start))
        for clauses in self.turns[last.position + 1 : last.position + 1 + REACH]:
            for clause in clauses:
                if clause.speaker == last.speaker or (by is not None and clause.speaker != by):
                    continue
                if clause.has("refuse", "retract"):
                    return None
                if not clause.question and clause.has("accept", "commit", "handover"):
                    return clause
        return None
