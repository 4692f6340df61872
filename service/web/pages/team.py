"""A manager's people, and how the manager gave feedback over time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response

from models.stages.feedback import WORDING as DEFINITIONS
from service.export.outline import COUNTS, INDICATORS
from service.usecases.feedback_indicators import Measured, feedback_trend
from service.usecases.team import read_team
from service.web.charts import Line, line, strip
from service.web.deps import RapportDep
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)

MOST_TALKS = 24
LEAST_TOP = 4.0
"""A chart of counts goes at least so high, so that one more question does not look like a leap."""


@dataclass(frozen=True, slots=True)
class Trend:
    """An indicator over time, with what it means. `is_count`: a number, else a share of 0 to 1."""

    name: str
    title: str
    definition: str
    is_count: bool
    chart: Line
    measured: Sequence[Measured]


@router.get("/team")
def team(visitor: VisitorDep, rapport: RapportDep) -> Response:
    """Rhythm and promises of each, and one's own feedback."""
    found = read_team(rapport, visitor.actor)
    return visitor.page(
        "team.html",
        "team",
        team=found,
        strips={
            one.person.id: strip([talk.held_on for talk in one.talks], found.since, found.today)
            for one in found.members
        },
        trends=trends(feedback_trend(rapport, visitor.actor, MOST_TALKS), visitor.actor.language),
    )


def trends(found: Mapping[str, Sequence[Measured]], language: str) -> list[Trend]:
    """Those that were measured, in the order in which they are explained."""
    return [_trend(name, found[name], language) for name in INDICATORS.table if found.get(name)]


def _trend(name: str, measured: Sequence[Measured], language: str) -> Trend:
    values = [(one.held_on, one.value) for one in measured]
    highest = math.ceil(max(value for _, value in values) / 2) * 2.0
    return Trend(
        name=name,
        title=INDICATORS.say(name, language),
        definition=DEFINITIONS.say(name, language),
        is_count=name in COUNTS,
        chart=line(values, max(highest, LEAST_TOP) if name in COUNTS else 1.0),
        measured=measured,
    )
