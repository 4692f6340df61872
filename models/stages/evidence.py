"""Clauses as evidence: exact quotes with their turn and, where the transcript has times, seconds."""

from __future__ import annotations

from collections.abc import Sequence

from models.schema import Evidence, Transcript, Turn, Word
from models.stages.clauses import Clause
from models.stages.words import fold

MOST = 6
"""An item carries at most this many pieces of evidence."""


def quote_clauses(
    clauses: Sequence[Clause], transcript: Transcript, first: Sequence[Clause] = ()
) -> tuple[Evidence, ...]:
    """One quote a turn, in order of the talk; the turns of `first` are kept when there are too many."""
    spans: dict[int, tuple[Clause, int, int]] = {}
    for clause in sorted(clauses, key=lambda c: (c.position, c.start)):
        known = spans.get(clause.turn)
        if known is None:
            spans[clause.turn] = (clause, clause.start, clause.end)
        else:
            spans[clause.turn] = (known[0], min(known[1], clause.start), max(known[2], clause.end))
    kept = {c.turn for c in first}
    order = sorted(spans, key=lambda turn: (turn not in kept, spans[turn][0].position))[:MOST]
    found = []
    for number in sorted(order, key=lambda turn: spans[turn][0].position):
        turn = transcript.turn(number)
        if turn is not None:
            _, start, end = spans[number]
            found.append(Evidence(number, turn.text[start:end], *_seconds(turn, start, end)))
    return tuple(found)


def quote_stretches(
    stretches: Sequence[tuple[int, int, int]], transcript: Transcript
) -> tuple[Evidence, ...]:
    """One quote a turn of (position of the turn, start, end in its text), in order; at most MOST, the last
    kept: they hold what was agreed in the end.
    """
    spans: dict[int, tuple[int, int]] = {}
    for position, start, end in stretches:
        first, last = spans.get(position, (start, end))
        spans[position] = (min(first, start), max(last, end))
    turns = [(transcript.turns[position], *spans[position]) for position in sorted(spans)[-MOST:]]
    return tuple(Evidence(t.i, t.text[a:b], *_seconds(t, a, b)) for t, a, b in turns)


def _seconds(turn: Turn, start: int, end: int) -> tuple[float | None, float | None]:
    """When a stretch of the text was said: from its words, else the times of the turn."""
    said = [word for word, at in _placed(turn) if at < end and at + len(word.w.strip()) > start]
    if said:
        return said[0].start_s, said[-1].end_s
    return turn.start_s, turn.end_s


def _placed(turn: Turn) -> list[tuple[Word, int]]:
    """Each recognised word with its offset in the text; words an edit removed are skipped."""
    text, at, placed = fold(turn.text), 0, []
    for word in turn.words:
        bare = fold(word.w.strip())
        found = text.find(bare, at) if bare else -1
        if found >= 0:
            placed.append((word, found))
            at = found + len(bare)
    return placed
