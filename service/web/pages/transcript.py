"""What was said, to read and hear: for its manager, and for employees where the organisation shares it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.usecases.list_meetings import get_meeting
from service.usecases.read_transcript import read_transcript
from service.usecases.waveform import sound_of
from service.web.bodies.fields import IdPath
from service.web.deps import RapportDep
from service.web.pages.talk import Talk
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/meetings/{meeting_id}/transcript")
def transcript(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """Without the draft, and without a way to change it; `#turn-12` leads to a line."""
    view = get_meeting(rapport, visitor.actor, meeting_id)
    read = read_transcript(rapport, visitor.actor, meeting_id)
    sound = sound_of(rapport, visitor.actor, meeting_id)
    talk = Talk(read.transcript, view.participants, sound)
    return visitor.page("transcript.html", "meetings", view=view, talk=talk, revision=read.revision)
