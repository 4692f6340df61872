"""Confirmed minutes as a page shows them: names for ids, days for dates, words for codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from service.domain.edits import Item
from service.domain.minutes import ITEM_FIELDS
from service.domain.plan import steps_of
from service.export.due_rules import in_words
from service.export.outline import POINT_KINDS
from service.usecases.view_minutes import ViewedMinutes
from service.web.language import Language


class Sheet:
    """What the templates in page_templates/minutes ask; `language`: of the page."""

    def __init__(self, view: ViewedMinutes, language: Language) -> None:
        self.view = view
        self.minutes: Mapping[str, Any] = view.read.minutes
        self._language = language

    @property
    def language(self) -> str:
        """Of the minutes, as an attribute `lang`."""
        return "zh-Hans" if self.minutes["minutes_language"] == "zh" else "en"

    @property
    def points(self) -> list[tuple[str, list[Item]]]:
        """By kind, in the order of minutes; kinds without a point are left out."""
        found = [(kind, [p for p in self.minutes["points"] if p["kind"] == kind]) for kind in POINT_KINDS]
        return [(kind, points) for kind, points in found if points]

    @property
    def items(self) -> list[tuple[str, Item]]:
        """Everything that can be disputed or corrected, with its group."""
        found = [(group, item) for group in ITEM_FIELDS for item in self.minutes[group]]
        return [*found, *(("plan", step) for step in steps_of(self.minutes["plan"]))]

    def name(self, pid: str | None) -> str | None:
        """Of a participant; None where nobody is named."""
        return None if pid is None else self.view.people.get(pid, (pid, ""))[0]

    def who(self, step: Item) -> Iterator[str]:
        """Names of those who do a step of a plan."""
        if step["owner"] is not None or step["who"] != "both":
            yield self.name(step["owner"]) or self._in_role(step["who"])
            return
        yield from (name for name, role in self.view.people.values() if role in ("manager", "employee"))

    @staticmethod
    def said(item: Item) -> str:
        """The wording of an item."""
        return str(item.get("task") or item.get("text") or "")

    def words(self, item_id: str) -> str:
        """What an item says; its id where this version does not have it."""
        return self._words.get(item_id, item_id)

    def understood(self, item: Item) -> str | None:
        """How its date was understood, in the language of the page; None where somebody set it."""
        return in_words(item["due_rule"], self._language) if item.get("due_rule") else None

    @staticmethod
    def day(iso: str) -> date:
        """A day of the minutes."""
        return date.fromisoformat(iso)

    @cached_property
    def _words(self) -> dict[str, str]:
        return {item["id"]: self.said(item) for _, item in self.items}

    def _in_role(self, role: str) -> str:
        return next((name for name, own in self.view.people.values() if own == role), role)
