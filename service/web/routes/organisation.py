"""The organisation and its settings."""

from __future__ import annotations

from fastapi import APIRouter

from service.usecases import organisation
from service.web.bodies.people import OrganisationChange, OrganisationView
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1/organisation", tags=["organisation"])


@router.get("", operation_id="read_organisation")
def read(rapport: RapportDep, actor: ActorDep) -> OrganisationView:
    """One's own organisation: how long things are kept and who may read what is no secret in it."""
    return OrganisationView.of(organisation.read_organisation(rapport, actor))


@router.patch("", operation_id="change_organisation")
def change(rapport: RapportDep, actor: ActorDep, body: OrganisationChange) -> OrganisationView:
    """Changes what is given. No setting opens what was there before it."""
    values = body.model_dump(exclude_unset=True)
    return OrganisationView.of(organisation.change_organisation(rapport, actor, values))
