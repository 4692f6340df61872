"""A talk in overlapping pieces that fit a language model; together they hold every character said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.schema import Turn
from models.stages.words import CJK

OVERLAP = 0.2
"""Share of a piece that the next one repeats: a task is often accepted some turns after it was asked for."""
LINE_TOKENS = 8
"""For the number of a turn and its speaker."""
_BREAK = re.compile(r"[.?!;,\u3002\uff1f\uff01\uff1b\uff0c]\s*|\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A turn, or a stretch of a very long one: `start` and `end` are character offsets in its text."""

    turn: Turn
    start: int
    end: int

    @property
    def text(self) -> str:
        """What was said."""
        return self.turn.text[self.start : self.end]

    @property
    def tokens(self) -> int:
        """An upper estimate."""
        return LINE_TOKENS + tokens(self.text)


Piece = tuple[Line, ...]


def tokens(text: str) -> int:
    """An upper estimate of a text's tokens in today's tokenizers: 1.3 a Chinese character, else 0.4."""
    han = len(CJK.findall(text))
    return int(1.3 * han + 0.4 * (len(text) - han)) + 1


def cut(turns: Sequence[Turn], most_tokens: int) -> list[Piece]:
    """Pieces in order, each of at most `most_tokens` by estimate; none for a talk without turns."""
    lines = [line for turn in turns for line in _lines(turn, most_tokens // 2)]
    pieces: list[Piece] = []
    start = 0
    while start < len(lines):
        end = _fill(lines, start, most_tokens)
        pieces.append(tuple(lines[start:end]))
        if end == len(lines):
            break
        start = _back(lines, start, end, int(OVERLAP * most_tokens))
    return pieces


def halves(piece: Piece) -> tuple[Piece, Piece] | None:
    """The piece as two that share the lines around its middle; None when it cannot be made smaller."""
    if len(piece) > 3:
        middle = len(piece) // 2
        return piece[: middle + 1], piece[middle - 1 :]
    if len(piece) > 1:
        return piece[:1], piece[1:]
    only = piece[0]
    if only.end - only.start < 200:
        return None
    first, second = _parts(only.turn, [only.start, (only.start + only.end) // 2, only.end])
    return (first,), (second,)


def _fill(lines: Sequence[Line], start: int, most: int) -> int:
    """The end of the piece that begins there; at least one line."""
    end, used = start + 1, lines[start].tokens
    while end < len(lines) and used + lines[end].tokens <= most:
        used += lines[end].tokens
        end += 1
    return end


def _back(lines: Sequence[Line], start: int, end: int, overlap: int) -> int:
    """Where the next piece begins: some lines before the end, but after the start of this one."""
    again, used = end, 0
    while again - 1 > start and used + lines[again - 1].tokens <= overlap:
        again -= 1
        used += lines[again].tokens
    return again


def _lines(turn: Turn, most: int) -> list[Line]:
    """The turn in one line, or in several that end at a mark or a space where there is one."""
    whole = Line(turn, 0, len(turn.text))
    if whole.tokens <= most:
        return [whole]
    count = -(-tokens(turn.text) // max(1, most - LINE_TOKENS - 1))
    size = max(1, len(turn.text) // count)
    cuts = [0]
    while len(turn.text) - cuts[-1] > size:
        near = [m.end() for m in _BREAK.finditer(turn.text, cuts[-1] + size // 2, cuts[-1] + size)]
        cuts.append(near[-1] if near else cuts[-1] + size)
    return _parts(turn, [*cuts, len(turn.text)])


def _parts(turn: Turn, cuts: Sequence[int]) -> list[Line]:
    return [Line(turn, start, end) for start, end in pairwise(cuts) if end > start]
