"""Confirmed minutes, and the transcript as captions, as files. Nothing unconfirmed leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from models.parsing import parse_transcript
from service.db.tables import ActionItem, Meeting, MinutesVersion, Participant, Person
from service.db.unit_of_work import Work
from service.domain.policy import Action, Thing
from service.export.minutes import MEDIA_TYPES, ConfirmedMinutes, MeetingFacts
from service.export.srt import to_srt
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import version_of, visible

Format = Literal["md", "docx", "ics", "json"]


@dataclass(frozen=True, slots=True)
class File:
    """What is downloaded. The name holds the id and the version only."""

    name: str
    media_type: str
    content: bytes


def export_minutes(
    rapport: Rapport, actor: Actor, meeting_id: str, form: Format, version: int | None = None
) -> File:
    """That version, or the newest, as a file. Raises NotFound, NotAllowed."""
    thing = Thing.action_items if form == "ics" else Thing.minutes
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.export, thing)
        row = version_of(work, meeting, version)
        documents = MeetingDocuments(rapport, work, meeting)
        minutes = visible(work, actor, meeting, documents.read(documents.of(row.document_id)))
        facts = _facts(work, meeting, row)
        codes: dict[str, str | int] = {"format": form, "version": row.version}
        work.audit(actor.person_id, "export", "minutes", meeting.id, codes)
    name = f"{meeting.id}.v{row.version}.{form}"
    return File(name, MEDIA_TYPES[form], ConfirmedMinutes(minutes, facts).render(form))


def export_transcript(rapport: Rapport, actor: Actor, meeting_id: str) -> File:
    """The transcript as SubRip captions, once minutes are confirmed. Raises NotFound, NotAllowed."""
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.export, Thing.transcript)
        documents = MeetingDocuments(rapport, work, meeting)
        document = documents.of(meeting.transcript_id)
        work.audit(actor.person_id, "export", "transcript", meeting.id, {"format": "srt"})
    transcript = parse_transcript(
        json.dumps(documents.read(document)), meeting.id, date=meeting.held_on.isoformat()
    )
    return File(f"{meeting.id}.srt", "application/x-subrip", to_srt(transcript).encode())


def people_of(work: Work, meeting: Meeting) -> dict[str, tuple[str, str]]:
    """Participant -> (name, role)."""
    people = work.session.execute(
        select(Participant.pid, Participant.role, Person.display_name)
        .outerjoin(Person, Person.id == Participant.person_id)
        .where(Participant.meeting_id == meeting.id)
        .order_by(Participant.id)
    )
    return {pid: (name or pid, role) for pid, role, name in people}


def _facts(work: Work, meeting: Meeting, row: MinutesVersion) -> MeetingFacts:
    items = work.session.execute(
        select(ActionItem.item, ActionItem.status).where(ActionItem.meeting_id == meeting.id)
    )
    return MeetingFacts(
        day=meeting.held_on.isoformat(),
        kind=meeting.kind,
        people=people_of(work, meeting),
        sha256=row.sha256,
        statuses={row.item: row.status for row in items},
    )
