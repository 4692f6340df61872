"""The people whom somebody manages or stands in for today, and when the two of them last talked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from service.db.managing import managed_by
from service.db.tables import Meeting, Participant, Person, Relation
from service.db.unit_of_work import Work
from service.domain.lifecycle import State
from service.usecases.account_rights import require_member
from service.usecases.actor import Actor
from service.usecases.people import named
from service.usecases.rapport import Rapport

NOT_HELD = frozenset({State.planned, State.cancelled, State.failed, State.erased})
MOST = 500


@dataclass(frozen=True, slots=True)
class MyPerson:
    """`relation`: manager or stand_in. `last_talk`: the day of the last talk that was recorded, if any."""

    person: Person
    relation: str
    last_talk: date | None


def my_people(rapport: Rapport, actor: Actor, search: str = "") -> list[MyPerson]:
    """In order of their names; `search`: as in usecases/people.list_people. Raises NotAllowed."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        query = managed_by(work, actor.person_id).order_by(Relation.kind.desc())
        # Who is both is named as manager, which comes last.
        kinds = {row.employee_id: row.kind for row in work.session.scalars(query)}
        people = work.rows(Person).where(Person.id.in_(list(kinds))).order_by(Person.sort_key, Person.id)
        if search.strip():
            people = people.where(named(search.strip()))
        talks = _last_talks(work, actor)
        found = list(work.session.scalars(people.limit(MOST)))
        return [MyPerson(one, kinds[one.id], talks.get(one.id)) for one in found]


def _last_talks(work: Work, actor: Actor) -> dict[str | None, date]:
    query = (
        select(Participant.person_id, func.max(Meeting.held_on))
        .join(Meeting, Meeting.id == Participant.meeting_id)
        .where(
            Meeting.organisation_id == actor.organisation_id,
            Meeting.manager_id == actor.person_id,
            Meeting.state.not_in(NOT_HELD),
        )
        .group_by(Participant.person_id)
    )
    return dict(work.session.execute(query).all())
