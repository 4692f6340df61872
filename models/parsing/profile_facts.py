"""Facts about a person, one by one, checked and put together to a profile. JSON and CSV both come to this.

A fact that cannot be used goes to the list of problems with its place; the others are still checked, so that
a file is corrected in one go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from models.development import HIGHEST, LOWEST, PastGap, Profile, Rater, Rating
from models.errors import Words
from models.parsing.checking import is_date
from models.parsing.identifiers import is_id
from models.parsing.problems import Problems

TEXTS = ("role", "level", "language", "interest")
"""Fields that are one text each."""

FIELDS = (*TEXTS, "budget", "completed", "rating", "expected", "gap")

MAX_TEXT = 10_000
"""Characters of one text."""

RATERS: Mapping[str, Rater] = {
    "self": "self",
    "自评": "self",
    "manager": "manager",
    "上级": "manager",
    "assessed": "assessed",
    "测评": "assessed",
}

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
"""JSON can spell these with escapes, but no UTF-8 text file can hold them."""


class Place(Protocol):
    """Where a fact stands."""

    def at(self, cell: str) -> Words:
        """The place of its skill, value, by, on or field."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said of a person, unchecked. `field` is one of FIELDS; what is not said is None or empty."""

    place: Place
    field: str
    skill: object = None
    value: object = None
    by: object = None
    on: object = None


class ProfileBuilder:
    """Collects the facts of one person."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._single: dict[str, Any] = {}
        self._ratings: list[Rating] = []
        self._expected: dict[str, int] = {}
        self._completed: set[str] = set()
        self._gaps: list[PastGap] = []

    def add(self, fact: Fact) -> None:
        """Takes a fact that can be used, in the order of the file; else a problem is noted."""
        check = _Check(fact, self._problems)
        if fact.field in TEXTS:
            self._once(fact, check.text("value"))
        elif fact.field == "budget":
            self._once(fact, check.amount())
        elif fact.field == "completed":
            if resource := check.resource():
                self._completed.add(resource)
        elif fact.field == "gap":
            skill, on = check.skill(), check.day()
            if skill and on:
                self._gaps.append(PastGap(skill, on))
        elif fact.field == "expected":
            self._expect(fact, check.skill(), check.rating())
        else:
            skill, value, by, on = check.skill(), check.rating(), check.rater(), check.day()
            if skill and value and by and on:
                self._ratings.append(Rating(skill, value, by, on))

    def _once(self, fact: Fact, value: object) -> None:
        if fact.field in self._single:
            self._problems.add(fact.place.at("field"), "value_twice", fact.field)
        elif value is not None:
            self._single[fact.field] = value

    def _expect(self, fact: Fact, skill: str | None, value: int | None) -> None:
        if skill in self._expected:
            self._problems.add(fact.place.at("skill"), "value_twice", skill)
        elif skill and value:
            self._expected[skill] = value

    def profile(self, person: str | None) -> Profile:
        """The profile of the person with that id."""
        return Profile(
            id=person,
            ratings=tuple(self._ratings),
            expected=self._expected,
            completed=frozenset(self._completed),
            gaps=tuple(self._gaps),
            **self._single,
        )


class _Check:
    """The parts of one fact, each as its type; None after a problem was noted."""

    def __init__(self, fact: Fact, problems: Problems) -> None:
        self._fact = fact
        self._problems = problems

    def _refuse(self, cell: str, key: str, **values: str) -> None:
        """Notes what is wrong with a cell; for an empty one, that its value is missing."""
        value = getattr(self._fact, cell)
        empty = value is None or (isinstance(value, str) and not value.strip())
        self._problems.add(self._fact.place.at(cell), "value_missing" if empty else key, value, **values)

    def text(self, cell: str) -> str | None:
        value = getattr(self._fact, cell)
        if not isinstance(value, str):
            self._refuse(cell, "value_not_text")
        elif len(value) > MAX_TEXT:
            self._refuse(cell, "value_too_long", limit=str(MAX_TEXT))
        elif _NOT_TEXT.search(value):
            self._refuse(cell, "value_not_storable")
        else:
            return value
        return None

    def skill(self) -> str | None:
        text = self.text("skill")
        if text is not None and not text.strip():
            self._refuse("skill", "value_missing")
            return None
        return text

    def rating(self) -> int | None:
        value = self._fact.value
        # bool is an int to Python, but `true` is no rating.
        if isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST:
            return value
        self._refuse("value", "value_not_rating")
        return None

    def amount(self) -> float | None:
        value = self._fact.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                amount = float(value)
            except OverflowError:  # an integer of more than 308 digits
                amount = math.inf
            if math.isfinite(amount) and amount >= 0:
                return amount
        self._refuse("value", "value_not_amount")
        return None

    def resource(self) -> str | None:
        value = self._fact.value
        if isinstance(value, str) and is_id(value):
            return value
        self._refuse("value", "value_not_id")
        return None

    def rater(self) -> Rater | None:
        value = self._fact.by
        rater = RATERS.get(value.strip().lower()) if isinstance(value, str) else None
        if rater is None:
            self._refuse("by", "value_not_rater")
        return rater

    def day(self) -> str | None:
        value = self._fact.on
        if isinstance(value, str) and is_date(value):
            return value
        self._refuse("on", "value_not_day")
        return None
