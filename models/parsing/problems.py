"""Everything that is wrong in a file, collected, so that it is corrected in one go."""

from __future__ import annotations

import json

from models.errors import Problem, UnusableTable, Words

LISTED = 20
"""Problems that are told with their places; more are counted."""

_SHOWN = 40
"""Characters of a value that a sentence quotes."""


class Problems:
    """What is wrong in a file: the first ones with their places, the others counted."""

    def __init__(self) -> None:
        self.first: list[Problem] = []
        self.more = 0

    def add(self, place: Words, key: str, value: object = "", **values: str) -> None:
        """One more, with the sentence `key` of errors.toml about the value."""
        if len(self.first) < LISTED:
            self.first.append((place, (key, {"value": shown(value), **values})))
        else:
            self.more += 1

    def refuse_any(self, path: str, error: type[UnusableTable]) -> None:
        """Raises that error when there is a problem."""
        if self.first:
            raise error.listing(path, self.first, self.more)


def shown(value: object) -> str:
    """The value as a sentence can quote it: in one line, printable, at most 40 characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "\ufffd" for character in short)
