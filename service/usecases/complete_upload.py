"""The end of an upload: what the bytes are, whether they are there already, and the way to the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service.db.tables import Meeting, Participant, Recording, RecordingPart
from service.db.transition import transition
from service.db.unit_of_work import Work
from service.domain import consent
from service.domain.lifecycle import Event
from service.domain.media_type import HEAD_BYTES, KNOWN, sniff
from service.domain.policy import Action, Thing
from service.jobs.consents import consents_of
from service.storage.blobs import Parts, Stored
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_errors import MeetingConflict, UnknownSound
from service.usecases.rapport import Rapport


@dataclass(frozen=True, slots=True)
class Sound:
    """What the bytes are: media type, and keyed hash (service/storage/keys)."""

    media_type: str
    fingerprint: str


def parts_of(work: Work, recording_id: str) -> list[RecordingPart]:
    """The pieces of a recording in order."""
    query = select(RecordingPart).filter_by(recording_id=recording_id).order_by(RecordingPart.start)
    return list(work.session.scalars(query))


def as_stream(rapport: Rapport, key_id: str, parts: Sequence[RecordingPart]) -> Parts:
    """The pieces as one recording."""
    return Parts(rapport.blobs, key_id, [Stored(part.name, part.size_bytes) for part in parts])


def inspect(
    rapport: Rapport, key_id: str, kept: Sequence[RecordingPart], last: Sequence[RecordingPart]
) -> Sound:
    """Reads the whole recording once. Raises UnknownSound."""
    parts = as_stream(rapport, key_id, [*kept, *last])
    with parts.open(0, HEAD_BYTES) as stream:
        media_type = sniff(stream.read(HEAD_BYTES))
    if media_type is None:
        raise UnknownSound("unknown_sound", allowed=KNOWN)
    with parts.open() as stream:
        return Sound(media_type, rapport.blobs.keyed_hash(key_id, stream))


def complete(
    rapport: Rapport, work: Work, actor: Actor, meeting: Meeting, recording_id: str, sound: Sound
) -> None:
    """Part of the transaction that counts the last piece. The meeting has to be locked.

    Raises MeetingConflict for what is there already.
    """
    own = select(Recording).filter_by(meeting_id=meeting.id, state="complete")
    others = list(work.session.scalars(own))
    if any(other.fingerprint == sound.fingerprint for other in others):
        raise MeetingConflict("same_recording")
    recording = work.one(Recording, recording_id)
    work.session.refresh(recording)
    if any(other.track in (None, recording.track) for other in others) or (
        others and recording.track is None
    ):
        raise MeetingConflict("track_taken")
    recording.state, recording.expires_at = "complete", None
    recording.media_type, recording.fingerprint = sound.media_type, sound.fingerprint
    codes: dict[str, str | int] = {"meeting": meeting.id, "bytes": recording.size_bytes}
    work.audit(actor.person_id, "upload", "recording", recording.id, codes)
    people = set(work.session.scalars(select(Participant.pid).filter_by(meeting_id=meeting.id)))
    if recording.track is None or {other.track for other in others} | {recording.track} >= people:
        hand_to_worker(rapport, work, actor, meeting)


def process_tracks(rapport: Rapport, actor: Actor, meeting_id: str) -> None:
    """Begins with the tracks that are there, for a meeting in which not everybody has one.

    Raises NotFound, NotAllowed, WrongState, ConsentMissing, MeetingConflict (nothing is there).
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.upload, Thing.audio, lock=True)
        there = select(Recording.id).filter_by(meeting_id=meeting.id, state="complete").limit(1)
        if work.session.scalar(there) is None:
            raise MeetingConflict("nothing_recorded")
        hand_to_worker(rapport, work, actor, meeting)


def hand_to_worker(rapport: Rapport, work: Work, actor: Actor, meeting: Meeting) -> None:
    """The meeting has what a draft is made from: state and job, in the caller's transaction.

    Raises WrongState, ConsentMissing (of somebody who was invited after the first track, say).
    """
    consent.require(consents_of(work, meeting.id), work.now)
    transition(work, meeting, Event.receive, actor.person_id)
    rapport.queue.enqueue(work, meeting.id)
