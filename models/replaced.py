"""A text in which stretches were replaced, and where each place in it stood in the original."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from re import Match, Pattern


@dataclass(frozen=True, slots=True)
class Replaced:
    """`places`: (start, end, start in the original, end in the original) of each replacement, in order."""

    text: str
    places: tuple[tuple[int, int, int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of a stretch of this text; a replacement counts as a whole."""
        return self._offset(start, first=True), self._offset(end, first=False)

    def _offset(self, at: int, *, first: bool) -> int:
        shift = 0
        for start, end, was_start, was_end in self.places:
            if at >= end and (first or start < at):  # what was left out at an end is behind it
                shift = was_end - end
            elif at > start:
                return was_start if first else was_end
            else:
                break
        return at + shift


def replaced(text: str, pattern: Pattern[str], form: Callable[[Match[str]], str | None]) -> Replaced:
    """Every match as `form` tells; None leaves it as it is."""
    parts: list[str] = []
    places: list[tuple[int, int, int, int]] = []
    at = length = 0
    for found in pattern.finditer(text):
        instead = form(found)
        if instead is None:
            continue
        parts += [text[at : found.start()], instead]
        length += found.start() - at
        places.append((length, length + len(instead), found.start(), found.end()))
        length += len(instead)
        at = found.end()
    return Replaced("".join([*parts, text[at:]]), tuple(places))
