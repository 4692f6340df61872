"""The transcript of a meeting, for whoever may read it."""

from __future__ import annotations

import json
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
    """`text`: `rapport.transcript/1` as JSON. `revision`: of the meeting, what an edit has to name."""

    text: bytes
    revision: int

    @property
    def transcript(self) -> dict[str, Any]:
        """The same, read."""
        made: dict[str, Any] = json.loads(self.text)
        return made


def read_transcript(rapport: Rapport, actor: Actor, meeting_id: str) -> ReadTranscript:
    """The newest one. The look is in the audit log. Raises NotFound, NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.transcript)
        documents = MeetingDocuments(rapport, work, meeting)
        document = documents.of(meeting.transcript_id)
    note_looks(rapport, actor, "transcript", [meeting.id])
    return ReadTranscript(documents.text(document), meeting.revision)
