"""Confirmed minutes: read, answered, corrected, taken along as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.usecases import answer, correct, export_minutes, read_minutes
from service.web.bodies.fields import IdPath
from service.web.bodies.minutes import Acknowledgement, Correction, Dispute, ExportFormat, MinutesBody
from service.web.bodies.review import Revised, VersionMade
from service.web.deps import ActorDep, RapportDep, RevisionDep, etag

router = APIRouter(prefix="/api/v1/meetings", tags=["minutes"])

Version = Annotated[int | None, Query(ge=1, le=100_000)]


@router.get("/{meeting_id}/minutes", operation_id="read_minutes")
def minutes(
    rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, response: Response, version: Version = None
) -> MinutesBody:
    """That version, or the newest; your look at it is in the audit log."""
    read = read_minutes.read_minutes(rapport, actor, meeting_id, version)
    response.headers["ETag"] = etag(read.revision)
    return MinutesBody.of(read)


@router.post("/{meeting_id}/acknowledgement", operation_id="acknowledge")
def acknowledge(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, body: Acknowledgement) -> Revised:
    """You agree to exactly the version with that hash."""
    meeting = answer.acknowledge(rapport, actor, meeting_id, body.sha256, body.comment)
    return Revised(state=meeting.state, revision=meeting.revision)


@router.post("/{meeting_id}/dispute", operation_id="dispute")
def dispute(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, body: Dispute) -> Revised:
    """You say what is not right in that version."""
    meeting = answer.dispute(rapport, actor, meeting_id, body.sha256, body.items, body.comment)
    return Revised(state=meeting.state, revision=meeting.revision)


@router.post("/{meeting_id}/corrections", status_code=201, operation_id="correct_minutes")
def correction(
    rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, revision: RevisionDep, body: Correction
) -> VersionMade:
    """Confirms a new version; the one before stays as it is."""
    given = (body.choices(), body.added(), body.reason)
    made = correct.correct(rapport, actor, meeting_id, revision, *given)
    return VersionMade.model_validate(made)


@router.get("/{meeting_id}/export", operation_id="export_minutes", response_class=Response)
def export(
    rapport: RapportDep,
    actor: ActorDep,
    meeting_id: IdPath,
    form: Annotated[ExportFormat, Query(alias="format")] = "md",
    version: Version = None,
) -> Response:
    """Confirmed minutes as a file; srt: the transcript as captions."""
    if form == "srt":
        file = export_minutes.export_transcript(rapport, actor, meeting_id)
    else:
        file = export_minutes.export_minutes(rapport, actor, meeting_id, form, version)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)
