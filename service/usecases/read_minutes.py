"""Confirmed minutes in any version, for whoever may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.db.tables import Acknowledgement, Meeting, MinutesVersion, Participant
from service.db.unit_of_work import Work
from service.domain.minutes import Minutes, without_ratings
from service.domain.policy import Action, Relation, Thing
from service.errors import NotFound
from service.usecases.access import find_meeting, relations_to
from service.usecases.actor import Actor
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.permits import permit_facts
from service.usecases.rapport import Rapport

_BOTH_SIDES = frozenset({Relation.meeting_manager, Relation.meeting_employee})


def visible(work: Work, actor: Actor, meeting: Meeting, minutes: Minutes) -> Minutes:
    """The minutes as the actor may read them: ratings and gaps are for the manager and the person."""
    relations = relations_to(work, actor, meeting)
    if Relation.meeting_manager in relations:
        return minutes
    own = select(Participant.pid).filter_by(meeting_id=meeting.id, person_id=actor.person_id)
    return without_ratings(minutes, set(work.session.scalars(own)))


@dataclass(frozen=True, slots=True)
class Reply:
    """How one employee answered the version; the words of a dispute are for the two sides only."""

    person_id: str
    verdict: str
    at: datetime
    items: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ReadMinutes:
    """One version with the hash that an answer has to name, the numbers of all versions, and the answers."""

    minutes: Minutes
    sha256: str
    versions: tuple[int, ...]
    replies: tuple[Reply, ...]
    state: str
    revision: int


def read_minutes(rapport: Rapport, actor: Actor, meeting_id: str, version: int | None = None) -> ReadMinutes:
    """That version, or the newest. The look is in the audit log. Raises NotFound, NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        facts = permit_facts(work, actor, meeting_id)
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.minutes, facts=facts)
        row = version_of(work, meeting, version)
        documents = MeetingDocuments(rapport, work, meeting)
        minutes = visible(work, actor, meeting, documents.read(documents.of(row.document_id)))
        between = bool(relations_to(work, actor, meeting) & _BOTH_SIDES)
        replies = tuple(_reply(documents, one, between) for one in _answers(work, row))
        numbers = select(MinutesVersion.version).filter_by(meeting_id=meeting.id)
        versions = tuple(work.session.scalars(numbers.order_by(MinutesVersion.version)))
    note_looks(rapport, actor, "minutes", [meeting.id])
    return ReadMinutes(minutes, row.sha256, versions, replies, meeting.state, meeting.revision)


def version_of(work: Work, meeting: Meeting, version: int | None = None) -> MinutesVersion:
    """The row of that version, or of the newest. Raises NotFound."""
    wanted = meeting.version if version is None else version
    row = work.session.scalar(select(MinutesVersion).filter_by(meeting_id=meeting.id, version=wanted))
    if row is None:
        raise NotFound("not_found")
    return row


def _answers(work: Work, row: MinutesVersion) -> list[Acknowledgement]:
    query = select(Acknowledgement).filter_by(meeting_id=row.meeting_id, version=row.version)
    return list(work.session.scalars(query.order_by(Acknowledgement.at)))


def _reply(documents: MeetingDocuments, row: Acknowledgement, between: bool) -> Reply:
    if row.document_id is None or not between:
        return Reply(row.person_id, row.verdict, row.at)
    words = documents.read(documents.of(row.document_id))
    return Reply(row.person_id, row.verdict, row.at, tuple(words["items"]), words["comment"])
