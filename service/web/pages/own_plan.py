"""A development plan as its person sees it: skills with their goals, and the steps by what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.db.tables import ActionItem
from service.domain.follow_up import ItemStatus
from service.usecases.development_plan import MeetingPlan

GROUPS = {
    "now": (ItemStatus.in_work,),
    "next": (ItemStatus.open, ItemStatus.moved),
    "done": (ItemStatus.done,),
    "dropped": (ItemStatus.dropped,),
}
"""Heading -> the states under it."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step with its row, the entry that it is of, and the conversation that planned it."""

    step: dict[str, Any]
    row: ActionItem
    entry: dict[str, Any]
    plan: MeetingPlan


class OwnPlan:
    """`entries`: (conversation, entry), newest first."""

    def __init__(self, plans: Sequence[MeetingPlan]) -> None:
        self.entries = [(plan, entry) for plan in plans for entry in plan.entries]
        self._steps = [
            PlannedStep(step, plan.steps[step["id"]], entry, plan)
            for plan, entry in self.entries
            for step in entry["will"]
            if step["id"] in plan.steps
        ]

    def steps(self, group: str) -> list[PlannedStep]:
        """Those under a heading, in order of their days."""
        found = [one for one in self._steps if one.row.status in GROUPS[group]]
        return sorted(found, key=lambda one: one.row.due or date.max)

    @property
    def groups(self) -> list[str]:
        """Headings that have steps."""
        return [group for group in GROUPS if self.steps(group)]
