"""What exists about a person, and who looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from service.db.tables import AuditView, Consent, Document, Meeting, Participant, Recording
from service.db.unit_of_work import Work
from service.domain.policy import Action, Thing
from service.usecases.access import require_for_person
from service.usecases.actor import Actor
from service.usecases.meeting_documents import TRANSCRIPT
from service.usecases.person_names import names_in
from service.usecases.rapport import Rapport

PAGE_MOST = 200


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a thing on a day, once or more."""

    id: str
    viewer_id: str
    viewer_name: str
    thing: str
    object_id: str
    day: date


@dataclass(frozen=True, slots=True)
class Existing:
    """What there is of one meeting with the person; of erased meetings only that they were."""

    meeting_id: str
    held_on: date
    state: str
    consent: str | None
    recording: bool
    transcript: bool
    minutes_versions: int


def who_looked(
    rapport: Rapport, actor: Actor, cursor: str | None = None, limit: int = 100
) -> tuple[list[Look], str | None]:
    """Looks of others at what is about the actor, newest first, and the cursor of the next page."""
    limit = max(1, min(limit, PAGE_MOST))
    with rapport.database.read(actor.organisation_id) as work:
        require_for_person(work, actor, actor.person_id, Action.read, Thing.access_log)
        mine = select(Meeting.id).where(_concerns(actor.person_id))
        query = (
            work.rows(AuditView)
            .where(AuditView.viewer != actor.person_id)
            .where(or_(AuditView.object_id == actor.person_id, AuditView.object_id.in_(mine)))
            .order_by(AuditView.id.desc())
            .limit(limit + 1)
        )
        if cursor is not None:
            query = query.where(AuditView.id < cursor)
        rows = list(work.session.scalars(query))
        names = names_in(work, {row.viewer for row in rows})
    looks = [
        Look(r.id, r.viewer, names.get(r.viewer, r.viewer), r.object_kind, r.object_id, r.day)
        for r in rows[:limit]
    ]
    return looks, rows[limit - 1].id if len(rows) > limit else None


def what_exists(rapport: Rapport, actor: Actor) -> list[Existing]:
    """Every meeting that the actor was in, newest first. No content."""
    with rapport.database.read(actor.organisation_id) as work:
        require_for_person(work, actor, actor.person_id, Action.read, Thing.access_log)
        return existing(work, actor.person_id)


def existing(work: Work, person_id: str) -> list[Existing]:
    """The same within a unit of work."""
    meetings = list(
        work.session.scalars(work.rows(Meeting).where(_concerns(person_id)).order_by(Meeting.held_on.desc()))
    )
    ids = [meeting.id for meeting in meetings]
    sound = set(
        work.session.scalars(
            select(Recording.meeting_id).where(Recording.meeting_id.in_(ids), Recording.state != "erased")
        )
    )
    texts = set(
        work.session.scalars(
            select(Document.meeting_id).where(Document.meeting_id.in_(ids), Document.kind == TRANSCRIPT)
        )
    )
    consents = work.session.execute(
        select(Consent.meeting_id, Consent.state)
        .join(Participant, Participant.id == Consent.participant_id)
        .where(Participant.person_id == person_id)
    )
    answers = {row.meeting_id: row.state for row in consents}
    return [
        Existing(m.id, m.held_on, m.state, answers.get(m.id), m.id in sound, m.id in texts, _versions(m))
        for m in meetings
    ]


def _concerns(person_id: str) -> ColumnElement[bool]:
    own = select(Participant.meeting_id).where(Participant.person_id == person_id)
    return or_(Meeting.manager_id == person_id, Meeting.id.in_(own))


def _versions(meeting: Meeting) -> int:
    return meeting.version if meeting.minutes_key_id else 0
