"""Action items over all meetings: one's own promises first, then those of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from service.domain.follow_up import STATUS_CHANGES, ItemStatus
from service.usecases.action_items import Filters, Whose, list_action_items, owners
from service.web.bodies.fields import Id
from service.web.deps import RapportDep
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)

State = Literal["outstanding", "done", "all"]
Due = Literal["any", "late", "week", "month"]
STATES: tuple[State, ...] = ("outstanding", "done", "all")
DUES: dict[Due, int | None] = {"any": None, "late": -1, "week": 7, "month": 30}
"""Days from today; what is late was due until yesterday."""

_ORDER = (ItemStatus.done, ItemStatus.in_work, ItemStatus.open, ItemStatus.dropped, ItemStatus.moved)
WAYS = {str(status): [one for one in _ORDER if one in STATUS_CHANGES[status]] for status in ItemStatus}
"""What can become of an item, by its status, the likely way first."""


@router.get("/action-items")
def action_items(
    visitor: VisitorDep,
    rapport: RapportDep,
    state: State = "outstanding",
    due: Due = "any",
    person: Annotated[Id | Literal[""], Query()] = "",
    mine: Annotated[Id | None, Query()] = None,
    others: Annotated[Id | None, Query()] = None,
) -> Response:
    """Those of the visitor and of others in meetings that they may read; `mine`, `others`: where to go on."""
    today = visitor.today(rapport.database.clock())
    chosen = _filters(state, due, person or None, today)
    places: dict[Whose, str | None] = {"mine": mine, "others": others}
    pages = {
        whose: list_action_items(rapport, visitor.actor, replace(chosen, whose=whose), cursor, order="due")
        for whose, cursor in places.items()
    }
    query = {"state": state, "due": due, "person": person}
    return visitor.page(
        "action_items.html",
        "action_items",
        pages=pages,
        query=query,
        address=visitor.request.url.query,
        states=STATES,
        dues=list(DUES),
        people=owners(rapport, visitor.actor),
        today=today,
        ways=WAYS,
    )


def _filters(state: State, due: Due, person: str | None, today: date) -> Filters:
    days = DUES[due]
    return Filters(
        status=ItemStatus.done if state == "done" else None,
        outstanding=state == "outstanding",
        due_by=None if days is None else today + timedelta(days=days),
        owner_id=person,
    )
