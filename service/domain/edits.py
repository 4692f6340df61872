"""Decisions on suggestions, and which values people may put into minutes.

Items are the JSON objects of `rapport.draft/1` and `rapport.minutes/1`. A group is the list that an item is
in ("action_items", say); the summary is a group of its own with one item.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args

from models.schema import PointKind, Recurrence
from service.domain.errors import NotValid

Item = dict[str, Any]

SUMMARY = "summary"
"""Group of the summary, and the id by which it is decided on."""

TEXT_MOST, SUMMARY_MOST = 2_000, 10_000
"""Characters of one item, and of the summary."""

EDITABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        SUMMARY: ("text",),
        "points": ("text", "kind", "person"),
        "agreements": ("text",),
        "action_items": ("task", "owner", "due", "recurrence"),
        "plan": ("task", "measure", "owner", "starts", "due"),
    }
)
"""What of each group of minutes a person may change. The first field is the wording and has to be there."""


class Verdict(StrEnum):
    """What a person decides on a suggestion."""

    accept = "accept"
    edit = "edit"
    reject = "reject"


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's decision on one item. `fields`: the new values of an edit, None clears one.

    `no_date`: an action item that is accepted or edited shall have no date. `by`: who, `at`: when (aware).
    """

    item: str
    verdict: Verdict
    by: str
    at: datetime
    fields: Mapping[str, str | None] = field(default_factory=dict)
    no_date: bool = False


def latest(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds for each item: the last one; of two at one time the later in the list."""
    return {decision.item: decision for decision in sorted(decisions, key=lambda one: one.at)}


def bounded_text(name: str, value: object, most: int) -> str:
    """The text without space around it: 1 to `most` characters, no control characters. Raises NotValid."""
    if not isinstance(value, str) or any(_is_control(character) for character in value):
        raise NotValid("text_unreadable", field=name)
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise NotValid("text_empty", field=name)
    if len(text) > most:
        raise NotValid("text_too_long", field=name, most=most)
    return text


def _is_control(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}


def checked(decision: Decision, group: str, participants: Collection[str]) -> Decision:
    """The decision with its values tidied. Raises NotValid."""
    editing = decision.verdict is Verdict.edit
    fields = checked_fields(group, decision.fields, participants) if editing else {}
    if decision.no_date and (group != "action_items" or fields.get("due")):
        raise NotValid("date_and_no_date", item=decision.item)
    if editing and not fields and not decision.no_date:
        raise NotValid("no_edit", item=decision.item)
    return replace(decision, fields=fields)


def checked_fields(
    group: str, fields: Mapping[str, object], participants: Collection[str]
) -> dict[str, str | None]:
    """The values tidied. People are participant ids of the meeting, days ISO dates. Raises NotValid."""
    allowed = EDITABLE.get(group, ())
    for name in fields:
        if name not in allowed:
            raise NotValid("not_editable", field=name[:64], allowed=", ".join(allowed) or "-")
    most = SUMMARY_MOST if group == SUMMARY else TEXT_MOST
    checks: dict[str, Callable[[str, object], str | None]] = {
        "text": lambda name, value: bounded_text(name, value, most),
        "task": lambda name, value: bounded_text(name, value, most),
        "measure": lambda name, value: bounded_text(name, value, most),
        "person": lambda name, value: _participant(name, value, participants),
        "owner": lambda name, value: _participant(name, value, participants),
        "due": _step_day if group == "plan" else _day,
        "starts": _day,
        "recurrence": lambda name, value: (
            None if value is None else _choice(name, value, get_args(Recurrence))
        ),
        "kind": lambda name, value: _choice(name, value, get_args(PointKind)),
    }
    return {name: checks[name](name, value) for name, value in fields.items()}


def _participant(name: str, value: object, participants: Collection[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in participants:
        raise NotValid("not_a_participant", field=name)
    return value


def _day(name: str, value: object) -> str | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(str(value)).isoformat()
    except ValueError:
        day = ""
    if not day or day != value:
        raise NotValid("bad_day", field=name)
    return day


def _step_day(name: str, value: object) -> str:
    """A step of a plan has a day."""
    return _day(name, value or "") or ""


def _choice(name: str, value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise NotValid("not_a_choice", field=name, allowed=", ".join(choices))
    return value


def new_item(
    group: str,
    item_id: str,
    fields: Mapping[str, object],
    participants: Collection[str],
    *,
    no_date: bool = False,
    evidence: Sequence[Item] = (),
) -> Item:
    """An item that a person adds, as the draft's own are written, with "origin": "human". Raises NotValid."""
    empty = dict.fromkeys(EDITABLE.get(group, ()))
    written = checked_fields(group, {**_required(group, fields), **fields}, participants)
    if no_date and (group != "action_items" or written.get("due")):
        raise NotValid("date_and_no_date", item=item_id)
    marks = {"no_date": True} if no_date else {}
    return {"id": item_id, **empty, **written, **marks, "evidence": list(evidence), "origin": "human"}


def _required(group: str, fields: Mapping[str, object]) -> dict[str, object]:
    """Empty wording and kind where they are missing, so that their checks say so."""
    needed = (*EDITABLE.get(group, ())[:1], *(("kind",) if group == "points" else ()))
    return {name: "" for name in needed if name not in fields}


def applied(item: Item, decision: Decision | None) -> Item | None:
    """The item after the decision on it; None when it was rejected. Without a decision it stays as it is."""
    if decision is None:
        return item
    if decision.verdict is Verdict.reject:
        return None
    made = {**item, **decision.fields}
    if decision.no_date:
        made |= {"due": None, "no_date": True}
    elif made.get("due"):
        made.pop("no_date", None)
    if "due_rule" in made and made["due"] != item["due"]:
        made["due_rule"] = None  # the day is a person's own now
    return made
