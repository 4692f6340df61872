"""What a person's own page shows to that person and to their manager of today."""

from __future__ import annotations

from dataclasses import dataclass

from service.db.tables import Person
from service.domain.policy import Action, Condition, Thing, allows
from service.domain.skill_radar import SkillAxis, skill_axes
from service.errors import NotFound
from service.usecases.access import relations_to_person, require_scope
from service.usecases.actor import Actor
from service.usecases.development_plan import MeetingPlan, read_plan
from service.usecases.profile import Fields, read_profile
from service.usecases.rapport import Rapport


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """`own`: it is the reader. `radar`: None where the person does not show it to their manager; `profile` is
    then without the person's ratings of themselves. `version`: of the profile, for the next change.
    """

    person: Person
    own: bool
    profile: Fields
    version: str
    radar: list[SkillAxis] | None
    plan: list[MeetingPlan]


def about_person(rapport: Rapport, actor: Actor, person_id: str) -> AboutPerson:
    """The look is in the audit log. Raises NotFound for everybody else, NotAllowed by a token."""
    require_scope(actor, Action.read, Thing.profile)
    with rapport.database.read(actor.organisation_id) as work:
        relations = relations_to_person(work, actor, person_id)
        if not allows(relations, Action.read, Thing.profile):
            raise NotFound("not_found")
        person = work.one(Person, person_id)
        facts = frozenset({Condition.person_shows_radar}) if person.shows_radar else frozenset()
        shown = allows(relations, Action.read, Thing.skill_radar, facts)
    known = read_profile(rapport, actor, person_id)
    profile = known.profile
    if not shown:
        profile = {**profile, "ratings": [one for one in profile.get("ratings", ()) if one["by"] != "self"]}
    return AboutPerson(
        person=person,
        own=actor.person_id == person_id,
        profile=profile,
        version=known.version,
        radar=skill_axes(known.profile) if shown else None,
        plan=read_plan(rapport, actor, person_id),
    )
