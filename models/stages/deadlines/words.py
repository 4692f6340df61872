"""English text as tokens with their places, and phrases looked up in tables, longest first."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import TypeVar

_TOKEN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?![\d-])|(?<![\d./-])\d{1,4}([/.])\d{1,2}(?:\1\d{2,4})?(?![\d/-])"
    r"|\d{1,2}:\d{2}|\d+(?:st|nd|rd|th)(?![a-z])|\d+|[a-z]+(?:['’][a-z]+)*|[^\s]",
    re.IGNORECASE,
)
_LONGEST_PHRASE = 6
Value = TypeVar("Value")

SENTENCE_ENDS = frozenset(".!?;。!?;")


def listed(words: str, sign: str | None = None) -> list[str]:
    """Split a list of words that is written as one line, at white space or at `sign`."""
    return words.split(sign)


class Tokens:
    """Lower-case tokens of a text; `words[i]` lies at `starts[i]`..`ends[i]` of it."""

    def __init__(self, text: str) -> None:
        found = list(_TOKEN.finditer(text))
        self.words = [m.group().lower().replace("’", "'") for m in found]
        self.starts = [m.start() for m in found]
        self.ends = [m.end() for m in found]

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def glued(self, i: int) -> bool:
        """Whether token i follows the one before it without a space."""
        return 0 < i < len(self.words) and self.starts[i] == self.ends[i - 1]

    def skip(self, i: int, words: Container[str]) -> int:
        """Index after token i if it is one of these, else i."""
        return i + 1 if self[i] and self[i] in words else i

    def expect(self, i: int, *phrases: str) -> int | None:
        """Index after the longest of these phrases at token i, or None."""
        found = self.lookup(i, dict.fromkeys(phrases, True))
        return found[1] if found else None

    def lookup(self, i: int, table: Mapping[str, Value]) -> tuple[Value, int] | None:
        """Value of the longest phrase of the table at token i and the next index. Hyphens do not count:
        "year-end" is found as "year end".
        """
        best: tuple[Value, int] | None = None
        phrase, length, j = "", 0, i
        while j < len(self.words) and length < _LONGEST_PHRASE:
            word = self.words[j]
            j += 1
            if word in "-‑–" and phrase:
                continue
            phrase = f"{phrase} {word}" if phrase else word
            length += 1
            if phrase in table:
                best = table[phrase], j
        return best
