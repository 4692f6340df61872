"""What development is planned with: resources of a catalogue, and what is known of a person.

Plain values that parsing makes and stages use. Ratings run from 1 (no experience) to 5 (teaches others);
days are ISO dates; money is an amount in the organisation's own currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Rater = Literal["self", "manager", "assessed"]
LOWEST, HIGHEST = 1, 5

ESCO = "http://data.europa.eu/esco/skill/"
"""What the URI of a skill in ESCO begins with."""


@dataclass(frozen=True, slots=True)
class Resource:
    """An entry of the development catalogue. Unknown columns are kept in `extra`; None means not said.

    `starts`: days on which it begins, empty when at any time. `seats`: places left. `prerequisites`: ids of
    entries to be completed first. `person`: whom the entry names (a mentor, say); it is only offered when
    that person `opted_in`.
    """

    id: str
    title: str
    kind: str = "other"
    description: str = ""
    skills: tuple[str, ...] = ()
    level: str | None = None
    language: str | None = None
    effort_hours: float | None = None
    cost: float | None = None
    format: str | None = None
    starts: tuple[str, ...] = ()
    seats: int | None = None
    prerequisites: tuple[str, ...] = ()
    audience: str | None = None
    link: str | None = None
    person: str | None = None
    opted_in: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Competency:
    """An entry of the organisation's own list. At least one of `name` and `name_zh` is not empty.

    `aliases`: what else people call it, in either language. `esco`: URI of the same skill in ESCO, if known.
    """

    id: str
    name: str = ""
    name_zh: str = ""
    aliases: tuple[str, ...] = ()
    esco: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """How good somebody is at a skill, 1 to 5, by whom and on which day it was judged."""

    skill: str
    value: int
    by: Rater
    on: str


@dataclass(frozen=True, slots=True)
class PastGap:
    """A gap that came up in an earlier conversation."""

    skill: str
    on: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the person whom resources are for; everything is optional.

    `expected`: skill -> rating 1 to 5 that the role asks for. `completed`: ids of resources. `budget`: what
    one resource may cost at most.
    """

    id: str | None = None
    role: str | None = None
    level: str | None = None
    language: str | None = None
    ratings: tuple[Rating, ...] = ()
    expected: Mapping[str, int] = field(default_factory=dict)
    interest: str | None = None
    completed: frozenset[str] = frozenset()
    gaps: tuple[PastGap, ...] = ()
    budget: float | None = None
