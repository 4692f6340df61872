"""Bodies of teams and departments."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from service.web.bodies.accounts import Body, View
from service.web.bodies.fields import Id, Name


class UnitView(View):
    """A team or department. `parent_id`: the unit that it is part of, null at the top."""

    id: str
    name: str
    parent_id: str | None
    retired_on: date | None


class UnitList(View):
    """Units."""

    items: list[UnitView]


class NewUnit(Body):
    """A unit to be."""

    name: Name
    parent_id: Id | None = None


class UnitChange(Body):
    """What changes; what is left out stays."""

    name: Name = ""
    parent_id: Id | None = None
    retired: bool = False


class Assignment(Body):
    """People of a unit."""

    people: Annotated[list[Id], Field(min_length=1, max_length=500)]
