"""Hints on wording that the manager dismissed: they stay until all hints go, and count for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from service.domain.errors import NotValid

Flag = dict[str, Any]


class Dismissal(StrEnum):
    """Why a hint does not hold."""

    fitting = "fitting"
    """The words were right for the occasion."""
    misheard = "misheard"
    """Nobody said it like that."""
    in_fun = "in_fun"
    """It was meant, and taken, in fun."""
    other = "other"


def dismissed(flags: Iterable[Flag], flag_id: str, reason: Dismissal | None) -> list[Flag]:
    """The flags with this one dismissed, or with None standing again. Raises NotValid where there is none."""
    found = list(flags)
    if flag_id not in {flag["id"] for flag in found}:
        raise NotValid("unknown_item", item=flag_id[:64])
    return [_marked(flag, reason) if flag["id"] == flag_id else flag for flag in found]


def still_dismissed(before: Iterable[Flag], flags: Iterable[Flag]) -> list[Flag]:
    """The flags of a new draft; the same words are not held up to the manager twice."""
    reasons = {_sign(flag): Dismissal(flag["dismissed"]) for flag in before if "dismissed" in flag}
    return [_marked(flag, reasons.get(_sign(flag))) for flag in flags]


def standing(flags: Iterable[Flag]) -> list[Flag]:
    """Those that nobody dismissed."""
    return [flag for flag in flags if "dismissed" not in flag]


def _marked(flag: Flag, reason: Dismissal | None) -> Flag:
    plain = {name: value for name, value in flag.items() if name != "dismissed"}
    return plain if reason is None else {**plain, "dismissed": reason.value}


def _sign(flag: Flag) -> tuple[int, str, str]:
    return flag["turn"], flag["label"], flag["quote"]
