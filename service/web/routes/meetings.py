"""Meetings: planned, listed, changed; consent; the sound of one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import StreamingResponse

from models.schema import Kind
from service.domain.lifecycle import State
from service.usecases import change_meeting, consent, create_meeting, list_meetings
from service.usecases.complete_upload import process_tracks
from service.usecases.hand_over import hand_over
from service.usecases.list_meetings import PAGE, PAGE_MOST, Filters
from service.usecases.read_audio import read_audio
from service.web.bodies.meetings import (
    Attestation,
    ConsentAnswer,
    MeetingBody,
    MeetingChange,
    MeetingList,
    NewMeeting,
    Successor,
)
from service.web.byte_range import Unsatisfiable, byte_range
from service.web.deps import ActorDep, RapportDep, RevisionDep, etag

router = APIRouter(prefix="/api/v1/meetings", tags=["meetings"])

MeetingId = Annotated[str, Path(max_length=36)]
Person = Annotated[str | None, Query(max_length=36)]
Cursor = Annotated[str | None, Query(max_length=100)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MOST)]


@router.post("", status_code=201, operation_id="plan_meeting")
def plan(rapport: RapportDep, actor: ActorDep, body: NewMeeting, response: Response) -> MeetingBody:
    """Plans a meeting that you lead; everybody else agrees to its recording, or has told you so."""
    view = create_meeting.create_meeting(rapport, actor, body.plan())
    response.headers["Location"] = f"{router.prefix}/{view.meeting.id}"
    response.headers["ETag"] = etag(view.meeting.revision)
    return MeetingBody.of(view)


@router.get("", operation_id="list_meetings")
def page(
    rapport: RapportDep,
    actor: ActorDep,
    state: State | None = None,
    kind: Kind | None = None,
    person: Person = None,
    q: Annotated[str, Query(max_length=100)] = "",
    since: date | None = None,
    until: date | None = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> MeetingList:
    """Meetings that you lead or take part in, newest first; `q`: part of a name, alias or its pinyin."""
    filters = Filters(state, kind, person, q, since, until)
    return MeetingList.of(list_meetings.list_meetings(rapport, actor, filters, cursor, limit))


@router.get("/{meeting_id}", operation_id="get_meeting")
def one(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId, response: Response) -> MeetingBody:
    """One meeting without its content."""
    view = list_meetings.get_meeting(rapport, actor, meeting_id)
    response.headers["ETag"] = etag(view.meeting.revision)
    return MeetingBody.of(view)


@router.patch("/{meeting_id}", operation_id="change_meeting")
def change(
    rapport: RapportDep,
    actor: ActorDep,
    meeting_id: MeetingId,
    revision: RevisionDep,
    body: MeetingChange,
    response: Response,
) -> MeetingBody:
    """Changes what was planned, until it is confirmed."""
    values = body.model_dump(exclude_unset=True, exclude={"participants"})
    view = change_meeting.change_meeting(rapport, actor, meeting_id, revision, values, body.people())
    response.headers["ETag"] = etag(view.meeting.revision)
    return MeetingBody.of(view)


@router.post("/{meeting_id}/consents/{pid}/attest", status_code=204, operation_id="attest_consent")
def attest(
    rapport: RapportDep,
    actor: ActorDep,
    meeting_id: MeetingId,
    pid: Annotated[str, Path(max_length=64)],
    body: Attestation | None = None,
) -> None:
    """The manager records that this participant agreed; the participant is told and can object for 7 days."""
    consent.attest_consent(rapport, actor, meeting_id, pid, body.host if body else None)


@router.post("/{meeting_id}/consent", status_code=204, operation_id="answer_consent")
def answer(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId, body: ConsentAnswer) -> None:
    """Your own answer to the recording. Objecting and withdrawing stop processing and erase."""
    consent.answer_consent(rapport, actor, meeting_id, body.answer, body.host)


@router.post("/{meeting_id}/process", status_code=204, operation_id="process_tracks")
def process(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId) -> None:
    """Begins with the separate tracks that are there, when not everybody has one."""
    process_tracks(rapport, actor, meeting_id)


@router.post("/{meeting_id}/hand-over", status_code=204, operation_id="hand_over")
def give_to(rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId, body: Successor) -> None:
    """Names who follows you: that person reads the confirmed minutes with these employees, nothing else."""
    hand_over(rapport, actor, meeting_id, body.person_id)


@router.get("/{meeting_id}/audio", operation_id="read_audio", response_class=StreamingResponse)
def audio(
    rapport: RapportDep,
    actor: ActorDep,
    meeting_id: MeetingId,
    track: Annotated[str | None, Query(max_length=64)] = None,
    range_: Annotated[str | None, Header(alias="Range", max_length=200)] = None,
) -> Response:
    """The recording, or a range of its bytes; your look at it is in the audit log."""
    found = read_audio(rapport, actor, meeting_id, track)
    size, headers = found.parts.size_bytes, {"Accept-Ranges": "bytes", "ETag": f'"{found.recording_id}"'}
    try:
        wanted = byte_range(range_, size)
    except Unsatisfiable:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = wanted or (0, size)
    headers["Content-Length"] = str(end - start)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    status = 206 if wanted else 200
    return StreamingResponse(found.parts.chunks(start, end), status, headers, found.media_type)
