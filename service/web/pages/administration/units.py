"""The tree of units, and one unit with the people in it."""

from __future__ import annotations

from fastapi import Response

from service.usecases import people, units
from service.usecases.fingerprint import fingerprint
from service.web.bodies.fields import IdPath
from service.web.deps import RapportDep
from service.web.pages.administration.desk import After, DeskDep, section

router = section("/units")
PAGE = 50


@router.get("")
def tree(desk: DeskDep, rapport: RapportDep) -> Response:
    """All units, the retired ones apart."""
    return desk.page("units", "units", tree=units.tree(rapport, desk.actor))


@router.get("/{unit_id}")
def one(desk: DeskDep, rapport: RapportDep, unit_id: IdPath, after: After = None) -> Response:
    """One unit: its name, its place, its people."""
    unit = units.read_unit(rapport, desk.actor, unit_id)
    found, following = people.list_people(rapport, desk.actor, "", after, PAGE, unit_id)
    places = units.places(rapport, desk.actor)
    below = {inner.unit.id for place in places if place.unit.id == unit_id for inner in place.all()}
    return desk.page(
        "units",
        "unit",
        unit=unit,
        seen=fingerprint(unit),
        places=[place for place in places if place.unit.id not in below],
        found=found,
        following=following,
    )
