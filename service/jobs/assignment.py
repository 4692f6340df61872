"""What a job has to do: the rows of a meeting as the fields that the model process is asked with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from service.db.series import minutes_before
from service.db.tables import Meeting, Participant, Person, Recording, RecordingPart
from service.db.unit_of_work import Work
from service.jobs.consents import outside_host
from service.jobs.known import Known, known_of
from service.jobs.shelf import digests
from service.storage.blobs import Stored
from service.storage.documents import canonical


@dataclass(frozen=True, slots=True)
class Sound:
    """A complete recording. `track`: the participant whose voice it is, None: several voices."""

    id: str
    track: str | None
    parts: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an encrypted document is: the key it is under and the name of its blob."""

    key_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One job. `recording`: fields of models/recording_steps.Recording without paths; `options`: of
    models/pipeline.DraftOptions without files. `transcript`: a document in place of sound, imported
    or corrected; `previous`: the minutes whose open items are followed up. `shelf`: digests of the
    organisation's own catalogue and competencies; `known`: of participants.
    `outside`: the machine elsewhere to which its text may go.
    """

    organisation_id: str
    meeting_id: str
    key_id: str
    sounds: tuple[Sound, ...]
    transcript: str | None
    previous: Place | None
    recording: dict[str, Any]
    options: dict[str, Any]
    shelf: tuple[str, ...] = ()
    outside: str | None = None
    known: Mapping[str, Known] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """16 hex digits that change with anything a result depends on, except the engines."""
        asked = [[sound.id for sound in self.sounds], self.recording, self.options, self.transcript or ""]
        asked += [self.previous.name if self.previous else "", *self.shelf]
        asked += [[pid, one.name or "", *one.completed] for pid, one in self.known.items()]
        return hashlib.sha256(canonical(asked)).hexdigest()[:16]


def assignment(work: Work, meeting: Meeting, key_id: str) -> Assignment:
    """For a meeting whose recording is complete, or whose transcript was imported."""
    # Once there is a draft only its text is read again, as it was corrected.
    sounds = () if meeting.draft_id is not None else tuple(sounds_of(work, meeting.id))
    people = participants_of(work, meeting.id)
    return Assignment(
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.id,
        key_id=key_id,
        sounds=sounds,
        transcript=None if sounds else meeting.transcript_id,
        previous=_previous(work, meeting),
        recording={
            "id": meeting.id,
            "date": meeting.held_on.isoformat(),
            "tracks": [sound.track for sound in sounds if sound.track],
            "started_at": meeting.started_at.isoformat() if meeting.started_at else None,
            "tz": meeting.time_zone,
            "participants": people,
            "kind": meeting.kind,
            "language": meeting.language,
        },
        options={"minutes_language": meeting.minutes_language, "sensitivity": meeting.sensitivity},
        shelf=digests(work),
        outside=outside_host(work, meeting),
        known=known_of(work, meeting),
    )


def sounds_of(work: Work, meeting_id: str) -> list[Sound]:
    """What is listened to: the newest recording, or all separate tracks, in the order of a job's paths."""
    found = []
    recordings = select(Recording).filter_by(meeting_id=meeting_id, state="complete")
    for recording in work.session.scalars(recordings.order_by(Recording.created_at, Recording.id)):
        parts = select(RecordingPart).filter_by(recording_id=recording.id).order_by(RecordingPart.start)
        stored = tuple(Stored(part.name, part.size_bytes) for part in work.session.scalars(parts))
        found.append(Sound(recording.id, recording.track, stored))
    tracks = [sound for sound in found if sound.track]
    return tracks or found[-1:]


def participants_of(work: Work, meeting_id: str) -> list[dict[str, Any]]:
    """The people of a meeting as transcripts write them."""
    query = (
        select(Participant, Person)
        .join(Person, Person.id == Participant.person_id, isouter=True)
        .where(Participant.meeting_id == meeting_id)
        .order_by(Participant.id)
    )
    return [
        {
            "id": participant.pid,
            "role": participant.role,
            "name": person.display_name if person else "",
            "aliases": list(person.aliases) if person else [],
            "person_id": participant.person_id,
        }
        for participant, person in work.session.execute(query)
    ]


def _previous(work: Work, meeting: Meeting) -> Place | None:
    """The newest confirmed minutes of the series before this meeting."""
    found = minutes_before(work, meeting)
    return None if found is None else Place(str(found[0].minutes_key_id), found[1].name)
