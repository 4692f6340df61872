"""The meetings of a person, newest first, page by page; and one of them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, select, tuple_, union

from models.schema import Kind
from service.db.tables import Meeting, Participant, Person
from service.domain.ids import is_id
from service.domain.lifecycle import State
from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting, require_scope
from service.usecases.actor import Actor
from service.usecases.consent import tell
from service.usecases.hand_over import handed_over_to
from service.usecases.meeting_errors import MeetingNotValid
from service.usecases.meeting_views import MeetingView, views
from service.usecases.people import named
from service.usecases.permits import permit_facts
from service.usecases.rapport import Rapport

PAGE, PAGE_MOST = 50, 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Which meetings; None: all. `person_id`: in which that person takes part too; `name`: or somebody else
    with this in their name, an alias or its pinyin. `since`, `until`: days of the meeting, both included.
    """

    state: State | None = None
    kind: Kind | None = None
    person_id: str | None = None
    name: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A page; `next`: the cursor of the one after it, None at the end."""

    items: list[MeetingView]
    next: str | None


def list_meetings(
    rapport: Rapport, actor: Actor, filters: Filters, cursor: str | None = None, limit: int = PAGE
) -> MeetingPage:
    """Meetings that the actor leads, is in, or was handed over. Raises MeetingNotValid, NotAllowed."""
    require_scope(actor, Action.read, Thing.meeting)
    with rapport.database.read(actor.organisation_id) as work:
        # Joined to a union: with OR, or IN, SQLite reads all meetings of the organisation.
        led = select(Meeting.id).where(Meeting.manager_id == actor.person_id)
        handed_over = handed_over_to(work, actor.person_id)
        own = union(led, _meetings_of(actor.person_id), handed_over).subquery()
        query = work.rows(Meeting).join(own, own.c.id == Meeting.id).where(*_wanted(filters, actor))
        if actor.meeting_id is not None:
            query = query.where(Meeting.id == actor.meeting_id)
        place = tuple_(Meeting.held_on, Meeting.id)
        if cursor is not None:
            query = query.where(place < tuple_(*_opened(cursor)))
        query = query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(min(limit, PAGE_MOST) + 1)
        found = list(work.session.scalars(query))
        page = found[: min(limit, PAGE_MOST)]
        return MeetingPage(views(work, actor, page), _cursor(page[-1]) if len(found) > len(page) else None)


def get_meeting(rapport: Rapport, actor: Actor, meeting_id: str) -> MeetingView:
    """One meeting. Who reads that consent was attested for them is told by that. Raises NotFound."""
    with rapport.database.read(actor.organisation_id) as work:
        facts = permit_facts(work, actor, meeting_id)
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.meeting, facts=facts)
        view = views(work, actor, [meeting])[0]
    mine = [one for one in view.participants if one.person_id == actor.person_id]
    if any(one.consent == "attested" and one.told_at is None for one in mine):
        tell(rapport, actor, meeting_id)
    return view


def _wanted(filters: Filters, actor: Actor) -> Iterator[ColumnElement[bool]]:
    if filters.state is not None:
        yield Meeting.state == filters.state
    if filters.kind is not None:
        yield Meeting.kind == filters.kind
    if filters.person_id is not None:
        yield Meeting.id.in_(_meetings_of(filters.person_id))
    if filters.name.strip():
        others = select(Participant.meeting_id).join(Person, Person.id == Participant.person_id)
        others = others.where(Person.organisation_id == actor.organisation_id, Person.id != actor.person_id)
        yield Meeting.id.in_(others.where(named(filters.name.strip())))
    if filters.since is not None:
        yield Meeting.held_on >= filters.since
    if filters.until is not None:
        yield Meeting.held_on <= filters.until


def _meetings_of(person_id: str) -> Select[str]:
    return select(Participant.meeting_id.label("id")).where(Participant.person_id == person_id)


def _cursor(meeting: Meeting) -> str:
    return base64.urlsafe_b64encode(f"{meeting.held_on.isoformat()} {meeting.id}".encode()).decode()


def _opened(cursor: str) -> tuple[date, str]:
    try:
        day, _, meeting_id = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition(" ")
        place = date.fromisoformat(day), meeting_id
    except (ValueError, binascii.Error) as error:
        raise MeetingNotValid("bad_cursor") from error
    if not is_id(meeting_id):
        raise MeetingNotValid("bad_cursor")
    return place
