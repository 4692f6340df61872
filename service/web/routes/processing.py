"""A meeting on its way to a draft: its progress, also as a stream of events; cancel and retry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.concurrency import run_in_threadpool
from sse_starlette import EventSourceResponse, ServerSentEvent

from service.db.errors import DatabaseUnavailable
from service.errors import Refused
from service.usecases import processing
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport
from service.web.bodies.processing import ProgressBody
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1/meetings", tags=["processing"])

MeetingId = Annotated[str, Path(max_length=36)]
LOOK_S = 1.0
EVENT = {
    "type": "object",
    "properties": {"event": {"const": "progress"}, "data": {"type": "string"}},
    "required": ["event", "data"],
}
MOST_LOOKS = 3600
"""A stream ends after an hour; browsers open it again by themselves."""


@router.get("/{meeting_id}/progress", operation_id="get_progress")
def progress(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId) -> ProgressBody:
    """How far the meeting is and how long it still takes."""
    return ProgressBody.of(processing.progress(rapport, actor, meeting_id))


@router.get(
    "/{meeting_id}/events",
    operation_id="follow_progress",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"schema": EVENT}}}},
)
def events(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId) -> EventSourceResponse:
    """The same as events named `progress` each time it changes; the stream ends when the work does."""
    first = processing.progress(rapport, actor, meeting_id)
    return EventSourceResponse(_told(rapport, actor, meeting_id, first))


@router.post("/{meeting_id}/cancel", status_code=204, operation_id="cancel_processing")
def cancel(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId) -> None:
    """Stops the work within two seconds."""
    processing.cancel(rapport, actor, meeting_id)


@router.post("/{meeting_id}/retry", status_code=204, operation_id="retry_processing")
def retry(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId) -> None:
    """Tries again after a failure or a cancel; finished steps are not done again."""
    processing.retry(rapport, actor, meeting_id)


@router.post("/{meeting_id}/redraft", status_code=202, operation_id="draft_again")
def redraft(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId) -> ProgressBody:
    """Drafts again from the corrected transcript, without listening; what you decided or added stays."""
    processing.redraft(rapport, actor, meeting_id)
    return ProgressBody.of(processing.progress(rapport, actor, meeting_id))


async def _told(
    rapport: Rapport, actor: Actor, meeting_id: str, now: processing.Progress
) -> AsyncIterator[ServerSentEvent]:
    yield _event(now)
    for _ in range(MOST_LOOKS):
        if not now.unfinished:
            return
        await asyncio.sleep(LOOK_S)
        before = now
        try:
            now = await run_in_threadpool(processing.progress, rapport, actor, meeting_id)
        except Refused:  # erased in the meantime, or no longer theirs
            return
        except DatabaseUnavailable:
            continue
        if now != before:
            yield _event(now)


def _event(progress: processing.Progress) -> ServerSentEvent:
    return ServerSentEvent(data=ProgressBody.of(progress).model_dump_json(), event="progress")
