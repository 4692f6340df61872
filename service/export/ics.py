"""Action items with a date as tasks of a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Component, Todo

from models.schema import ActionItem, Draft, Transcript
from service.export.outline import Minutes
from service.export.plain_text import clean

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "rapport")


def to_ics(draft: Draft, transcript: Transcript) -> bytes:
    """One VTODO for each item with a due date; the same item has the same UID in every export."""
    minutes = Minutes(draft, transcript)
    return calendar_of(_todo(item, item.due, minutes) for item in draft.action_items if item.due is not None)


def calendar_of(entries: Iterable[Component]) -> bytes:
    """A calendar file with these entries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rapport//minutes//EN")
    calendar.add("version", "2.0")
    for one in entries:
        calendar.add_component(one)
    content: bytes = calendar.to_ical()
    return content


def fill(entry: Component, key: str, day: str, summary: str, description: str) -> None:
    """What every entry has. `key` names it among all of Rapport: the same key gives the same UID.

    `day` (ISO) is that of the document instead of the clock: the same document gives the same file.
    """
    entry.add("uid", uid_of(key))
    entry.add("dtstamp", datetime.combine(date.fromisoformat(day), time(), UTC))
    entry.add("summary", clean(summary))
    entry.add("description", description)


def uid_of(key: str) -> str:
    """The same for the same key, different among all of Rapport."""
    return str(uuid.uuid5(_NAMESPACE, key))


def _todo(item: ActionItem, due: str, minutes: Minutes) -> Todo:
    draft, notice = minutes.draft, minutes.say("notice")
    todo = Todo()
    description = minutes.say("task_of", name=minutes.name(item.owner), notice=notice)
    fill(todo, f"{draft.id}/{item.id}", draft.date, item.task, description)
    todo.add("due", date.fromisoformat(due))
    todo.add("status", "NEEDS-ACTION")
    return todo
