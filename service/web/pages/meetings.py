"""The meetings of a person, and a new one: whom it is with, what it is about, who agreed to its recording."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Response

from models.schema import Kind
from service.domain.lifecycle import State
from service.usecases import people
from service.usecases.list_meetings import Filters, list_meetings
from service.usecases.my_people import my_people
from service.usecases.organisation import consent_terms
from service.usecases.templates import read_template
from service.web.bodies.fields import Id
from service.web.deps import RapportDep
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)

KINDS: tuple[Kind, ...] = get_args(Kind)
PAGE, MOST_FOUND = 20, 20
Search = Annotated[str, Query(max_length=100)]
Unset = Literal[""]
"""What a form sends for a choice that nobody made."""


@router.get("/meetings")
def meetings(
    visitor: VisitorDep,
    rapport: RapportDep,
    q: Search = "",
    kind: Kind | Unset = "",
    state: State | Unset = "",
    since: date | Unset = "",
    until: date | Unset = "",
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Newest first, searched by people, kind, state and days."""
    filters = Filters(state or None, kind or None, None, q, since or None, until or None)
    page = list_meetings(rapport, visitor.actor, filters, cursor, PAGE)
    return visitor.page(
        "meetings/list.html",
        "meetings",
        found=page,
        asked={"q": q, "kind": kind, "state": state, "since": since, "until": until},
        kinds=KINDS,
        states=[one for one in State if one is not State.uploaded],
        leads=bool(my_people(rapport, visitor.actor)),
    )


@router.get("/meetings/new")
def new_meeting(
    visitor: VisitorDep, rapport: RapportDep, with_: Annotated[Id | None, Query(alias="with")] = None
) -> Response:
    """One form: who, kind, day, consent."""
    chosen = [people.read_person(rapport, visitor.actor, with_)] if with_ else []
    mine = my_people(rapport, visitor.actor)
    return visitor.page(
        "meetings/new.html",
        "meetings",
        mine=mine,
        managed={one.person.id for one in mine},
        others=(),
        q="",
        chosen=chosen,
        kinds=KINDS,
        terms=consent_terms(rapport, visitor.actor),
        agenda=read_template(rapport, visitor.actor, KINDS[0], visitor.actor.language).template.agenda,
        today=visitor.today(rapport.database.clock()),
    )


@router.get("/meetings/new/people")
def find_people(visitor: VisitorDep, rapport: RapportDep, q: Search = "") -> Response:
    """Part of that page: whose name, alias or pinyin this is; one's own people first."""
    found, _ = people.list_people(rapport, visitor.actor, q, None, MOST_FOUND) if q.strip() else ((), None)
    mine = my_people(rapport, visitor.actor, q)
    known = {visitor.actor.person_id, *(one.person.id for one in mine)}
    return visitor.page(
        "meetings/found.html",
        "meetings",
        mine=mine,
        others=[one for one in found if one.id not in known],
        q=q.strip(),
    )


@router.get("/meetings/new/agenda")
def agenda(visitor: VisitorDep, rapport: RapportDep, kind: Kind) -> Response:
    """Part of that page: what can be talked about."""
    template = read_template(rapport, visitor.actor, kind, visitor.actor.language)
    return visitor.page("meetings/agenda.html", "meetings", agenda=template.template.agenda)
