"""Accepted recommendations to a development plan by GROW (Whitmore 2009): Goal, Reality, Options, Will.

Everything in it is a suggestion: the manager and the employee change it in their conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from models.development import Profile, Resource
from models.plans import ChosenOption, DevelopmentPlan, GrowPlan, Step, StepKind, Who
from models.schema import Language, Recommendation, SkillGap
from models.stages.families import family
from models.stages.needs import Same, needs
from models.stages.timetable import Span, busiest, review_day, support_day, timetable
from models.wording import Wording

WORDING = Wording.beside(__file__, "grow.toml")

_WAYS = {
    "work": ("project", "stretch", "项目", "任务"),
    "practice": ("practice", "练习", "实践"),
    "observing": ("shadowing", "观摩", "旁听"),
    "away": ("rotation", "secondment", "轮岗", "借调"),
    "talks": ("mentor", "coaching", "导师", "教练", "辅导"),
    "peer": ("peer", "结伴", "同伴"),
    "community": ("community", "社群", "社区"),
    "course": ("course", "课程", "培训"),
    "certificate": ("certificate", "证书", "认证"),
    "reading": ("reading", "阅读", "书籍"),
}
"""How one learns -> the kinds of resources, as catalogues name them."""

_WAY_OF_KIND = {kind: way for way, kinds in _WAYS.items() for kind in kinds}
_WAY_OF_FAMILY = {"on_the_job": "work", "with_others": "talks", "formal": "course"}


def same_name(one: str, other: str) -> bool:
    """Whether two names of a skill are written alike, but for capitals and spaces."""
    return one.casefold().split() == other.casefold().split()


class Talk(Protocol):
    """The parts of a draft that a plan is made of."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def transcript_rev(self) -> int: ...  # noqa: D102
    @property
    def minutes_language(self) -> Language: ...  # noqa: D102
    @property
    def date(self) -> str: ...  # noqa: D102
    @property
    def skill_gaps(self) -> Sequence[SkillGap]: ...  # noqa: D102


def grow(
    draft: Talk,
    accepted: Sequence[Recommendation],
    catalogue: Mapping[str, Resource],
    profile: Profile,
    on: date,
    *,
    manager: str | None = None,
    same: Same = same_name,
) -> DevelopmentPlan | None:
    """The plan of the person whose gaps the accepted recommendations are for; None when nothing is accepted.

    `catalogue`: resources by id; of one that is missing only title and kind are known. `profile`: of that
    person. `on`: the day from which dates are counted. `manager`: their participant id; nobody is their own.
    Raises ValueError when the gaps are of several people: the plan of one is not for the eyes of another.
    """
    gaps = [gap for gap in draft.skill_gaps if any(one.gap == gap.id for one in accepted)]
    if not gaps:
        return None
    (person,) = {gap.person for gap in gaps}
    known = [catalogue.get(one.resource) or Resource(one.resource, one.title, one.kind) for one in accepted]
    planner = _Planner(draft.minutes_language, profile, on, person, manager, same, timetable(known, on))
    resources = {resource.id: resource for resource in known}
    entries = [planner.entry(gap, [one for one in accepted if one.gap == gap.id], resources) for gap in gaps]
    return DevelopmentPlan(
        id=draft.id,
        transcript_rev=draft.transcript_rev,
        minutes_language=draft.minutes_language,
        date=draft.date,
        person=person,
        on=on.isoformat(),
        review_on=review_day(on).isoformat(),
        plan=tuple(entries),
    )


def way_of(kind: str) -> str:
    """How one learns with a resource of that kind: the end of the wording's keys task_... and measure_..."""
    return _WAY_OF_KIND.get(kind.lower()) or _WAY_OF_FAMILY[family(kind)]


