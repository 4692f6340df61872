"""Who manages whom."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service.usecases import relations
from service.web.bodies.fields import IdPath
from service.web.bodies.people import NewRelation, RelationEnd, RelationList, RelationView
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1/relations", tags=["people"])


@router.get("", operation_id="list_relations")
def listed(
    rapport: RapportDep,
    actor: ActorDep,
    person: Annotated[str | None, Query(pattern="^[0-9a-f-]{36}$")] = None,
) -> RelationList:
    """Relations, of one person if given: an administrator sees all, others those about themselves."""
    found = relations.list_relations(rapport, actor, person)
    return RelationList(items=[RelationView.model_validate(row) for row in found])


@router.post("", status_code=201, operation_id="add_relation")
def add(rapport: RapportDep, actor: ActorDep, body: NewRelation) -> RelationView:
    """Says who manages whom from a day on. It opens no earlier meeting, and nobody does it for themselves."""
    return RelationView.model_validate(relations.add_relation(rapport, actor, **body.model_dump()))


@router.patch("/{relation_id}", operation_id="end_relation")
def end(rapport: RapportDep, actor: ActorDep, relation_id: IdPath, body: RelationEnd) -> RelationView:
    """Sets the last day of a relation."""
    return RelationView.model_validate(relations.end_relation(rapport, actor, relation_id, body.until_day))
