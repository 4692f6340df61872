"""One field to find people of one's own and meetings by who was in them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from service.db.managing import managed_by
from service.db.tables import Person
from service.usecases.account_rights import require_member
from service.usecases.actor import Actor
from service.usecases.list_meetings import Filters, list_meetings
from service.usecases.meeting_views import MeetingView
from service.usecases.people import named
from service.usecases.rapport import Rapport

MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """`people`: whom one manages today; `meetings`: newest first. `more`: of meetings there are others."""

    people: list[Person]
    meetings: list[MeetingView]
    more: bool


def search(rapport: Rapport, actor: Actor, words: str) -> Found:
    """By part of a name, an alias or its pinyin. Raises NotAllowed."""
    require_member(actor)
    part = words.strip()
    with rapport.database.read(actor.organisation_id) as work:
        mine = select(managed_by(work, actor.person_id).subquery().c.employee_id)
        people = work.rows(Person).where(Person.id.in_(mine), named(part)).order_by(Person.sort_key)
        found = list(work.session.scalars(people.limit(MOST)))
    page = list_meetings(rapport, actor, Filters(name=part), limit=MOST)
    return Found(found, page.items, page.next is not None)
