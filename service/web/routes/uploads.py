"""Uploads: resumable by the tus 1.0 protocol, small files in one request, transcripts that exist already."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from service.usecases import uploads
from service.usecases.import_transcript import MOST_BYTES, import_transcript
from service.usecases.uploads import SMALL_BYTES
from service.web import tus
from service.web.bodies.uploads import UploadBody, UploadLimits
from service.web.deps import ActorDep, RapportDep
from service.web.errors import NotForThisPath
from service.web.incoming import (
    bounded,
    file_in_form,
    receive,
    receive_checked,
    receive_form,
    require_small,
)

router = APIRouter(prefix="/api/v1/uploads", tags=["uploads"])

UploadId = Annotated[str, Path(max_length=36)]
MeetingId = Annotated[str, Path(max_length=36)]
Track = Annotated[str | None, Query(max_length=64)]
Size = Annotated[int, Header(ge=0, le=10**15)]
Checksum = Annotated[str | None, Header(max_length=200)]
Metadata = Annotated[str, Header(max_length=8000)]

TUS = [Depends(tus.speaks_tus)]


def _body(media_type: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"}
    return {"requestBody": {"content": {media_type: {"schema": schema}}}}


@router.options("", status_code=204, operation_id="upload_capabilities")
def capabilities(rapport: RapportDep) -> Response:
    """What the upload protocol can do here, and the largest recording (Tus-Max-Size)."""
    return Response(status_code=204, headers=tus.capabilities(rapport.hosting.max_upload_bytes))


@router.get("/limits", operation_id="upload_limits")
def limits(rapport: RapportDep, actor: ActorDep) -> UploadLimits:
    """How much can be uploaded."""
    return UploadLimits.model_validate(uploads.limits(rapport, actor))


@router.post(
    "", status_code=201, operation_id="begin_upload", dependencies=TUS, openapi_extra=_body(tus.OFFSET_STREAM)
)
async def begin(
    request: Request,
    rapport: RapportDep,
    actor: ActorDep,
    upload_length: Size,
    upload_metadata: Metadata = "",
    upload_checksum: Checksum = None,
) -> Response:
    """Begins an upload. Metadata: `meeting` and `track`, ids. A body holds the first bytes."""
    told = tus.metadata(upload_metadata)
    track = told.get("track") or None
    upload = await run_in_threadpool(
        uploads.begin, rapport, actor, told.get("meeting", ""), upload_length, track
    )
    if request.headers.get("content-type") == tus.OFFSET_STREAM:
        upload = await _receive(request, rapport, actor, upload, upload_checksum)
    return Response(
        status_code=201, headers={"Location": f"{router.prefix}/{upload.id}"} | tus.standing(upload)
    )


@router.head("/{upload_id}", operation_id="upload_standing", dependencies=TUS)
def standing(rapport: RapportDep, actor: ActorDep, upload_id: UploadId) -> Response:
    """How many bytes are safe."""
    upload = uploads.find_upload(rapport, actor, upload_id)
    told = {"Upload-Length": str(upload.size_bytes), "Upload-Metadata": tus.kept_metadata(upload)}
    return Response(headers=tus.standing(upload) | told)


@router.patch(
    "/{upload_id}",
    status_code=204,
    operation_id="go_on_with_upload",
    dependencies=TUS,
    openapi_extra=_body(tus.OFFSET_STREAM),
)
async def go_on(
    request: Request,
    rapport: RapportDep,
    actor: ActorDep,
    upload_id: UploadId,
    upload_offset: Size,
    upload_checksum: Checksum = None,
) -> Response:
    """The next bytes. With the last ones the recording is complete and is processed."""
    if request.headers.get("content-type") != tus.OFFSET_STREAM:
        raise NotForThisPath("unsupported_media_type")
    announced = _announced(request)
    upload = await run_in_threadpool(uploads.resume, rapport, actor, upload_id, upload_offset, announced)
    upload = await _receive(request, rapport, actor, upload, upload_checksum)
    return Response(status_code=204, headers=tus.standing(upload))


@router.delete("/{upload_id}", status_code=204, operation_id="cancel_upload", dependencies=TUS)
def cancel(rapport: RapportDep, actor: ActorDep, upload_id: UploadId) -> Response:
    """Ends an upload and erases what came."""
    uploads.cancel(rapport, actor, upload_id)
    return Response(status_code=204, headers={"Tus-Resumable": tus.VERSION})


@router.post(
    "/files/{meeting_id}",
    status_code=201,
    operation_id="upload_small_file",
    openapi_extra=_body("multipart/form-data"),
)
async def small_file(
    request: Request, rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId, track: Track = None
) -> UploadBody:
    """A recording of at most 50 MiB as a form with one file; it is processed at once."""
    size = min(require_small(_announced(request)), SMALL_BYTES)
    file = file_in_form(request.headers.get("content-type", ""), request.stream())
    upload = await run_in_threadpool(uploads.begin, rapport, actor, meeting_id, size, track)
    return UploadBody.model_validate(await receive_form(rapport, actor, upload, file))


@router.post(
    "/transcripts/{meeting_id}",
    status_code=204,
    operation_id="import_transcript",
    openapi_extra=_body("text/plain"),
)
async def transcript(
    request: Request, rapport: RapportDep, actor: ActorDep, meeting_id: MeetingId
) -> Response:
    """A transcript as JSON (rapport.transcript/1), WebVTT, SRT or text with names."""
    content = b"".join([chunk async for chunk in bounded(request.stream(), MOST_BYTES)])
    await run_in_threadpool(import_transcript, rapport, actor, meeting_id, content)
    return Response(status_code=204)


async def _receive(
    request: Request, rapport: RapportDep, actor: ActorDep, upload: uploads.Upload, header: str | None
) -> uploads.Upload:
    check = tus.checksum(header)
    if check is None:
        return await receive(rapport, actor, upload, request.stream())
    return await receive_checked(rapport, actor, upload, request.stream(), check)


def _announced(request: Request) -> int | None:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 16 else None
