"""A transcript cut into windows that the encoder can read, and where each turn and clause lies in them.

A window holds whole turns: some that were read before, for context, then its own, then a glance ahead. Every
turn begins with the role of its speaker, and words that tell who somebody is read as one form (even_words).
Text and roles only: no times, no word probabilities, no sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from models.even_words import even
from models.ports import SpokenClause
from models.schema import Transcript

BEGIN, END = 0, 2
"""Token ids of <s> and </s> in the XLM-R vocabulary."""
BEFORE, OWN, AHEAD = 80, 384, 32
"""Tokens of a window: context, its own turns, a glance ahead. Together below the encoder's 512 positions."""
MARKS = {"manager": "manager:", "employee": "employee:", "unknown": "speaker:"}
OTHER_MARK = "third:"


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `first` to `last` (exclusive, at least one) of a window."""

    window: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Windows:
    """Token ids of each window, and the span of every turn and every clause."""

    tokens: tuple[tuple[int, ...], ...]
    turns: tuple[Span, ...]
    clauses: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A turn, or a part of one that is too long for a window. `offsets`: characters of each text token."""

    turn: int
    mark: tuple[int, ...]
    text: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        return len(self.mark) + len(self.text) + 1


def cut(transcript: Transcript, clauses: Sequence[SpokenClause], tokenizer: Tokenizer) -> Windows:
    """Windows over the whole transcript; `clauses` in order, with positions of turns in its list."""
    pieces = _pieces(transcript, tokenizer)
    tokens: list[tuple[int, ...]] = []
    places: list[Span] = []
    first = 0
    while first < len(pieces):
        last = _reach(pieces, first, OWN)
        start = first
        while start > 0 and sum(p.size for p in pieces[start - 1 : first]) <= BEFORE:
            start -= 1
        stop = last
        while stop < len(pieces) and sum(p.size for p in pieces[last : stop + 1]) <= AHEAD:
            stop += 1
        ids = [BEGIN]
        for number in range(start, stop):
            piece = pieces[number]
            begin = len(ids) + len(piece.mark)
            ids += [*piece.mark, *piece.text, END]
            if first <= number < last:
                places.append(Span(len(tokens), begin, begin + max(1, len(piece.text))))
        tokens.append(tuple(ids))
        first = last
    of_turn: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        of_turn.setdefault(piece.turn, []).append(number)
    turns = tuple(places[of_turn[position][0]] for position in range(len(transcript.turns)))
    spans = tuple(_clause_span(clause, of_turn[clause.position], pieces, places) for clause in clauses)
    return Windows(tuple(tokens), turns, spans)


def _pieces(transcript: Transcript, tokenizer: Tokenizer) -> list[_Piece]:
    roles = {person.id: person.role for person in transcript.participants}
    marks = {
        mark: tuple(tokenizer.encode(mark, add_special_tokens=False).ids)
        for mark in (*MARKS.values(), OTHER_MARK)
    }
    pieces = []
    for position, turn in enumerate(transcript.turns):
        mark = marks[MARKS.get(roles.get(turn.speaker, "unknown"), OTHER_MARK)]
        evened = even(turn.text)
        encoded = tokenizer.encode(evened.text, add_special_tokens=False)
        offsets = [evened.original(start, end) for start, end in encoded.offsets]
        most = OWN - len(mark) - 1
        for start in range(0, max(1, len(encoded.ids)), most):
            part = slice(start, start + most)
            pieces.append(_Piece(position, mark, tuple(encoded.ids[part]), tuple(offsets[part])))
    return pieces


def _reach(pieces: Sequence[_Piece], first: int, most: int) -> int:
    """The end of the run of pieces from `first` that fits into `most` tokens; at least one piece."""
    size, last = pieces[first].size, first + 1
    while last < len(pieces) and size + pieces[last].size <= most:
        size += pieces[last].size
        last += 1
    return last


def _clause_span(
    clause: SpokenClause, numbers: Sequence[int], pieces: Sequence[_Piece], places: Sequence[Span]
) -> Span:
    """The tokens of the clause in the piece in which it begins."""
    for number in numbers:
        inside = [
            k
            for k, (start, end) in enumerate(pieces[number].offsets)
            if start < clause.end and end > clause.start
        ]
        if inside:
            place = places[number]
            return Span(place.window, place.first + inside[0], place.first + inside[-1] + 1)
    return places[numbers[-1]]
