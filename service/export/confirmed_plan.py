"""The plan in confirmed minutes as development plans, one a person, so that they export like any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.parsing import build
from models.plans import DevelopmentPlan, GrowPlan
from models.schema import Participant
from service.domain.follow_up import ItemStatus
from service.export.plan_outline import PlanPages

Minutes = Mapping[str, Any]


def confirmed_plans(
    minutes: Minutes,
    day: str,
    people: Mapping[str, tuple[str, str]],
    statuses: Mapping[str, ItemStatus],
) -> list[PlanPages]:
    """Those of `rapport.minutes/1`. `day`: of the conversation (ISO); `people`: participant -> (name, role);
    `statuses`: step -> what became of it.
    """
    named = [
        build(Participant, {"id": pid, "name": name, "role": role}) for pid, (name, role) in people.items()
    ]
    persons = dict.fromkeys(entry["person"] for entry in minutes["plan"])
    return [PlanPages(_plan(minutes, day, person), named, statuses) for person in persons]


def _plan(minutes: Minutes, day: str, person: str) -> DevelopmentPlan:
    entries = [entry for entry in minutes["plan"] if entry["person"] == person]
    # Minutes hold turn numbers in place of quotes; readers who may not see gaps have no gap.
    plain = [{**entry, "gap": entry["gap"] or "", "evidence": ()} for entry in entries]
    return DevelopmentPlan(
        id=minutes["meeting"],
        transcript_rev=minutes["transcript_rev"],
        minutes_language=minutes["minutes_language"],
        date=day,
        person=person,
        on=entries[0]["on"],
        review_on=max(entry["review_on"] for entry in entries),
        plan=build(tuple[GrowPlan, ...], plain),
        confirmed=True,
    )
