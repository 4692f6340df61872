"""Confirmed minutes in the formats of files: Markdown, Word, a calendar, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import rfc8785
from icalendar import Component, Todo

from service.domain.follow_up import ItemStatus
from service.export.confirmed_plan import confirmed_plans
from service.export.ics import calendar_of, fill
from service.export.markdown import markdown_of
from service.export.outline import POINT_KINDS, WORDING, Outline, Point, Section, Table
from service.export.plain_text import clean
from service.export.plan_ics import entries_of
from service.export.plan_outline import PlanPages

MEDIA_TYPES: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json",
}

_STATUS = {"done": "COMPLETED", "dropped": "CANCELLED", "in_work": "IN-PROCESS"}


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What minutes do not say themselves. `people`: participant id -> (name, role); `day`: ISO date.

    `statuses`: action item id -> what became of it (domain/follow_up.ItemStatus).
    """

    day: str
    kind: str
    people: Mapping[str, tuple[str, str]]
    sha256: str
    statuses: Mapping[str, str]


class ConfirmedMinutes:
    """One version of minutes (`rapport.minutes/1`) in words."""

    def __init__(self, minutes: Mapping[str, Any], facts: MeetingFacts) -> None:
        self._minutes = minutes
        self._facts = facts

    def render(self, name: str) -> bytes:
        """The bytes of one file; `name` is a key of MEDIA_TYPES (KeyError otherwise)."""
        if name == "md":
            return markdown_of(self.outline()).encode()
        if name == "docx":
            from service.export.docx import docx_of  # noqa: PLC0415 - a start need not wait for it

            return docx_of(self.outline())
        return {"ics": self.calendar, "json": self._json}[name]()

    def _json(self) -> bytes:
        return rfc8785.dumps(dict(self._minutes))

    def outline(self) -> Outline:
        """Title, facts and sections, in the language of the minutes."""
        minutes = self._minutes
        sections = (
            Section(self._say("summary"), [clean(minutes["summary"])] if minutes["summary"] else []),
            Section(self._say("action_items"), self._action_items()),
            Section(self._say("agreements"), [Point(clean(one["text"])) for one in minutes["agreements"]]),
            *(Section(self._say(kind), self._points(kind)) for kind in POINT_KINDS),
            *(section for pages in self._plans() for section in pages.within_minutes()),
        )
        return Outline(
            title=f"{self._say('title')}{self._say('colon')}{self._facts.day}",
            notice=self._say("notice_confirmed", version=minutes["version"]),
            colon=self._say("colon"),
            facts=self._header(),
            sections=tuple(section for section in sections if section.parts),
        )

    def calendar(self) -> bytes:
        """A task for each action item with a day, and the plan; after a correction the same UIDs."""
        todos = [self._todo(item) for item in self._minutes["action_items"] if item["due"]]
        return calendar_of([*todos, *(entry for pages in self._plans() for entry in entries_of(pages))])

    def _plans(self) -> list[PlanPages]:
        """The plan of each person in the minutes."""
        statuses = {item: ItemStatus(status) for item, status in self._facts.statuses.items()}
        return confirmed_plans(self._minutes, self._facts.day, self._facts.people, statuses)

    def _todo(self, item: Mapping[str, Any]) -> Todo:
        todo: Component = Todo()
        minutes = self._minutes
        notice = self._say("notice_confirmed", version=minutes["version"])
        text = self._say("task_of", name=self._name(item["owner"]), notice=notice)
        fill(todo, f"{minutes['meeting']}/{item['id']}", minutes["confirmed_at"][:10], item["task"], text)
        todo.add("due", date.fromisoformat(item["due"]))
        todo.add("sequence", minutes["version"] - 1)
        todo.add("status", _STATUS.get(self._facts.statuses.get(item["id"], ""), "NEEDS-ACTION"))
        return todo

    def _header(self) -> tuple[tuple[str, str], ...]:
        people = [
            self._say("person", name=clean(name), role=self._say(f"role_{role}"))
            for name, role in self._facts.people.values()
        ]
        return (
            (self._say("date"), self._facts.day),
            (self._say("kind"), self._say(f"kind_{self._facts.kind}")),
            (self._say("participants"), self._say("comma").join(people)),
            (self._say("version_hash"), self._facts.sha256),
        )

    def _action_items(self) -> list[Table]:
        items = self._minutes["action_items"]
        header = tuple(self._say(f"column_{name}") for name in ("number", "task", "owner", "due"))
        rows = tuple(
            (str(number), clean(item["task"]), self._name(item["owner"]), self._due(item))
            for number, item in enumerate(items, start=1)
        )
        return [Table(header, rows)] if rows else []

    def _due(self, item: Mapping[str, Any]) -> str:
        recurrence = self._say(f"recurrence_{item['recurrence']}") if item["recurrence"] else ""
        return self._say("comma").join(filter(None, (item["due"], recurrence))) or self._say("no_date")

    def _points(self, kind: str) -> list[Point]:
        return [Point(clean(one["text"])) for one in self._minutes["points"] if one["kind"] == kind]

    def _name(self, pid: str | None) -> str:
        if pid is None:
            return self._say("nobody")
        return clean(self._facts.people.get(pid, (pid, ""))[0])

    def _say(self, key: str, **values: object) -> str:
        return WORDING.say(key, self._minutes["minutes_language"], **values)
