"""What people asked for about their data, as states."""

from __future__ import annotations

from fastapi import Response

from service.usecases import people
from service.usecases.privacy_requests import WAITING, privacy_requests
from service.web.deps import RapportDep
from service.web.pages.administration.desk import DeskDep, section

router = section("/requests")


@router.get("")
def listed(desk: DeskDep, rapport: RapportDep) -> Response:
    """Those that wait, then the others."""
    found = privacy_requests(rapport, desk.actor)
    ids = {one for asked in found for one in (asked.asked_by, asked.agreed_by) if one}
    return desk.page(
        "requests",
        "requests",
        waiting=[one for one in found if one.standing in WAITING],
        others=[one for one in found if one.standing not in WAITING],
        names=people.names_of(rapport, desk.actor, ids),
    )
