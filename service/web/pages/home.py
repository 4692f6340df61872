"""The start: what waits for me, my people, search."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/")
def home(visitor: VisitorDep) -> Response:
    """What waits for the visitor."""
    return visitor.page("home.html", "home")
