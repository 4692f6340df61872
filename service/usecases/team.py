"""A manager's people: how often they talk, when the next talk is due, and what each promised the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from service.db.tables import ActionItem, Meeting, Participant, Person, Series
from service.db.unit_of_work import Work
from service.domain.follow_up import OUTSTANDING
from service.domain.lifecycle import State
from service.domain.rhythm import NONE, closest, next_talk
from service.usecases.actor import Actor
from service.usecases.my_people import NOT_HELD, my_people
from service.usecases.rapport import Rapport

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Talk:
    """A meeting of the manager and the person, held or planned."""

    meeting_id: str
    held_on: date
    kind: str


@dataclass(frozen=True, slots=True)
class Promises:
    """How many are still open, and how many of these are past their day."""

    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """`relation`: manager or stand_in. `due`: the day of the next talk by their rhythm, None without one.

    `talks`: of the last 365 days, oldest first; `planned`: the next one. `mine`, `theirs`: what the manager
    promised the person, and the other way round.
    """

    person: Person
    relation: str
    rhythm: str
    last_talk: date | None
    due: date | None
    talks: tuple[Talk, ...]
    planned: Talk | None
    mine: Promises
    theirs: Promises


@dataclass(frozen=True, slots=True)
class Team:
    """`today`: the day that everything is counted from; `since`: the first one of a year until then."""

    today: date
    since: date
    members: list[Member]

    def by_urgency(self) -> list[Member]:
        """Those whose talk is due first; one that is planned waits for nobody."""
        return sorted(self.members, key=lambda one: (one.planned is not None, one.due or date.max))


def read_team(rapport: Rapport, actor: Actor) -> Team:
    """In order of their names; of each only what the actor led themselves. Raises NotAllowed."""
    mine = my_people(rapport, actor)
    ids = {one.person.id for one in mine}
    with rapport.database.read(actor.organisation_id) as work:
        today = work.now.date()
        rhythms, begun = _rhythms(work, actor, ids)
        talks, planned = _talks(work, actor, ids)
        promises = _promises(work, actor, ids)
    members = []
    for one in mine:
        key = one.person.id
        rhythm, last = rhythms.get(key, NONE), one.last_talk or begun.get(key)
        members.append(
            Member(
                person=one.person,
                relation=one.relation,
                rhythm=rhythm,
                last_talk=one.last_talk,
                due=next_talk(rhythm, last) if last else None,
                talks=tuple(talks[key]),
                planned=planned.get(key),
                mine=promises.get((key, actor.person_id), Promises()),
                theirs=promises.get((key, key), Promises()),
            )
        )
    return Team(today, today - YEAR, members)


def _rhythms(work: Work, actor: Actor, ids: Collection[str]) -> tuple[dict[str, str], dict[str, date]]:
    """By person: the closest rhythm of their series with the actor, and since when there is one."""
    query = work.rows(Series).where(
        Series.manager_id == actor.person_id, Series.employee_id.in_(ids), Series.rhythm != NONE
    )
    found: dict[str, list[Series]] = defaultdict(list)
    for row in work.session.scalars(query):
        found[row.employee_id or ""].append(row)
    rhythms = {key: closest(row.rhythm for row in rows) for key, rows in found.items()}
    return rhythms, {key: min(row.created_at.date() for row in rows) for key, rows in found.items()}


def _talks(work: Work, actor: Actor, ids: Collection[str]) -> tuple[dict[str, list[Talk]], dict[str, Talk]]:
    """By person: the talks of a year, and the next one that is planned."""
    today = work.now.date()
    query = (
        select(Participant.person_id, Meeting.state, Meeting.id, Meeting.held_on, Meeting.kind)
        .join(Meeting, Meeting.id == Participant.meeting_id)
        .where(
            Meeting.manager_id == actor.person_id,
            Meeting.held_on >= today - YEAR,
            Participant.role == "employee",
            Participant.person_id.in_(ids),
        )
        .order_by(Meeting.held_on, Meeting.id)
    )
    talks: dict[str, list[Talk]] = defaultdict(list)
    planned: dict[str, Talk] = {}
    for person_id, state, meeting_id, held_on, kind in work.session.execute(query):
        talk, key = Talk(meeting_id, held_on, kind), person_id or ""
        if state == State.planned and talk.held_on >= today:
            planned.setdefault(key, talk)
        elif state not in NOT_HELD and talk.held_on <= today:
            talks[key].append(talk)
    return talks, planned


def _promises(work: Work, actor: Actor, ids: Collection[str]) -> dict[tuple[str, str], Promises]:
    """By person and owner, over meetings that the actor led with that person."""
    overdue = func.sum(case((ActionItem.due < work.now.date(), 1), else_=0))
    query = (
        select(Participant.person_id, ActionItem.owner_id, func.count(), overdue)
        .select_from(ActionItem)
        .join(Meeting, Meeting.id == ActionItem.meeting_id)
        .join(Participant, Participant.meeting_id == Meeting.id)
        .where(
            ActionItem.organisation_id == actor.organisation_id,
            ActionItem.owner_id.in_({*ids, actor.person_id}),
            ActionItem.status.in_(OUTSTANDING),
            Meeting.manager_id == actor.person_id,
            Participant.role == "employee",
            Participant.person_id.in_(ids),
        )
        .group_by(Participant.person_id, ActionItem.owner_id)
    )
    return {
        (person_id, owner_id): Promises(number, int(late))
        for person_id, owner_id, number, late in work.session.execute(query)
    }
