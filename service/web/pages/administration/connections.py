"""What the operator set, which models are in use, and how mail and webhooks are getting on."""

from __future__ import annotations

from pathlib import PurePath

from fastapi import Response

from models.catalog import read_catalog
from service.domain.lifecycle import State
from service.hosting import CALLBACK
from service.usecases import connections
from service.web.deps import RapportDep
from service.web.pages.administration.desk import DeskDep, section

router = section("/connections")


@router.get("")
def overview(desk: DeskDep, rapport: RapportDep) -> Response:
    """All of it, to read; webhooks can be added and switched."""
    hosting = rapport.hosting
    return desk.page(
        "connections",
        "connections",
        hosting=hosting,
        callback=hosting.base_url + CALLBACK,
        models=[one for one in read_catalog().values() if one.default],
        draft_model=PurePath(hosting.draft_model).name if hosting.draft_model else None,
        mail=connections.mail_state(rapport, desk.actor),
        hooks=connections.webhook_states(rapport, desk.actor),
        events=[state for state in State if state is not State.planned],
    )
