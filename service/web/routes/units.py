"""Teams and departments."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.usecases import units
from service.usecases.fingerprint import fingerprint
from service.web.bodies.fields import IdPath
from service.web.bodies.units import Assignment, NewUnit, UnitChange, UnitList, UnitView
from service.web.deps import ActorDep, RapportDep, SeenDep, etag

router = APIRouter(prefix="/api/v1/units", tags=["people"])


@router.get("", operation_id="list_units")
def listed(rapport: RapportDep, actor: ActorDep) -> UnitList:
    """All units in order of their names, retired ones too."""
    found = units.list_units(rapport, actor)
    return UnitList(items=[UnitView.model_validate(unit) for unit in found])


@router.post("", status_code=201, operation_id="add_unit")
def add(rapport: RapportDep, actor: ActorDep, body: NewUnit) -> UnitView:
    """Adds a unit, for administrators."""
    return UnitView.model_validate(units.add_unit(rapport, actor, body.name, body.parent_id))


@router.get("/{unit_id}", operation_id="read_unit")
def one(rapport: RapportDep, actor: ActorDep, response: Response, unit_id: IdPath) -> UnitView:
    """One unit."""
    unit = units.read_unit(rapport, actor, unit_id)
    response.headers["ETag"] = etag(fingerprint(unit))
    return UnitView.model_validate(unit)


@router.patch("/{unit_id}", operation_id="change_unit")
def change(
    rapport: RapportDep, actor: ActorDep, seen: SeenDep, response: Response, unit_id: IdPath, body: UnitChange
) -> UnitView:
    """Renames, moves, retires or takes back; a unit with people or units in it is not retired."""
    values = body.model_dump(exclude_unset=True)
    unit = units.change_unit(rapport, actor, unit_id, values, seen)
    response.headers["ETag"] = etag(fingerprint(unit))
    return UnitView.model_validate(unit)


@router.post("/{unit_id}/people", status_code=204, operation_id="assign_people")
def assign(rapport: RapportDep, actor: ActorDep, unit_id: IdPath, body: Assignment) -> None:
    """These people belong to this unit from now on."""
    units.assign_people(rapport, actor, unit_id, body.people)
