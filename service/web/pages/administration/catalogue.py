"""The catalogue of development resources and the competencies: seen, exported, and a new one imported."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from service.export.plan_outline import WORDING
from service.jobs.shelf import Kind
from service.usecases import catalogue
from service.usecases.listings import FORMS
from service.web.bodies.catalogues import EntryList
from service.web.deps import RapportDep
from service.web.pages.administration.desk import DeskDep, Words, section

router = section("/catalogue")
PAGE = 50


@router.get("")
def entries(
    desk: DeskDep,
    rapport: RapportDep,
    kind: Kind = "resources",
    q: Words = "",
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """One of the two lists, by page, and how far it is ready for search."""
    found = catalogue.list_entries(rapport, desk.actor, kind, q, after, PAGE)
    return desk.page(
        "catalogue",
        "catalogue",
        kind=kind,
        q=q,
        standing=found.standing,
        items=EntryList.of(found).items,
        following=found.next,
        forms=FORMS[kind],
        words=WORDING.table,
    )


@router.get("/standing")
def standing(desk: DeskDep, rapport: RapportDep, kind: Kind = "resources") -> Response:
    """The part of that page that says how far it is; it asks anew until it is done."""
    found = catalogue.list_entries(rapport, desk.actor, kind, limit=1)
    return desk.page("catalogue", "catalogue_standing", kind=kind, standing=found.standing)
