"""What the readers of text forms find: somebody says something, perhaps with a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?")
_LATIN_NAME = re.compile(r"[A-Z0-9][\w'’.-]*(?: [A-Z0-9(][\w'’.)-]*){0,3}")
_HAN_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")
_PRONOUNS = frozenset("我你您他她它这那咱")
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Utterance:
    """`name` is the label in the file, None when it gives none; times in seconds."""

    name: str | None
    text: str
    start_s: float | None = None
    end_s: float | None = None


def seconds(time: str) -> float | None:
    """Seconds of "1:02:03.500", "02:03" or "00:02:03,5"; None when it is not a time."""
    match = _TIME.fullmatch(time.strip())
    if match is None:
        return None
    hours, minutes, whole, fraction = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + float(f"0.{fraction or 0}")


def looks_like_name(label: str) -> bool:
    """Whether "label: text" is rather somebody speaking than a sentence with a colon ("the plan is: ...")."""
    if len(label) > MAX_NAME:
        return False
    if _HAN_NAME.fullmatch(label):
        return label[0] not in _PRONOUNS
    return _LATIN_NAME.fullmatch(label) is not None


def joined(pieces: Iterable[str]) -> str:
    """The pieces of one person's talk; no blank between Chinese characters."""
    found: list[str] = []
    for piece in filter(None, pieces):
        if found and max(found[-1][-1], piece[0]) <= "\u2e80":
            found.append(" ")
        found.append(piece)
    return "".join(found)
