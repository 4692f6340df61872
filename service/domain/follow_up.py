"""Action items live on after their meeting: what became of them, and which go into the next one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from service.domain.errors import NotValid, WrongState
from service.domain.minutes import Minutes


class ItemStatus(StrEnum):
    """What became of an action item."""

    open = "open"
    in_work = "in_work"
    """Begun."""
    done = "done"
    moved = "moved"
    """Still to do, on another day than the minutes say."""
    dropped = "dropped"


OUTSTANDING = frozenset({ItemStatus.open, ItemStatus.in_work, ItemStatus.moved})

_ENDS = frozenset({ItemStatus.done, ItemStatus.moved, ItemStatus.dropped})

STATUS_CHANGES: Mapping[ItemStatus, frozenset[ItemStatus]] = MappingProxyType(
    {
        ItemStatus.open: _ENDS | {ItemStatus.in_work},
        ItemStatus.in_work: _ENDS | {ItemStatus.open},
        ItemStatus.moved: _ENDS | {ItemStatus.in_work},
        ItemStatus.done: frozenset({ItemStatus.open}),
        ItemStatus.dropped: frozenset({ItemStatus.open}),
    }
)


@dataclass(frozen=True, slots=True)
class Progress:
    """The status of an item, and its new day (ISO) where it was moved."""

    status: ItemStatus = ItemStatus.open
    due: str | None = None


@dataclass(frozen=True, slots=True)
class EarlierMeeting:
    """A meeting with confirmed minutes. `people`: participant id -> person id, `day`: ISO date."""

    meeting: str
    day: str
    people: Mapping[str, str]
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class CarriedItem:
    """An open item for the next meeting. `owner`: the person id, None when nobody was named."""

    meeting: str
    item: str
    task: str
    owner: str | None
    due: str | None
    status: ItemStatus


def changed(progress: Progress, wanted: ItemStatus, due: str | None = None) -> Progress:
    """The item's next status; `due`: the new day, exactly when it is moved. Raises WrongState, NotValid."""
    if wanted not in STATUS_CHANGES[progress.status]:
        raise WrongState("wrong_status", status=progress.status, wanted=wanted)
    moved = wanted is ItemStatus.moved
    if moved != (due is not None) or (due is not None and not _is_day(due)):
        raise NotValid("bad_day", field="due")
    return replace(progress, status=wanted, due=due)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def suggested(status: str) -> ItemStatus | None:
    """What a draft's `follow_up` status would change once the manager confirms; None: nothing."""
    return {"done": ItemStatus.done, "moved": ItemStatus.moved}.get(status)


def carried(
    earlier: Iterable[EarlierMeeting],
    people: Collection[str],
    progress: Mapping[tuple[str, str], Progress],
) -> list[CarriedItem]:
    """Outstanding items of earlier meetings of exactly these people (person ids), oldest meeting first.

    Of each meeting the newest version counts. `progress`: (meeting, item id) -> what became of it; an item
    without an entry is open.
    """
    newest: dict[str, EarlierMeeting] = {}
    for one in sorted(earlier, key=lambda one: one.minutes["version"]):
        if set(one.people.values()) == set(people):
            newest[one.meeting] = one
    in_order = sorted(newest.values(), key=lambda one: (one.day, one.meeting))
    items = [_carried(one, item, progress) for one in in_order for item in one.minutes["action_items"]]
    return [item for item in items if item.status in OUTSTANDING]


def _carried(
    earlier: EarlierMeeting, item: Mapping[str, str | None], progress: Mapping[tuple[str, str], Progress]
) -> CarriedItem:
    item_id = str(item["id"])
    now = progress.get((earlier.meeting, item_id), Progress())
    return CarriedItem(
        meeting=earlier.meeting,
        item=item_id,
        task=str(item["task"]),
        owner=earlier.people.get(item["owner"]) if item["owner"] else None,
        due=now.due or item["due"],
        status=now.status,
    )
