"""Action items with a date as tasks of a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Todo

from models.schema import ActionItem, Draft, Transcript
from service.export.outline import Minutes
from service.export.plain_text import clean

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "rapport")


def to_ics(draft: Draft, transcript: Transcript) -> bytes:
    """One VTODO for each item with a due date; the same item has the same UID in every export."""
    minutes = Minutes(draft, transcript)
    calendar = Calendar()
    calendar.add("prodid", "-//Rapport//minutes//EN")
    calendar.add("version", "2.0")
    for item in draft.action_items:
        if item.due is not None:
            calendar.add_component(_todo(item, item.due, minutes))
    content: bytes = calendar.to_ical()
    return content


def _todo(item: ActionItem, due: str, minutes: Minutes) -> Todo:
    draft = minutes.draft
    todo = Todo()
    todo.add("uid", str(uuid.uuid5(_NAMESPACE, f"{draft.id}/{item.id}")))
    # The date of the meeting instead of the clock: the same draft gives the same file.
    todo.add("dtstamp", datetime.combine(date.fromisoformat(draft.date), time(), UTC))
    todo.add("due", date.fromisoformat(due))
    todo.add("summary", clean(item.task))
    todo.add(
        "description", minutes.say("task_of", name=minutes.name(item.owner), notice=minutes.say("notice"))
    )
    todo.add("status", "NEEDS-ACTION")
    return todo
