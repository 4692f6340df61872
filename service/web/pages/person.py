"""One person's page, for that person and for their manager of today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Response

from models.development import HIGHEST
from service.domain.skill_radar import SkillAxis
from service.usecases import action_items
from service.usecases.about_person import about_person
from service.usecases.action_items import ListedItem, Whose
from service.usecases.actor import Actor
from service.usecases.list_meetings import Filters, list_meetings
from service.usecases.rapport import Rapport
from service.usecases.team import read_team
from service.usecases.templates import read_template
from service.web.bodies.fields import IdPath
from service.web.charts import Bars, Radar, bars, radar
from service.web.deps import RapportDep
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)

MOST_TALKS, MOST_PROMISES = 12, 50
LEAST_AXES, MOST_AXES = 3, 12
"""A radar with fewer axes is no picture, one with more cannot be read: then bars, or the first ones."""


@router.get("/people/{person_id}")
def person(visitor: VisitorDep, rapport: RapportDep, person_id: IdPath) -> Response:
    """Talks, promises, skills, plan and profile."""
    about = about_person(rapport, visitor.actor, person_id)
    members = [] if about.own else read_team(rapport, visitor.actor).members
    agenda = read_template(rapport, visitor.actor, "check_in", visitor.actor.language).template.agenda
    return visitor.page(
        "person.html",
        "me" if about.own else "team",
        about=about,
        member=next((one for one in members if one.person.id == person_id), None),
        talks=list_meetings(rapport, visitor.actor, Filters(person_id=person_id), limit=MOST_TALKS),
        promises={whose: _promises(rapport, visitor.actor, whose, person_id) for whose in ("mine", "others")},
        picture=picture(about.radar or ()),
        most_axes=MOST_AXES,
        agenda=agenda,
        as_day=date.fromisoformat,
        today=visitor.today(rapport.database.clock()),
    )


def picture(axes: Sequence[SkillAxis]) -> Radar | Bars | None:
    """How the person, their manager and the expectation see the skills, in this order; None without any."""
    shown = axes[:MOST_AXES]
    if not shown:
        return None
    if len(shown) < LEAST_AXES:
        return bars([(one.own, one.manager, one.expected) for one in shown], HIGHEST)
    rings = zip(*((one.own, one.manager, one.expected) for one in shown), strict=True)
    return radar(list(rings), HIGHEST)


def _promises(rapport: Rapport, actor: Actor, whose: Whose, person_id: str) -> Sequence[ListedItem]:
    """Open ones of the two; on one's own page those of all one's meetings."""
    own = actor.person_id == person_id
    filters = action_items.Filters(whose, outstanding=True, with_id=None if own else person_id)
    if whose == "others" and not own:
        filters = action_items.Filters(whose, outstanding=True, owner_id=person_id)
    found = action_items.list_action_items(rapport, actor, filters, limit=MOST_PROMISES, order="due")
    return found.items
