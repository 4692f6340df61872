"""A version of minutes and what is around it: who confirmed and answered, what changed, what one may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.db.tables import ActionItem, Meeting, MinutesVersion, Participant, Person
from service.db.unit_of_work import Work
from service.domain.lifecycle import TRANSITIONS, Event, State, move
from service.domain.minutes_changes import Change, changes
from service.domain.policy import Action, Thing, allows
from service.usecases.access import facts_of, find_meeting, relations_to, within_limits
from service.usecases.actor import Actor
from service.usecases.export_minutes import people_of
from service.usecases.permits import permit_facts
from service.usecases.person_names import names_in
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import ReadMinutes, Reply, read_minutes


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """Who confirmed which version when."""

    number: int
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do with these minutes now."""

    answer: bool
    correct: bool
    hand_over: bool
    export: bool
    export_transcript: bool
    read_transcript: bool
    follow_up: bool


@dataclass(frozen=True, slots=True)
class ViewedMinutes:
    """`people`: participant -> (name, role); `names`: person -> name, of those who answered.

    `changed`: against the version before, empty for the first. `items`: of the newest version, item -> row.
    `mine`: the actor's own answer to this version; `waiting`: names of employees who have not answered it.
    """

    read: ReadMinutes
    meeting: Meeting
    people: Mapping[str, tuple[str, str]]
    names: Mapping[str, str]
    versions: tuple[VersionFacts, ...]
    changed: list[Change]
    items: Mapping[str, ActionItem]
    mine: Reply | None
    waiting: tuple[str, ...]
    rights: Rights

    @property
    def version(self) -> VersionFacts:
        """The one that is shown."""
        return next(one for one in self.versions if one.number == self.read.minutes["version"])

    @property
    def is_newest(self) -> bool:
        """Whether no version followed it."""
        return self.version.number == self.read.versions[-1]


def view_minutes(
    rapport: Rapport, actor: Actor, meeting_id: str, version: int | None = None
) -> ViewedMinutes:
    """That version, or the newest. Raises as `read_minutes`."""
    read = read_minutes(rapport, actor, meeting_id, version)
    number = read.minutes["version"]
    before = read_minutes(rapport, actor, meeting_id, number - 1).minutes if number > 1 else None
    mine = next((one for one in read.replies if one.person_id == actor.person_id), None)
    with rapport.database.read(actor.organisation_id) as work:
        meeting = work.one(Meeting, meeting_id)
        versions = _versions(work, meeting)
        newest = number == versions[-1].number
        rows = work.session.scalars(select(ActionItem).filter_by(meeting_id=meeting_id)) if newest else ()
        return ViewedMinutes(
            read=read,
            meeting=meeting,
            people=people_of(work, meeting),
            names=_names(work, {one.person_id for one in read.replies}),
            versions=versions,
            changed=changes(before, read.minutes) if before else [],
            items={row.item: row for row in rows},
            mine=mine,
            waiting=_waiting(work, meeting, read) if newest else (),
            rights=_rights(work, actor, meeting, newest and mine is None),
        )


def view_to_correct(rapport: Rapport, actor: Actor, meeting_id: str) -> ViewedMinutes:
    """The newest version, for a correction. Raises NotFound, NotAllowed, WrongState."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.correct, Thing.minutes)
        move(State(meeting.state), Event.correct)
    return view_minutes(rapport, actor, meeting_id)


def _rights(work: Work, actor: Actor, meeting: Meeting, unanswered: bool) -> Rights:
    facts = facts_of(work, meeting) | permit_facts(work, actor, meeting.id)
    relations = relations_to(work, actor, meeting)
    state = State(meeting.state)

    def may(action: Action, thing: Thing) -> bool:
        return allows(relations, action, thing, facts) and within_limits(actor, action, thing)

    has_text = meeting.transcript_id is not None and meeting.key_id is not None
    answerable = unanswered and (state, Event.acknowledge) in TRANSITIONS
    return Rights(
        answer=answerable and may(Action.acknowledge, Thing.minutes),
        correct=(state, Event.correct) in TRANSITIONS and may(Action.correct, Thing.minutes),
        hand_over=may(Action.hand_over, Thing.minutes),
        export=may(Action.export, Thing.minutes),
        export_transcript=has_text and may(Action.export, Thing.transcript),
        read_transcript=has_text and may(Action.read, Thing.transcript),
        follow_up=may(Action.follow_up, Thing.action_items),
    )


def _versions(work: Work, meeting: Meeting) -> tuple[VersionFacts, ...]:
    rows = list(
        work.session.scalars(
            select(MinutesVersion).filter_by(meeting_id=meeting.id).order_by(MinutesVersion.version)
        )
    )
    names = _names(work, {row.confirmed_by for row in rows})
    return tuple(VersionFacts(row.version, names[row.confirmed_by], row.confirmed_at) for row in rows)


def _waiting(work: Work, meeting: Meeting, read: ReadMinutes) -> tuple[str, ...]:
    if meeting.state not in {State.confirmed, State.disputed}:
        return ()
    answered = {one.person_id for one in read.replies}
    employees = (
        select(Person.id, Person.display_name)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.meeting_id == meeting.id, Participant.role == "employee")
        .order_by(Participant.id)
    )
    return tuple(name for person, name in work.session.execute(employees) if person not in answered)


def _names(work: Work, ids: set[str]) -> dict[str, str]:
    """Who is unknown is called by the id."""
    return {one: one for one in ids} | names_in(work, ids)
