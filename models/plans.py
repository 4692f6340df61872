"""`rapport.plan/1`: a development plan by GROW (Whitmore 2009: Goal, Reality, Options, Will), a suggestion.

Ratings run from 1 (no experience) to 5 (teaches others); days are ISO dates. An entry of `plan` is what
`plan[]` of confirmed minutes holds, once its evidence is turned into turn numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.schema import Evidence, Language

PLAN_SCHEMA = "rapport.plan/1"
StepKind = Literal["learn", "support", "review"]
Who = Literal["employee", "manager", "both"]


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what by when. `owner` is the participant if known, None for both or an unknown manager.

    `measure`: how both see that it is done. `suggested` stays true until somebody edits the step.
    """

    id: str
    kind: StepKind
    who: Who
    owner: str | None
    task: str
    measure: str
    starts: str | None
    due: str
    resource: str | None = None
    suggested: bool = True


@dataclass(frozen=True, slots=True)
class ChosenOption:
    """A resource that the manager accepted, and the step in which it is done. None: the catalogue is silent.

    `cost` is in the organisation's own currency; `person` is only named when that person opted in.
    """

    recommendation: str
    resource: str
    title: str
    kind: str
    description: str
    effort_hours: float | None
    cost: float | None
    person: str | None
    link: str | None
    step: str


@dataclass(frozen=True, slots=True)
class GrowPlan:
    """The plan for one skill gap. `target` and `current` are ratings, None when not known."""

    gap: str
    skill: str
    skill_uri: str | None
    goal: str
    target: int | None
    reality: str
    current: int | None
    evidence: tuple[Evidence, ...]
    options: tuple[ChosenOption, ...]
    will: tuple[Step, ...]
    review_on: str


@dataclass(frozen=True, slots=True)
class DevelopmentPlan:
    """The document: one person's plan out of one conversation. `date` is that of the conversation."""

    id: str
    transcript_rev: int
    minutes_language: Language
    date: str
    person: str
    on: str
    review_on: str
    plan: tuple[GrowPlan, ...]
    confirmed: bool = False
    schema: str = PLAN_SCHEMA

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all gaps, p1, p2, ..."""
        return tuple(step for one in self.plan for step in one.will)
