"""The manager's review of a draft, item by item, and the minutes that come out of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from service.domain.edits import SUMMARY, Decision, Item, Verdict, checked, latest
from service.domain.errors import NotReviewed, NotValid
from service.domain.minutes import ITEM_FIELDS, Minutes, Stamp, assemble, final_summary, remaining
from service.domain.plan import PLAN, settled, steps_of
from service.domain.tone_flags import still_dismissed

__all__ = [
    "Decision",
    "Verdict",
    "check_decision",
    "mark_stale",
    "merge_redraft",
    "minutes_from",
    "needs_own_decision",
    "undecided",
    "with_own_ids",
]

SURE_ENOUGH = 0.8
"""From this confidence on, one confirm may cover an item."""

SUGGESTIONS = (*ITEM_FIELDS, "skill_gaps", "recommendations")
"""Groups of a draft that people decide on. Gaps and recommendations enter minutes only through a plan."""

Draft = Mapping[str, Any]


def needs_own_decision(item: Item) -> bool:
    """Whether one confirm cannot cover the item."""
    return any(doubts(item).values())


def doubts(item: Item) -> dict[str, bool]:
    """What could be wrong with an item, and whether it is: one confirm covers an item that has an owner, a
    date or an explicit "no date", enough confidence, and whose quotes are still in the transcript.
    """
    return {
        "no_owner": not item.get("owner"),
        "no_date": item.get("due") is None and item.get("no_date") is not True,
        "unsure": (item.get("confidence") or 0.0) < SURE_ENOUGH,
        "stale": is_stale(item),
    }


def is_stale(item: Item) -> bool:
    """Whether one of its quotes was corrected in the transcript, or is gone from it."""
    quotes = [one for one in item.get("evidence", ()) if isinstance(one, dict)]
    return any(one.get("stale") or one.get("reworded") for one in quotes)


def undecided(
    draft: Draft, decisions: Iterable[Decision], displayed: Collection[str], plan: Iterable[Item] = ()
) -> list[str]:
    """Ids that forbid a confirm, in the order of the draft; `displayed`: ids that the manager was shown.

    Steps of the `plan` come from what was accepted: they have to be shown, not decided on once more.
    """
    decided = latest(decisions)
    items = [item for group in ITEM_FIELDS for item in draft[group]]
    found = [
        item["id"]
        for item in items
        if item["id"] not in decided and (item["id"] not in displayed or needs_own_decision(item))
    ]
    found += [s["id"] for s in steps_of(plan) if s["id"] not in decided and s["id"] not in displayed]
    return [*found, *([SUMMARY] if _summary_is_open(draft, decided, displayed) else [])]


def _summary_is_open(draft: Draft, decided: Mapping[str, Decision], displayed: Collection[str]) -> bool:
    """A summary tells of every item: after a rejection or an edit it may say what nobody confirmed."""
    if not draft["summary"]:
        return False
    minutes_ids = {item["id"] for group in ITEM_FIELDS for item in draft[group]}
    changes = [d.at for d in decided.values() if d.item in minutes_ids and d.verdict is not Verdict.accept]
    own = decided.get(SUMMARY)
    if own is None:
        return bool(changes) or SUMMARY not in displayed
    return any(at > own.at for at in changes)


def check_decision(
    draft: Draft,
    human_items: Mapping[str, Sequence[Item]],
    decision: Decision,
    participants: Collection[str],
    plan: Iterable[Item] = (),
) -> Decision:
    """The decision with tidied values. Raises NotValid for an unknown item or an impossible value."""
    group = groups_by_id(draft, human_items, plan).get(decision.item)
    if group is None:
        raise NotValid("unknown_item", item=decision.item[:64])
    return checked(decision, group, participants)


def groups_by_id(
    draft: Draft, human_items: Mapping[str, Sequence[Item]], plan: Iterable[Item] = ()
) -> dict[str, str]:
    """Id -> group of everything that can be decided on. Raises NotValid when two have one id."""
    found = {SUMMARY: SUMMARY}
    pairs = [(group, item) for group in SUGGESTIONS for item in draft[group]]
    pairs += [(group, item) for group in ITEM_FIELDS for item in human_items.get(group, ())]
    pairs += [(PLAN, step) for step in steps_of(plan)]
    for group, item in pairs:
        if item["id"] in found:
            raise NotValid("item_exists", item=item["id"])
        found[item["id"]] = group
    return found


def minutes_from(
    draft: Draft,
    human_items: Mapping[str, Sequence[Item]],
    decisions: Iterable[Decision],
    *,
    displayed: Collection[str],
    participants: Collection[str],
    stamp: Stamp,
    plan: Sequence[Item] = (),
) -> Minutes:
    """The minutes that this confirm makes: accepted items only, edits applied, turn numbers as evidence.

    `human_items`: by group, from `new_item`. `displayed`: ids the manager was shown ("summary" is one).
    `plan`: entries of an accepted development plan. Raises NotReviewed, NotValid.
    """
    open_ids = undecided(draft, decisions := list(decisions), displayed, plan)
    if open_ids:
        raise NotReviewed("not_reviewed", count=len(open_ids), items=", ".join(open_ids))
    decided = {
        item: check_decision(draft, human_items, decision, participants, plan)
        for item, decision in latest(decisions).items()
    }
    groups = {
        group: remaining([*draft[group], *human_items.get(group, ())], decided) for group in ITEM_FIELDS
    }
    summary, after = final_summary(draft["summary"], decided), settled(plan, decided)
    return assemble(draft["minutes_language"], draft["transcript_rev"], summary, groups, after, stamp)


def mark_stale(item: Item, turns: Mapping[int, str]) -> Item:
    """The item with `stale` on each quote that its turn no longer holds. `turns`: turn identity -> text."""
    if "evidence" not in item:
        return item
    return {**item, "evidence": [_marked(one, turns) for one in item["evidence"]]}


def _marked(one: Item, turns: Mapping[int, str]) -> Item:
    plain = {name: value for name, value in one.items() if name != "stale"}
    holds = one["quote"] in turns.get(one["turn"], "")
    return plain if holds else {**plain, "stale": True}


def merge_redraft(
    old: Draft,
    decided: Collection[str],
    new: Draft,
    turns: Mapping[int, str],
    reserved: Collection[str] = (),
) -> dict[str, Any]:
    """The new draft with everything of the old one that somebody decided on, unchanged but for `stale`.

    A suggestion that repeats a decided one is left out: the same words or quotes, or something of its kind
    from the same turn. Ids of the old draft never come to mean something else; `new_items` lists those that
    it had not. `decided`: ids; `turns`: texts of the transcript of the new draft; `reserved`: ids of items
    that people added.
    """
    decided = {*decided, *(one["gap"] for one in old["recommendations"] if one["id"] in decided)}
    names = _Names(old, new, decided, reserved)
    merged = dict(new)
    for group in SUGGESTIONS:
        kept = [item for item in old[group] if item["id"] in decided]
        fresh = [names.renamed(group, item) for item in new[group]]
        again = _said_again(kept, fresh)
        names.replace(again)
        added = [item for item in fresh if item["id"] not in decided and item["id"] not in again]
        merged[group] = [mark_stale(item, turns) for item in (*kept, *added)]
    if SUMMARY in decided:
        merged["summary"] = old["summary"]
    merged["tone_flags"] = still_dismissed(old["tone_flags"], new["tone_flags"])
    before = {item["id"] for group in SUGGESTIONS for item in old[group]}
    found = [item["id"] for group in SUGGESTIONS for item in merged[group]]
    return {**merged, "new_items": [one for one in found if one not in before]}


def _said_again(kept: Sequence[Item], fresh: Sequence[Item]) -> dict[str, str]:
    """Id of a fresh item -> id of the decided one that it repeats in other words: of the same kind and from
    the same turn. Each decided item is repeated once, by the likest.
    """
    again: dict[str, str] = {}
    exact = {item["id"] for item in fresh}
    for item in (one for one in kept if one["id"] not in exact):
        near = [
            one
            for one in fresh
            if one["id"] not in again
            and one.get("kind") == item.get("kind")
            and _turns(one) & _turns(item)
            and one["id"] not in {other["id"] for other in kept}
        ]
        if near:
            words = _words(item)
            likest = max(near, key=lambda one: SequenceMatcher(None, words, _words(one)).ratio())
            again[likest["id"]] = item["id"]
    return again


def _turns(item: Item) -> set[int]:
    return {one["turn"] for one in item.get("evidence", ())}


def _words(item: Item) -> str:
    said = item.get("task") or item.get("text") or item.get("skill") or item.get("title") or ""
    return " ".join(said.casefold().split())


def with_own_ids(draft: Draft) -> dict[str, Any]:
    """The draft with an id of its own for each suggestion: engines number each group for itself."""
    names = _Names(dict.fromkeys(SUGGESTIONS, ()), draft, (), ())
    return {
        **draft,
        **{group: [names.renamed(group, item) for item in draft[group]] for group in SUGGESTIONS},
    }


class _Names:
    """Ids for the suggestions of a new draft: the old id for the same suggestion, else one never used."""

    def __init__(self, old: Draft, new: Draft, decided: Collection[str], reserved: Collection[str]) -> None:
        self._same = {
            (group, sign): item["id"]
            for group in SUGGESTIONS
            for item in reversed(old[group])
            for sign in _signs(item)
        }
        before = {item["id"] for group in SUGGESTIONS for item in old[group]}
        self._decided = decided
        self._used = before | {*reserved, SUMMARY}
        self._taken = self._used | {item["id"] for group in SUGGESTIONS for item in new[group]}
        self._given: set[str] = set()
        self._renamed: dict[str, str] = {}

    def renamed(self, group: str, item: Item) -> Item:
        """The item with its id, and its gap's where it has one. Gaps come before recommendations."""
        made = {**item, "gap": self._renamed.get(item["gap"], item["gap"])} if "gap" in item else dict(item)
        known = [self._same.get((group, sign), "") for sign in _signs(made)]
        same = next((one for one in known if one and (one in self._decided or one not in self._given)), None)
        fresh = self._free(item["id"]) if item["id"] in self._used | self._given else item["id"]
        made["id"] = same or fresh
        self._given.add(made["id"])
        self._renamed[item["id"]] = made["id"]
        return made

    def replace(self, again: Mapping[str, str]) -> None:
        """Gaps that are left out for others: their recommendations go to those."""
        self._renamed = {item: again.get(name, name) for item, name in self._renamed.items()}

    def _free(self, wanted: str) -> str:
        prefix = re.sub(r"\d+$", "", wanted)[:56]
        number = 1
        while f"{prefix}{number}" in self._taken:
            number += 1
        self._taken.add(f"{prefix}{number}")
        return f"{prefix}{number}"


def _signs(item: Item) -> Iterator[tuple[object, ...]]:
    """What makes two suggestions the same: their words, or where it was said; and who, when, what kind."""
    rest = tuple(item.get(name) for name in ("kind", "person", "owner", "due", "gap", "resource"))
    yield ("words", _words(item), *rest)
    quotes = frozenset((one["turn"], one["quote"]) for one in item.get("evidence", ()))
    if quotes:
        yield ("quotes", quotes, *rest)
