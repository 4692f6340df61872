"""The transcript of a meeting, for whoever may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.looks import note_looks
from service.usecases.meeting_documents import MeetingDocuments
from service.usecases.rapport import Rapport


@dataclass(frozen=True, slots=True)
class ReadTranscript:
    """`rapport.transcript/1` and the revision of the meeting that an edit has to name."""

    transcript: dict[str, Any]
    revision: int


def read_transcript(rapport: Rapport, actor: Actor, meeting_id: str) -> ReadTranscript:
    """The newest one. The look is in the audit log. Raises NotFound, NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.transcript)
        documents = MeetingDocuments(rapport, work, meeting)
        document = documents.of(meeting.transcript_id)
    note_looks(rapport, actor, "transcript", [meeting.id])
    return ReadTranscript(documents.read(document), meeting.revision)
