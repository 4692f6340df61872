"""`rapport.minutes/1`: what both sides confirm. A confirmed version never changes, only a new one follows."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

from models.parsing.identifiers import is_id
from service.domain.edits import SUMMARY, TEXT_MOST, Decision, Item, applied, bounded_text, checked, latest
from service.domain.errors import NotValid, VersionChanged
from service.domain.plan import PLAN, settled, steps_of

MINUTES_SCHEMA = "rapport.minutes/1"

Minutes = dict[str, Any]

ITEM_FIELDS: Mapping[str, tuple[str, ...]] = {
    "points": ("id", "kind", "text", "person"),
    "agreements": ("id", "text"),
    "action_items": ("id", "task", "owner", "due", "due_rule", "recurrence"),
}
"""What minutes keep of an item, by group: of the way to it only the rule that read a date, no words."""

_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "schema": str,
    "id": str,
    "meeting": str,
    "version": int,
    "supersedes": (str, type(None)),
    "minutes_language": str,
    "transcript_rev": int,
    "summary": str,
    "points": list,
    "agreements": list,
    "action_items": list,
    "plan": list,
    "confirmed_by": str,
    "confirmed_at": str,
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which version, and who confirmed it when. `supersedes`: the id of the version before; `reason`: why it
    was corrected, in the manager's words.
    """

    id: str
    meeting: str
    confirmed_by: str
    confirmed_at: datetime
    version: int = 1
    supersedes: str | None = None
    reason: str = ""


def sha256_of(minutes: Minutes) -> str:
    """64 hex digits over the canonical JSON (RFC 8785): the same for any order of keys and any spacing."""
    return hashlib.sha256(rfc8785.dumps(minutes)).hexdigest()


def require_version(minutes: Minutes, expected_sha256: str) -> None:
    """Raises VersionChanged unless these are the minutes with that hash."""
    if not hmac.compare_digest(sha256_of(minutes).encode(), expected_sha256.encode()):
        raise VersionChanged("version_changed")


def assemble(
    language: str,
    transcript_rev: int,
    summary: str,
    groups: Mapping[str, Iterable[Item]],
    plan: Sequence[Item],
    stamp: Stamp,
) -> Minutes:
    """The document out of accepted items. Raises NotValid when it would not be one."""
    made = {
        "schema": MINUTES_SCHEMA,
        "id": stamp.id,
        "meeting": stamp.meeting,
        "version": stamp.version,
        "supersedes": stamp.supersedes,
        "minutes_language": language,
        "transcript_rev": transcript_rev,
        "summary": summary,
        **{group: [_written(group, item) for item in groups.get(group, ())] for group in ITEM_FIELDS},
        "plan": [{**entry, "evidence": turn_numbers(entry.get("evidence", ()))} for entry in plan],
        "confirmed_by": stamp.confirmed_by,
        "confirmed_at": stamp.confirmed_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        **({"reason": stamp.reason} if stamp.reason else {}),
    }
    check(made)
    return made


def _written(group: str, item: Item) -> Item:
    kept = {name: item.get(name) for name in ITEM_FIELDS[group]}
    marks = {name: item[name] for name in ("no_date", "origin") if item.get(name)}
    return {**kept, "evidence": turn_numbers(item.get("evidence", ())), **marks}


def turn_numbers(evidence: Iterable[Any]) -> list[int]:
    """The turns, each once and in order, of evidence with quotes or of turn numbers."""
    return sorted({one["turn"] if isinstance(one, dict) else one for one in evidence})


