"""Who administers, and the frame with its sections that every page of the administration has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.actor import Actor
from service.web.pages.visitor import Visitor, VisitorDep

SECTIONS = (
    "organisation",
    "units",
    "people",
    "catalogue",
    "templates",
    "connections",
    "audit_log",
    "requests",
)
"""In the order of their navigation; the address of each is its name with hyphens."""


Words = Annotated[str, Query(max_length=100)]
After = Annotated[str | None, Query(max_length=3000)]
"""What a list gave for its next page."""


def section(address: str) -> APIRouter:
    """The routes of a section, at that address below the room's."""
    return APIRouter(prefix=f"/administration{address}", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of an administrator."""

    visitor: Visitor

    @property
    def actor(self) -> Actor:
        """On whose behalf use cases run."""
        return self.visitor.actor

    def page(self, section: str, template: str, **values: Any) -> HTMLResponse:  # noqa: ANN401 - as render
        """A page of a section; `template`: its name in page_templates/administration."""
        frame = {"section": section, "sections": SECTIONS}
        return self.visitor.page(f"administration/{template}.html", "administration", **frame, **values)


def desk(visitor: VisitorDep) -> Desk:
    """Raises NotAllowed for whoever is no administrator."""
    require_role(visitor.actor, Action.read, Thing.settings)
    return Desk(visitor)


DeskDep = Annotated[Desk, Depends(desk)]
