"""Recordings as they come in: pieces that are encrypted at once and made durable before they are counted.

The order in `keep` makes the offset true after a crash: blob, then its row and the new offset in one
transaction. Of two requests that send the same bytes, the second finds that the offset moved.
The last piece is counted in the transaction that completes the recording (usecases/complete_upload).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update

from service.db.tables import Meeting, Organisation, Participant, Recording, RecordingPart
from service.db.unit_of_work import Work
from service.domain import consent
from service.domain.errors import WrongState
from service.domain.lifecycle import Event, State, move
from service.domain.policy import Action, Thing
from service.errors import NotFound, Refused
from service.hosting import MIB
from service.jobs.consents import consents_of
from service.usecases.access import find_meeting, require_scope
from service.usecases.actor import Actor
from service.usecases.complete_upload import complete, inspect, parts_of
from service.usecases.meeting_errors import (
    MeetingConflict,
    MeetingNotValid,
    OffsetMoved,
    UploadOver,
    UploadTooBig,
)
from service.usecases.rapport import Rapport

PIECE_BYTES = 8 * MIB
SMALL_BYTES = 50 * MIB
"""The most that is taken in one request that cannot be resumed."""

LASTS = timedelta(hours=24)
"""How long an upload waits for its next bytes."""

RECEIVING, COMPLETE, REFUSED, ERASED = "receiving", "complete", "refused", "erased"


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload of `size_bytes`, of which `received` are safe."""

    id: str
    meeting_id: str
    key_id: str
    size_bytes: int
    received: int
    expires_at: datetime | None
    track: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """In bytes: the largest recording, the largest in one request, what may be stored, what is."""

    most: int
    most_at_once: int
    quota: int
    used: int


def limits(rapport: Rapport, actor: Actor) -> Limits:
    """What can be uploaded now."""
    with rapport.database.read(actor.organisation_id) as work:
        hosting = rapport.hosting
        return Limits(hosting.max_upload_bytes, SMALL_BYTES, hosting.quota_bytes, _used(work))


def begin(
    rapport: Rapport, actor: Actor, meeting_id: str, size_bytes: int, track: str | None = None
) -> Upload:
    """Room for a recording; no byte is taken before this says yes. `track`: the id of whose voice it is.

    Raises NotFound, NotAllowed, WrongState, ConsentMissing, UploadTooBig, MeetingNotValid, MeetingConflict.
    """
    most = rapport.hosting.max_upload_bytes
    if size_bytes > most:
        raise UploadTooBig("recording_too_big", size=size_bytes, most=most)
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.upload, Thing.audio)
        require_ready(work, meeting)
        _require_track(work, meeting, track)
        # The organisation's row is held, so that two uploads do not both take the last room.
        work.session.get(Organisation, meeting.organisation_id, with_for_update=True)
        if _used(work) + size_bytes > rapport.hosting.quota_bytes:
            raise UploadTooBig("quota_reached", size=size_bytes, most=rapport.hosting.quota_bytes)
        recording = Recording(
            meeting_id=meeting.id,
            state=RECEIVING,
            size_bytes=size_bytes,
            received_bytes=0,
            track=track,
            created_by=actor.person_id,
            created_at=work.now,
            expires_at=work.now + LASTS,
        )
        work.add(recording)
        work.audit(actor.person_id, "begin_upload", "recording", recording.id, {"meeting": meeting.id})
        return _upload(recording, meeting)


def find_upload(rapport: Rapport, actor: Actor, upload_id: str) -> Upload:
    """Where an upload of the actor's stands. Raises NotFound for anybody else's, UploadOver."""
    with rapport.database.read(actor.organisation_id) as work:
        recording, meeting = _own(work, actor, upload_id)
        late = recording.expires_at is not None and recording.expires_at <= work.now
        if recording.state not in {RECEIVING, COMPLETE} or late or meeting.key_id is None:
            raise UploadOver("upload_over")
        return _upload(recording, meeting)


