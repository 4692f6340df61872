"""Confirmed minutes: read, answered, corrected, compared with the version before, taken along."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Query, Response

from models.schema import Recurrence
from service.usecases import view_minutes
from service.web.bodies.fields import IdPath
from service.web.deps import RapportDep
from service.web.pages.minutes_sheet import Sheet
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/meetings/{meeting_id}/minutes")
def minutes(
    visitor: VisitorDep,
    rapport: RapportDep,
    meeting_id: IdPath,
    version: Annotated[int | None, Query(ge=1, le=100_000)] = None,
) -> Response:
    """That version, or the newest."""
    view = view_minutes.view_minutes(rapport, visitor.actor, meeting_id, version)
    sheet = Sheet(view, visitor.actor.language)
    return visitor.page("minutes/page.html", "meetings", view=view, sheet=sheet, link=None)


@router.get("/meetings/{meeting_id}/minutes/correction")
def correction(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """The newest version as a form, for the manager of the meeting."""
    view = view_minutes.view_to_correct(rapport, visitor.actor, meeting_id)
    sheet = Sheet(view, visitor.actor.language)
    choices = {"recurrences": get_args(Recurrence)}
    return visitor.page("minutes/correction.html", "meetings", view=view, sheet=sheet, **choices)
