"""Action items of confirmed minutes: listed and followed up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.domain.follow_up import ItemStatus
from service.usecases import action_items
from service.usecases.action_items import PAGE_MOST, Filters, Order, Whose
from service.web.bodies.fields import Id, IdPath
from service.web.bodies.minutes import ActionItemChange, ActionItemList, ActionItemState
from service.web.deps import ActorDep, RapportDep, RevisionDep, etag

router = APIRouter(prefix="/api/v1/action-items", tags=["action items"])


@router.get("", operation_id="list_action_items")
def page(
    rapport: RapportDep,
    actor: ActorDep,
    whose: Whose = "mine",
    status: ItemStatus | None = None,
    outstanding: bool = False,
    due_by: date | None = None,
    owner: Annotated[Id | None, Query()] = None,
    order: Order = "newest",
    cursor: Annotated[Id | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
) -> ActionItemList:
    """Yours, those of others in your meetings, or both; newest first, or in order of their days.

    `outstanding`: only what is still to do; `due_by`: on that day or before; `owner`: a person's.
    """
    filters = Filters(whose, status, outstanding, due_by, owner)
    found = action_items.list_action_items(rapport, actor, filters, cursor, limit, order)
    return ActionItemList.of(found)


@router.patch("/{item_id}", operation_id="follow_up")
def follow_up(
    rapport: RapportDep,
    actor: ActorDep,
    item_id: IdPath,
    revision: RevisionDep,
    body: ActionItemChange,
    response: Response,
) -> ActionItemState:
    """Says what became of it."""
    row = action_items.set_status(rapport, actor, item_id, revision, body.status, body.due)
    response.headers["ETag"] = etag(row.revision)
    return ActionItemState.model_validate(row)