def resume(rapport: Rapport, actor: Actor, upload_id: str, offset: int, announced: int | None) -> Upload:
    """The upload, if it can go on at this offset with so many bytes; asked before any byte is read.

    Raises as `begin` and `find_upload`, and OffsetMoved.
    """
    upload = find_upload(rapport, actor, upload_id)
    if upload.received != offset:
        raise OffsetMoved("offset_moved", offset=upload.received)
    if offset + (announced or 0) > upload.size_bytes:
        raise UploadTooBig("beyond_length", most=upload.size_bytes)
    if upload.received < upload.size_bytes:
        with rapport.database.read(actor.organisation_id) as work:
            require_ready(work, work.one(Meeting, upload.meeting_id))
    return upload


def store(rapport: Rapport, upload: Upload, stored: Sequence[RecordingPart], piece: bytes) -> RecordingPart:
    """The next piece as a durable, encrypted blob that does not count yet; `keep` or `drop` it.

    `stored`: those before it that do not count yet either. Raises UploadTooBig, Erased.
    """
    start = upload.received + sum(part.size_bytes for part in stored)
    if start + len(piece) > upload.size_bytes:
        raise UploadTooBig("beyond_length", most=upload.size_bytes)
    blob = rapport.blobs.put(upload.key_id, [piece])
    return RecordingPart(recording_id=upload.id, start=start, size_bytes=len(piece), name=blob.name)


def drop(rapport: Rapport, stored: Sequence[RecordingPart]) -> None:
    """Deletes pieces that do not count."""
    for part in stored:
        rapport.blobs.delete(part.name)


def keep(rapport: Rapport, actor: Actor, upload: Upload, stored: Sequence[RecordingPart]) -> Upload:
    """Counts these pieces; with the last one the recording is complete and its meeting waits for a worker.

    Raises OffsetMoved, and for the last piece UnknownSound, MeetingConflict, WrongState, ConsentMissing.
    A recording that is none, or is there already, is erased.
    """
    received = upload.received + sum(part.size_bytes for part in stored)
    try:
        if received < upload.size_bytes:
            with rapport.database.write(actor.organisation_id) as work:
                return _advance(work, upload, stored, received)
        sound = inspect(rapport, upload.key_id, _kept(rapport, actor, upload), stored)
        with rapport.database.write(actor.organisation_id) as work:
            meeting = find_meeting(work, actor, upload.meeting_id, Action.upload, Thing.audio, lock=True)
            require_ready(work, meeting)
            done = _advance(work, upload, stored, received)
            complete(rapport, work, actor, meeting, upload.id, sound)
            return done
    except Refused as refusal:
        drop(rapport, stored)
        final = isinstance(refusal, (MeetingNotValid, WrongState, MeetingConflict))
        if final and not isinstance(refusal, OffsetMoved):
            _end(rapport, actor.organisation_id, upload.id, REFUSED)
        raise


def cancel(rapport: Rapport, actor: Actor, upload_id: str) -> None:
    """Ends an upload that is not complete and erases what came. Raises NotFound, UploadOver."""
    with rapport.database.read(actor.organisation_id) as work:
        recording, _ = _own(work, actor, upload_id)
        if recording.state != RECEIVING:
            raise UploadOver("upload_over")
    _end(rapport, actor.organisation_id, upload_id, ERASED)


def abandon(rapport: Rapport, actor: Actor, upload: Upload) -> None:
    """Erases an upload that nobody can resume; nothing happens to a complete one."""
    _end(rapport, actor.organisation_id, upload.id, ERASED)


def sweep_uploads(rapport: Rapport) -> int:
    """Ends what expired and erases what was refused or cancelled before a crash; how many. For a schedule."""
    with rapport.database.read() as work:
        late = (Recording.state == RECEIVING) & (Recording.expires_at <= work.now)
        with_parts = select(RecordingPart.recording_id).distinct()
        over = Recording.state.in_((REFUSED, ERASED)) & Recording.id.in_(with_parts)
        found = list(work.session.scalars(work.rows(Recording).where(late | over)))
    for recording in found:
        state = ERASED if recording.state == RECEIVING else recording.state
        _end(rapport, recording.organisation_id, recording.id, state)
    return len(found)


