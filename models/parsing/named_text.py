"""Text in which names say who speaks, as meeting tools export it and as people type it.

Three layouts: a line `Dana 00:00:05` and then lines of text; `[00:00:05] Dana: Hello.` or
`Dana (00:00:05): Hello.`; and `Dana: Hello.` without times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from models.parsing.utterances import MAX_NAME, Utterance, looks_like_name, seconds

_T = r"[\[((]?((?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)[\]))]?"
# A name begins with no space: else each of the spaces before it could be a part of either.
_NAME = rf"([^\s\[\]::][^\[\]::]{{0,{MAX_NAME - 1}}}?)"
_NAME_TIME = re.compile(rf"^{_NAME}\s{{0,99}}{_T}\s*[::]?(?:\s+(.*))?$")
_TIME_NAME = re.compile(rf"^{_T}\s+{_NAME}\s{{0,99}}[::]\s*(.*)$")
_NAME_ONLY = re.compile(rf"^{_NAME}\s{{0,99}}[::]\s*(.*)$")

Start = tuple[str, float | None, str]
"""Name, start in seconds, the text on the same line."""


def parse(text: str) -> list[Utterance]:
    """The pieces of speech, or none when the text is not of this form (fewer than two named lines)."""
    lines = [stripped for line in text.splitlines() if (stripped := line.strip())]
    for form in (_timed, _named(lines)):
        starts = [form(line) for line in lines]
        if sum(start is not None for start in starts) >= 2:
            return _collect(lines, starts)
    return []


def _timed(line: str) -> Start | None:
    if match := _TIME_NAME.match(line):
        return match[2].strip(), seconds(match[1]), match[3]
    if match := _NAME_TIME.match(line):
        return match[1].strip(), seconds(match[2]), match[3] or ""
    return None


def _named(lines: list[str]) -> Callable[[str], Start | None]:
    """Reads "Name: text"; a label is a name when it looks like one or comes back."""
    labels = Counter(match[1].strip() for line in lines if (match := _NAME_ONLY.match(line)))

    def start(line: str) -> Start | None:
        match = _NAME_ONLY.match(line)
        if match is None:
            return None
        name = match[1].strip()
        return (name, None, match[2]) if looks_like_name(name) or labels[name] > 1 else None

    return start


def _collect(lines: list[str], starts: list[Start | None]) -> list[Utterance]:
    """Lines after a start belong to it; lines before the first (a title, a date) belong to nobody."""
    found: list[tuple[str, float | None, list[str]]] = []
    for line, start in zip(lines, starts, strict=True):
        if start is not None:
            found.append((start[0], start[1], [start[2]]))
        elif found:
            found[-1][2].append(line)
    joined = [Utterance(name, " ".join(part for part in said if part), at) for name, at, said in found]
    return [utterance for utterance in joined if utterance.text]
