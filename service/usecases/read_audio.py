"""The sound of a meeting for whoever may hear it; each day's look is in the audit log."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from service.db.tables import Recording
from service.domain.policy import Action, Thing
from service.errors import NotFound
from service.storage.blobs import Parts
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.complete_upload import as_stream, parts_of
from service.usecases.looks import note_looks
from service.usecases.rapport import Rapport


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording, decrypted as it is read."""

    recording_id: str
    media_type: str
    parts: Parts


def read_audio(rapport: Rapport, actor: Actor, meeting_id: str, track: str | None = None) -> Audio:
    """The recording, or one of its tracks (the first without `track`). Raises NotFound, NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.audio)
        query = select(Recording).filter_by(meeting_id=meeting.id, state="complete").order_by(Recording.id)
        if track is not None:
            query = query.where(Recording.track == track)
        recording = work.session.scalar(query.limit(1))
        if recording is None or meeting.key_id is None:
            raise NotFound("not_found")
        parts = as_stream(rapport, meeting.key_id, parts_of(work, recording.id))
    note_looks(rapport, actor, "audio", [meeting.id])
    return Audio(recording.id, recording.media_type or "application/octet-stream", parts)
