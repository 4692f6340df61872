"""A transcript that exists already, instead of a recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

from sqlalchemy import select

from models.parsing import document, parse_transcript
from models.parsing.people import People
from models.parsing.reading import decode
from models.schema import Kind, Role, Transcript
from models.schema import Participant as Speaker
from service.db.tables import Meeting, Participant, Person
from service.db.unit_of_work import Work
from service.domain.policy import Action, Thing
from service.hosting import MIB
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.complete_upload import hand_to_worker
from service.usecases.meeting_documents import TRANSCRIPT, MeetingDocuments
from service.usecases.meeting_errors import MeetingNotValid
from service.usecases.rapport import Rapport
from service.usecases.uploads import require_ready

MOST_BYTES = 20 * MIB
"""A day of talk with word times."""

_NAME = Path("transcript.txt")


def import_transcript(rapport: Rapport, actor: Actor, meeting_id: str, content: bytes) -> None:
    """Stores it for the meeting, whose worker goes on with the draft. Forms: models/parsing/transcripts.

    Raises NotFound, NotAllowed, WrongState, ConsentMissing, NotATranscript, UnknownLanguage, MeetingNotValid.
    """
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.upload, Thing.transcript)
        require_ready(work, meeting)
        speakers = speakers_of(work, meeting)
    transcript = _read(content, meeting, speakers)
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.upload, Thing.transcript, lock=True)
        require_ready(work, meeting)
        added = MeetingDocuments(rapport, work, meeting).add(TRANSCRIPT, document(transcript))
        meeting.transcript_id = added.id
        codes: dict[str, str | int] = {"document": added.id, "bytes": len(content)}
        work.audit(actor.person_id, "import_transcript", "meeting", meeting.id, codes)
        hand_to_worker(rapport, work, actor, meeting)


def speakers_of(work: Work, meeting: Meeting) -> list[Speaker]:
    """The participants of a meeting as its documents name them."""
    query = (
        select(Participant, Person)
        .outerjoin(Person, Person.id == Participant.person_id)
        .where(Participant.meeting_id == meeting.id)
        .order_by(Participant.id)
    )
    return [
        Speaker(
            id=row.pid,
            role=cast("Role", row.role),
            name=person.display_name if person else "",
            aliases=tuple(person.aliases) if person else (),
            person_id=row.person_id,
        )
        for row, person in work.session.execute(query)
    ]


def _read(content: bytes, meeting: Meeting, speakers: list[Speaker]) -> Transcript:
    text = decode(content, _NAME)
    day = meeting.held_on.isoformat()
    transcript = parse_transcript(text, _NAME.name, date=day, participants=speakers)
    if not any(turn.text.strip() for turn in transcript.turns):
        raise MeetingNotValid("transcript_empty")
    people = People(speakers)
    ids = {one.id: _matching(people, speakers, one) for one in transcript.participants}
    return replace(
        transcript,
        id=meeting.id,
        date=day,
        kind=cast("Kind", meeting.kind),
        tz=meeting.time_zone,
        started_at=meeting.started_at.isoformat() if meeting.started_at else None,
        participants=tuple(people.participants),
        turns=tuple(replace(turn, speaker=ids[turn.speaker]) for turn in transcript.turns),
    )


def _matching(people: People, speakers: list[Speaker], one: Speaker) -> str:
    """The participant whose person, name or id this is; else a new one with the role unknown."""
    same_person = (known.id for known in speakers if one.person_id and known.person_id == one.person_id)
    return next(same_person, None) or people.id_of(one.name or one.id)
