"""The development catalogue and the competencies of the organisation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from service.jobs.shelf import Kind
from service.usecases import catalogue
from service.usecases.catalogue import MOST_BYTES
from service.web.bodies.catalogues import EntryList, Form, ImportChanges
from service.web.deps import ActorDep, RapportDep, SeenDep, etag
from service.web.incoming import bounded
from service.web.language import language_of

router = APIRouter(prefix="/api/v1/catalogues", tags=["catalogues"])

FILE = {"requestBody": {"content": {"text/plain": {"schema": {"type": "string", "format": "binary"}}}}}
FormQuery = Annotated[Form | None, Query(alias="format")]
MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl", "jsonld": "application/ld+json"}


@router.get("/{kind}", operation_id="list_catalogue")
def page(
    rapport: RapportDep,
    actor: ActorDep,
    response: Response,
    kind: Kind,
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EntryList:
    """Entries; `q`: part of an id, title, kind, skill or description."""
    found = catalogue.list_entries(rapport, actor, kind, q, after, limit)
    response.headers["ETag"] = etag(found.standing.sha256)
    return EntryList.of(found)


@router.get("/{kind}/export", operation_id="export_catalogue", response_class=Response)
def export(
    rapport: RapportDep, actor: ActorDep, kind: Kind, form: Annotated[Form, Query(alias="format")] = "csv"
) -> Response:
    """The whole list as a file that can be imported again; competencies as CSV only."""
    content = catalogue.export_list(rapport, actor, kind, form)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


@router.post("/{kind}/preview", operation_id="preview_catalogue", openapi_extra=FILE)
async def preview(
    request: Request,
    rapport: RapportDep,
    actor: ActorDep,
    response: Response,
    kind: Kind,
    form: FormQuery = None,
) -> ImportChanges:
    """What a file of at most 20 MiB (CSV, JSON Lines, schema.org Course) would change; nothing is changed.

    The ETag is what the import has to name in If-Match. `format`: told from the text if it is missing.
    """
    content = await _content(request)
    found = await run_in_threadpool(catalogue.preview_import, rapport, actor, kind, content, form)
    response.headers["ETag"] = etag(found.standing.sha256)
    return ImportChanges.of(found, language_of(request))


@router.put("/{kind}", operation_id="import_catalogue", openapi_extra=FILE)
async def put(
    request: Request, rapport: RapportDep, actor: ActorDep, seen: SeenDep, kind: Kind, form: FormQuery = None
) -> ImportChanges:
    """The file takes the place of the list, whole or not at all; a worker makes it ready for search."""
    content = await _content(request)
    found = await run_in_threadpool(catalogue.apply_import, rapport, actor, kind, content, seen, form)
    return ImportChanges.of(found, language_of(request))


@router.delete("/{kind}", status_code=204, operation_id="remove_catalogue")
def remove(rapport: RapportDep, actor: ActorDep, seen: SeenDep, kind: Kind) -> Response:
    """The organisation has the starter catalogue, or no competencies, again."""
    catalogue.remove_list(rapport, actor, kind, seen)
    return Response(status_code=204)


async def _content(request: Request) -> bytes:
    return b"".join([chunk async for chunk in bounded(request.stream(), MOST_BYTES)])
