"""The draft as the review page shows it: each item with its decision, its doubts and its quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.domain.edits import EDITABLE, SUMMARY, Decision, Item, Verdict, applied, latest
from service.domain.minutes import ITEM_FIELDS
from service.domain.plan import PLAN
from service.domain.review import SURE_ENOUGH, doubts
from service.usecases.meeting_views import MeetingView
from service.usecases.read_draft import ReadDraft
from service.web.language import Language
from service.web.pages.review_margin import Margin, Quote
from service.web.pages.talk import Talk

_DOUBTS: Mapping[str, tuple[str, ...]] = {
    "action_items": ("no_owner", "no_date", "unsure", "stale"),
    "agreements": ("unsure", "stale"),
    "points": ("stale",),
    "skill_gaps": ("unsure", "stale"),
}
"""What can be in doubt about an item of a group: only what its kind has."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One item. `state`: a verdict, or "open" (needs one), or "clear" (one confirm covers it).

    `item`: with the decision applied; `original`: what can be edited, as it was suggested; `decided`: the
    decision as the API takes it. `doubts`: what keeps one confirm from covering it. `own`: somebody added it;
    `new`: the newest drafting did.
    """

    group: str
    item: Item
    original: Mapping[str, str | None]
    decided: Mapping[str, Any] | None
    state: str
    doubts: tuple[str, ...]
    quotes: tuple[Quote, ...]
    own: bool
    new: bool

    @property
    def id(self) -> str:
        """Of the item."""
        return str(self.item["id"])

    @property
    def undecided(self) -> bool:
        """Whether it is still a suggestion."""
        return self.state in ("open", "clear")

    @property
    def together(self) -> bool:
        """Whether it may be accepted along with others of its group: it is open for its kind alone."""
        return self.state == "open" and not self.doubts and self.group in ("points", "agreements")


class Desk(Margin):
    """The items of the draft, as templates ask for them."""

    SURE_ENOUGH = SURE_ENOUGH

    def __init__(self, read: ReadDraft, view: MeetingView, talk: Talk, language: Language) -> None:
        super().__init__(read, view, talk, language)
        self.revision, self.review = read.revision, read.review
        self._decided = latest(read.review.decisions)
        self._open = frozenset(read.open_items)
        self._new = frozenset(self.draft.get("new_items", ()))

    @cached_property
    def summary(self) -> Shown:
        """The summary as an item; its words are in `text`."""
        return self._shown(SUMMARY, {"id": SUMMARY, "text": self.draft["summary"]})

    @cached_property
    def groups(self) -> dict[str, list[Shown]]:
        """Items by group, those that people added at the end."""
        return {
            group: [
                self._shown(group, item) for item in (*self.draft[group], *self.review.added.get(group, ()))
            ]
            for group in (*ITEM_FIELDS, "skill_gaps")
        }

    @property
    def minutes_items(self) -> list[Shown]:
        """What becomes minutes, in the order of the page: the summary, items, steps of the plan."""
        summary = [self.summary] if self.draft["summary"] else []
        items = [one for group in ("action_items", "agreements", "points") for one in self.groups[group]]
        return [*summary, *items, *(step for entry in self.plan for step in entry["steps"])]

    @property
    def left(self) -> list[Shown]:
        """What still needs a decision of its own."""
        return [one for one in self.minutes_items if one.state == "open"]

    @property
    def clear(self) -> list[Shown]:
        """What one confirm covers."""
        return [one for one in self.minutes_items if one.state == "clear"]

    @property
    def doubtful(self) -> list[Shown]:
        """Of what is left, what is in doubt."""
        return [one for one in self.left if one.doubts]

    @property
    def uncertain_evidence(self) -> list[Shown]:
        """Items in the minutes to be whose words were corrected in the transcript, or are gone from it."""
        return [one for one in self.minutes_items if one.state != Verdict.reject and "stale" in one.doubts]

    @property
    def decided(self) -> list[Shown]:
        """What enters the minutes by a decision, or was added."""
        return [one for one in self.minutes_items if one.state in (Verdict.accept, Verdict.edit)]

    def recommendations(self, gap: str) -> list[Shown]:
        """Resources for a gap, the best first, as the engine ranked them."""
        found = [one for one in self.draft["recommendations"] if one["gap"] == gap]
        return [self._shown("recommendations", one) for one in found]

    @cached_property
    def plan(self) -> list[dict[str, Any]]:
        """Entries of the development plan, their steps as items under `steps`."""
        return [
            {**entry, "steps": [self._shown(PLAN, step) for step in entry["will"]]}
            for entry in self.review.plan
        ]

    def _shown(self, group: str, item: Item) -> Shown:
        decision = self._decided.get(item["id"])
        own = item.get("origin") == "human"
        return Shown(
            group,
            applied(item, decision) or item,  # what was rejected stays readable
            {name: item.get(name) for name in EDITABLE.get(group, ())},
            None
            if decision is None
            else {
                "verdict": decision.verdict,
                "fields": dict(decision.fields),
                "no_date": decision.no_date,
            },
            self._standing(item, decision, own=own),
            () if own else self._doubts(group, item),
            self.quotes(item.get("evidence", ())),
            own,
            item["id"] in self._new,
        )

    def _doubts(self, group: str, item: Item) -> tuple[str, ...]:
        if group == SUMMARY:  # after a rejection or an edit it may say what nobody confirmed
            return ("changed",) if SUMMARY in self._open else ()
        wrong = doubts(item)
        return tuple(one for one in _DOUBTS.get(group, ()) if wrong[one])

    def _standing(self, item: Item, decision: Decision | None, *, own: bool) -> str:
        if item["id"] in self._open:  # a summary that was decided on may be open again
            return "open"
        if decision is not None:
            return decision.verdict.value
        return Verdict.accept.value if own else "clear"
