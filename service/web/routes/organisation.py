"""The organisation and its settings."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.usecases import organisation
from service.usecases.fingerprint import fingerprint
from service.web.bodies.people import OrganisationChange, OrganisationView
from service.web.deps import ActorDep, RapportDep, SeenDep, etag

router = APIRouter(prefix="/api/v1/organisation", tags=["organisation"])


@router.get("", operation_id="read_organisation")
def read(rapport: RapportDep, actor: ActorDep, response: Response) -> OrganisationView:
    """One's own organisation: how long things are kept and who may read what is no secret in it."""
    row = organisation.read_organisation(rapport, actor)
    response.headers["ETag"] = etag(fingerprint(row))
    return OrganisationView.of(row, rapport.hosting.model_host)


@router.patch("", operation_id="change_organisation")
def change(
    rapport: RapportDep, actor: ActorDep, seen: SeenDep, response: Response, body: OrganisationChange
) -> OrganisationView:
    """Changes what is given. No setting opens what was there before it."""
    values = body.model_dump(exclude_unset=True)
    row = organisation.change_organisation(rapport, actor, values, seen)
    response.headers["ETag"] = etag(fingerprint(row))
    return OrganisationView.of(row, rapport.hosting.model_host)
