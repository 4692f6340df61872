"""What one version of minutes says otherwise than the one before, item by item and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from service.domain.edits import EDITABLE, SUMMARY, Item
from service.domain.minutes import ITEM_FIELDS, Minutes
from service.domain.plan import PLAN, steps_of

How = Literal["added", "removed", "changed"]
Piece = tuple[Literal["same", "gone", "new"], str]
"""Words of a text, and whether they stayed, went or came."""

MOST_PIECES = 4_000
"""Pieces of a text up to which it is compared word by word; a longer one is shown as a whole."""

_WORD = re.compile(r"[A-Za-z0-9'’]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value of an item. `pieces`: of its wording; other values are told as before and after."""

    name: str
    before: str | None
    after: str | None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """An item that came, went or says something else. `item`: as it is now, or was."""

    group: str
    how: How
    item: Item
    fields: tuple[FieldChange, ...] = ()


def changes(before: Minutes, after: Minutes) -> list[Change]:
    """In the order of minutes: summary, groups, steps of the plan. Nothing where they say the same."""
    found = [*_summary(before, after)]
    for group in (*ITEM_FIELDS, PLAN):
        old, new = _items(before, group), _items(after, group)
        found += [Change(group, "removed", item) for name, item in old.items() if name not in new]
        for name, item in new.items():
            if name not in old:
                found.append(Change(group, "added", item))
            elif fields := tuple(_fields(group, old[name], item)):
                found.append(Change(group, "changed", item, fields))
    return found


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, with what went and what came."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_PIECES:
        return ("gone", before), ("new", after)
    pieces: list[Piece] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(old[i:i_end])))
            continue
        pieces += [("gone", "".join(old[i:i_end]))] if i < i_end else []
        pieces += [("new", "".join(new[j:j_end]))] if j < j_end else []
    return tuple(pieces)


def _summary(before: Minutes, after: Minutes) -> Iterator[Change]:
    old, new = before["summary"], after["summary"]
    if old != new:
        yield Change(SUMMARY, "changed", {"text": new}, (FieldChange("text", old, new, compared(old, new)),))


def _items(minutes: Minutes, group: str) -> dict[str, Item]:
    items = steps_of(minutes[PLAN]) if group == PLAN else minutes[group]
    return {item["id"]: item for item in items}


def _fields(group: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in EDITABLE[group]:
        old, new = before.get(name), after.get(name)
        if old != new:
            told = name in ("text", "task", "measure")
            yield FieldChange(name, old, new, compared(old or "", new or "") if told else ())