def check(minutes: Minutes) -> None:
    """Raises NotValid naming the first field that is missing or is not what the contract says."""
    for name, kind in _FIELDS.items():
        if name not in minutes or not isinstance(minutes[name], kind) or isinstance(minutes[name], bool):
            raise NotValid("bad_minutes", field=name)
    first = minutes["version"] == 1
    if minutes["schema"] != MINUTES_SCHEMA:
        raise NotValid("bad_minutes", field="schema")
    if minutes["version"] < 1 or first != (minutes["supersedes"] is None):
        raise NotValid("bad_minutes", field="version")
    items = [(group, item) for group in ITEM_FIELDS for item in minutes[group]]
    items += [(PLAN, step) for step in steps_of(minutes["plan"])]
    ids = [item.get("id") for group, item in items if _is_item(group, item)]
    if len(set(ids)) != len(items):
        raise NotValid("bad_minutes", field="id")


def _is_item(group: str, item: object) -> bool:
    if not isinstance(item, dict) or not is_id(str(item.get("id"))):
        raise NotValid("bad_minutes", field=f"{group}.id")
    if not all(type(turn) is int for turn in item.get("evidence", ())):
        raise NotValid("bad_minutes", field=f"{group}.evidence")
    return True


def corrected(
    previous: Minutes,
    decisions: Iterable[Decision],
    added: Mapping[str, Sequence[Item]],
    stamp: Stamp,
    participants: Collection[str],
    plan: Sequence[Item] | None = None,
) -> Minutes:
    """The version after `previous`; items without a decision stay. `stamp` comes from `next_stamp`.

    `added`: new items by group, from `new_item`. `plan`: None keeps the plan. Raises NotValid.
    """
    decided = latest(decisions)
    groups = {group: [*previous[group], *added.get(group, ())] for group in ITEM_FIELDS}
    kept = previous["plan"] if plan is None else plan
    known = {item["id"]: group for group, items in groups.items() for item in items} | {SUMMARY: SUMMARY}
    known |= {step["id"]: PLAN for step in steps_of(kept)}
    for decision in decided.values():
        if decision.item not in known:
            raise NotValid("unknown_item", item=decision.item[:64])
    valid = {item: checked(decision, known[item], participants) for item, decision in decided.items()}
    left = {group: remaining(items, valid) for group, items in groups.items()}
    summary = final_summary(previous["summary"], valid)
    after = settled(kept, valid)
    return assemble(previous["minutes_language"], previous["transcript_rev"], summary, left, after, stamp)


def next_stamp(previous: Minutes, minutes_id: str, by: str, at: datetime, reason: str = "") -> Stamp:
    """The stamp of a correction: the next version, superseding the previous one. Raises NotValid."""
    said = bounded_text("reason", reason, TEXT_MOST) if reason.strip() else ""
    return Stamp(minutes_id, previous["meeting"], by, at, previous["version"] + 1, previous["id"], said)


def remaining(items: Iterable[Item], decided: Mapping[str, Decision]) -> list[Item]:
    """The items that were not rejected, with the edits in them."""
    after = (applied(item, decided.get(item["id"])) for item in items)
    return [item for item in after if item is not None]


def final_summary(summary: str, decided: Mapping[str, Decision]) -> str:
    """The summary after the decision on it; empty when it was rejected."""
    after = applied({"text": summary}, decided.get(SUMMARY))
    return str(after["text"]) if after else ""


def item_ids(minutes: Minutes) -> set[str]:
    """Ids of everything in the minutes that can be decided on or disputed, steps of the plan too."""
    items = [item for group in ITEM_FIELDS for item in minutes[group]]
    return {item["id"] for item in (*items, *steps_of(minutes["plan"]))}


def without_ratings(minutes: Minutes, own: Collection[str] = ()) -> Minutes:
    """For readers of minutes who may not see skill ratings and gaps of other people: without their values.

    `own`: participants whose entries stay whole. What was taken out of is not the version that was confirmed
    and has another hash.
    """
    hidden: Item = {"target": None, "current": None, "reality": "", "goal": "", "gap": None, "evidence": []}
    plan = [
        entry
        if entry.get("person") in own
        else {**entry, **{name: value for name, value in hidden.items() if name in entry}}
        for entry in minutes["plan"]
    ]
    return {**minutes, "plan": plan}