def require_ready(work: Work, meeting: Meeting) -> None:
    """Raises WrongState, ConsentMissing unless a recording may come in now."""
    move(State(meeting.state), Event.receive)
    consent.require(consents_of(work, meeting.id), work.now)


def resized(upload: Upload, size_bytes: int) -> Upload:
    """The upload with its true size, which a form could not say. Raises MeetingNotValid for 0."""
    if size_bytes == 0:
        raise MeetingNotValid("no_file_sent")
    return replace(upload, size_bytes=size_bytes)


def _require_track(work: Work, meeting: Meeting, track: str | None) -> None:
    complete_ones = select(Recording.track).filter_by(meeting_id=meeting.id, state=COMPLETE)
    there = list(work.session.scalars(complete_ones))
    if (there and (track is None or None in there)) or (track is not None and track in there):
        raise MeetingConflict("track_taken")
    known = select(Participant.id).filter_by(meeting_id=meeting.id, pid=track)
    if track is not None and work.session.scalar(known) is None:
        raise MeetingNotValid("not_a_track")


def _used(work: Work) -> int:
    stored = select(func.coalesce(func.sum(Recording.size_bytes), 0)).where(
        Recording.organisation_id == work.organisation_id, Recording.state.in_((RECEIVING, COMPLETE))
    )
    return int(work.session.scalar(stored) or 0)


def _own(work: Work, actor: Actor, upload_id: str) -> tuple[Recording, Meeting]:
    require_scope(actor, Action.upload, Thing.audio)
    recording = work.one(Recording, upload_id)
    meeting = work.one(Meeting, recording.meeting_id)
    if meeting.manager_id != actor.person_id:
        raise NotFound("not_found")
    find_meeting(work, actor, meeting.id, Action.upload, Thing.audio)
    return recording, meeting


def _upload(recording: Recording, meeting: Meeting) -> Upload:
    return Upload(
        recording.id,
        meeting.id,
        meeting.key_id or "",
        recording.size_bytes,
        recording.received_bytes,
        recording.expires_at,
        recording.track,
    )


def _kept(rapport: Rapport, actor: Actor, upload: Upload) -> list[RecordingPart]:
    with rapport.database.read(actor.organisation_id) as work:
        return parts_of(work, upload.id)


def _advance(work: Work, upload: Upload, stored: Sequence[RecordingPart], received: int) -> Upload:
    moved = update(Recording).where(
        Recording.id == upload.id,
        Recording.state == RECEIVING,
        Recording.received_bytes == upload.received,
    )
    expires_at = work.now + LASTS
    values = {"received_bytes": received, "size_bytes": upload.size_bytes, "expires_at": expires_at}
    if cast("CursorResult[Any]", work.session.execute(moved.values(**values))).rowcount != 1:
        now = work.one(Recording, upload.id)
        if now.state not in {RECEIVING, COMPLETE}:
            raise UploadOver("upload_over")
        raise OffsetMoved("offset_moved", offset=now.received_bytes)
    for part in stored:
        work.add(part)
    return replace(upload, received=received, expires_at=expires_at)


def _end(rapport: Rapport, organisation_id: str, recording_id: str, state: str) -> None:
    """First the state, then the bytes, then their rows: whatever a crash leaves, `sweep_uploads` finds."""
    with rapport.database.write(organisation_id) as work:
        recording = work.one(Recording, recording_id, lock=True)
        if recording.state == COMPLETE:
            return
        recording.state, recording.fingerprint = state, None
        parts = parts_of(work, recording_id)
    drop(rapport, parts)
    with rapport.database.write(organisation_id) as work:
        for part in parts:
            work.session.delete(work.session.merge(part))
