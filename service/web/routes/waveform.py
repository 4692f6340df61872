"""The sound of a meeting, drawn."""

from __future__ import annotations

from fastapi import APIRouter

from service.usecases.waveform import read_waveform
from service.web.bodies.fields import IdPath
from service.web.bodies.waveform import WaveformBody
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1/meetings", tags=["meetings"])


@router.get("/{meeting_id}/waveform", operation_id="read_waveform")
def waveform(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath) -> WaveformBody:
    """How loud the recording is when, to draw it; it counts as a look at the recording."""
    return WaveformBody.model_validate(read_waveform(rapport, actor, meeting_id))
