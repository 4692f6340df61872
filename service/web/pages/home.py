"""The start: what waits for me, my people, search."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.usecases.action_items import Filters, ListedItem, Whose, list_action_items
from service.usecases.actor import Actor
from service.usecases.list_meetings import Filters as AllMeetings
from service.usecases.list_meetings import list_meetings
from service.usecases.rapport import Rapport
from service.usecases.search import search
from service.usecases.team import read_team
from service.usecases.what_waits import what_waits
from service.web.deps import RapportDep
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)

SOON = timedelta(days=7)
MOST_ITEMS = 5


@router.get("/")
def home(visitor: VisitorDep, rapport: RapportDep, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """What waits for the visitor, and whom they lead; on the first day the way to the first meeting."""
    words = q.strip()
    return visitor.page(
        "home.html",
        "home",
        q=words,
        found=search(rapport, visitor.actor, words) if words else None,
        waits=what_waits(rapport, visitor.actor),
        due={whose: _due(rapport, visitor.actor, whose) for whose in ("mine", "others")},
        team=read_team(rapport, visitor.actor),
        began=bool(list_meetings(rapport, visitor.actor, AllMeetings(), limit=1).items),
    )


def _due(rapport: Rapport, actor: Actor, whose: Whose) -> list[ListedItem]:
    """Action items that are due within a week, or were."""
    until = rapport.database.clock().date() + SOON
    filters = Filters(whose, outstanding=True, due_by=until)
    return list_action_items(rapport, actor, filters, limit=MOST_ITEMS, order="due").items
