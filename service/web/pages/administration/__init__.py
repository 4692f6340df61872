"""The administration: one room with its sections, for administrators alone. It opens no content."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from service.web.pages.administration import (
    audit_log,
    catalogue,
    connections,
    organisation,
    people,
    requests,
    templates,
    units,
)
from service.web.pages.administration.desk import DeskDep, section

start = section("")


@start.get("")
def begin(desk: DeskDep) -> RedirectResponse:
    """The first section."""
    return RedirectResponse("/administration/organisation", 303)


ROUTERS: tuple[APIRouter, ...] = (
    start,
    *(
        one.router
        for one in (organisation, units, people, catalogue, templates, connections, audit_log, requests)
    ),
)
