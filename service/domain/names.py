"""What people call the states, actions and things of the rules, in both languages (names.toml)."""

from __future__ import annotations

from enum import StrEnum

from models.wording import Wording

NAMES = Wording.beside(__file__, "names.toml")


def in_words(member: StrEnum, language: str) -> str:
    """The member as people say it: State.drafted is "draft ready". One without an entry keeps its code."""
    key = f"{type(member).__name__.lower()}_{member.value}"
    return NAMES.say(key, language) if key in NAMES.table else member.value
