"""Where in a turn a quote stands: exact but for case, width, spaces and marks, which models change freely."""

from __future__ import annotations

import re

from models.stages.words import CJK, fold

_KEPT = re.compile(r"[^\W_]")
_WORDS = re.compile(r"[a-zà-ÿ0-9'-]+|[\u3400-\u9fff]", re.IGNORECASE)
TELLING = 3
"""Words, or Chinese characters, from which on a quote can carry an item by itself."""


def relocate(quote: str, text: str) -> tuple[int, int] | None:
    """(start, end) of the quote in the text, None where its words do not stand there in a row.

    Letters and digits must agree; a mark between digits too, so that 1.5 is not 15. A quote begins and ends
    with whole words.
    """
    wanted, _ = _kept(quote)
    have, places = _kept(text)
    at = have.find(wanted) if wanted else -1
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        if _whole(text, start, end):
            return start, end
        at = have.find(wanted, at + 1)
    return None


def is_telling(quote: str) -> bool:
    """Whether a quote says more than yes."""
    return len(_WORDS.findall(quote)) >= TELLING


def _kept(text: str) -> tuple[str, list[int]]:
    """The characters that count and the offset of each."""
    folded = fold(text)
    kept, places = [], []
    for at, character in enumerate(folded):
        between = 0 < at < len(folded) - 1 and folded[at - 1].isdigit() and folded[at + 1].isdigit()
        if _KEPT.match(character) or between:
            kept.append(character)
            places.append(at)
    return "".join(kept), places


def _whole(text: str, start: int, end: int) -> bool:
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    """Whether a word, or a number, goes on across this offset."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isdigit() and after in ".,:" and text[at + 1 : at + 2].isdigit():
        return True
    if before in ".,:" and after.isdigit() and text[max(0, at - 2) : at - 1].isdigit():
        return True
    return before.isalnum() and after.isalnum() and not (CJK.match(before) or CJK.match(after))