class _Planner:
    """Entries of one plan; steps are numbered through, and a resource is done in one step only."""

    def __init__(
        self,
        language: Language,
        profile: Profile,
        on: date,
        person: str,
        manager: str | None,
        same: Same,
        spans: Mapping[str, Span],
    ) -> None:
        self._language = language
        self._profile = profile
        self._on = on
        self._review_on = review_day(on)
        supporter = None if manager == person else manager
        self._people: dict[Who, str | None] = {"employee": person, "manager": supporter, "both": None}
        self._same = same
        self._spans = spans
        self._count = 0
        self._learnt: dict[str, Step] = {}

    def entry(
        self, gap: SkillGap, accepted: Sequence[Recommendation], resources: Mapping[str, Resource]
    ) -> GrowPlan:
        known = self._known(gap)
        new = {one.resource: resources[one.resource] for one in accepted if one.resource not in self._learnt}
        self._learnt.update({id_: self._learn(resource) for id_, resource in new.items()})
        steps = [self._learnt[id_] for id_ in new]
        if new:
            steps.append(self._support(list(new.values())))
        steps.append(self._review(gap))
        return GrowPlan(
            gap=gap.id,
            skill=gap.skill,
            skill_uri=gap.skill_uri,
            goal=self._goal(gap, known),
            target=known.expected,
            reality=self._reality(known),
            current=known.current,
            evidence=gap.evidence,
            options=tuple(self._option(one, resources[one.resource]) for one in accepted),
            will=tuple(steps),
            review_on=self._review_on.isoformat(),
        )

    def _known(self, gap: SkillGap) -> _Ratings:
        found = next(n for n in needs(self._profile, [gap], self._on.isoformat(), self._same) if n.gap == gap)
        return _Ratings(found.expected, found.current)

    def _goal(self, gap: SkillGap, known: _Ratings) -> str:
        if known.expected is None:
            return self._say("goal_open", skill=gap.skill, review=self._review_on.isoformat())
        return self._say("goal_kept" if known.reached else "goal", skill=gap.skill, target=known.expected)

    def _reality(self, known: _Ratings) -> str:
        if known.current is None:
            return self._say("reality_unknown")
        return self._say("reality_reached" if known.reached else "reality", current=known.current)

    def _learn(self, resource: Resource) -> Step:
        span, way = self._spans[resource.id], way_of(resource.kind)
        task = self._say(f"task_{way}", title=resource.title)
        if span.missed:
            task = self._say("task_undated", task=task)
        return self._step("learn", "employee", task, self._say(f"measure_{way}"), span, resource.id)

    def _support(self, resources: Sequence[Resource]) -> Step:
        spans = [self._spans[resource.id] for resource in resources]
        task = self._say("task_support", hours=round(busiest(resources, self._spans, self._on)))
        due = Span(None, support_day(self._on, spans))
        return self._step("support", "manager", task, self._say("measure_support"), due)

    def _review(self, gap: SkillGap) -> Step:
        task = self._say("task_review", skill=gap.skill)
        due = Span(None, self._review_on)
        return self._step("review", "both", task, self._say("measure_review"), due)

    def _step(
        self, kind: StepKind, who: Who, task: str, measure: str, span: Span, resource: str | None = None
    ) -> Step:
        self._count += 1
        starts = span.starts.isoformat() if span.starts else None
        owner = self._people[who]
        return Step(
            f"p{self._count}", kind, who, owner, task, measure, starts, span.due.isoformat(), resource
        )

    def _option(self, one: Recommendation, resource: Resource) -> ChosenOption:
        return ChosenOption(
            recommendation=one.id,
            resource=resource.id,
            title=resource.title,
            kind=resource.kind,
            description=resource.description,
            effort_hours=resource.effort_hours,
            cost=resource.cost,
            person=resource.person if resource.opted_in else None,
            link=resource.link,
            step=self._learnt[resource.id].id,
        )

    def _say(self, key: str, **values: object) -> str:
        return WORDING.say(key, self._language, **values)


@dataclass(frozen=True, slots=True)
class _Ratings:
    """What the role asks for and what is there, 1 to 5."""

    expected: int | None
    current: int | None

    @property
    def reached(self) -> bool:
        """Whether both are known and nothing is missing."""
        return self.expected is not None and self.current is not None and self.current >= self.expected
