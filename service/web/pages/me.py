"""Everybody's own pages: account, development plan, and what is stored about oneself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.usecases import calendar_feed, people, sign_in, tokens
from service.usecases.access import SCOPES
from service.usecases.development_plan import read_plan
from service.usecases.my_privacy import my_privacy
from service.usecases.who_looked import what_exists, who_looked
from service.web.bodies.fields import Id
from service.web.deps import IdentityDep, RapportDep
from service.web.pages.action_items import WAYS
from service.web.pages.choices import time_zones
from service.web.pages.own_plan import OwnPlan
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/me")
def me(visitor: VisitorDep, rapport: RapportDep, identity: IdentityDep) -> Response:
    """Name, language, password, browsers, tokens, calendar."""
    person, account = people.read_oneself(rapport, visitor.actor)
    return visitor.page(
        "me.html",
        "me",
        person=person,
        has_password=account is not None and account.password_hash is not None,
        sessions=sign_in.list_sessions(rapport, visitor.actor),
        current=identity.row_id,
        tokens=tokens.list_tokens(rapport, visitor.actor),
        scopes=[one for one in SCOPES if one != "admin" or "admin" in visitor.actor.roles],
        feed=calendar_feed.find_feed(rapport, visitor.actor),
        zones=time_zones(),
    )


@router.get("/me/plan")
def plan(visitor: VisitorDep, rapport: RapportDep) -> Response:
    """One's own development plan over all confirmed minutes."""
    found = read_plan(rapport, visitor.actor, visitor.actor.person_id)
    today = visitor.today(rapport.database.clock())
    return visitor.page("me/plan.html", "me", plan=OwnPlan(found), today=today, ways=WAYS)


@router.get("/me/privacy")
def privacy(
    visitor: VisitorDep,
    rapport: RapportDep,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    looks: Annotated[Id | None, Query()] = None,
) -> Response:
    """What is stored about oneself and until when, and who looked at it; `looks`: where to go on."""
    found = my_privacy(rapport, visitor.actor, page)
    seen, following = who_looked(rapport, visitor.actor, looks)
    days = {one.meeting_id: one.held_on for one in what_exists(rapport, visitor.actor)}
    given = {"privacy": found, "page": page, "looks": seen, "next_looks": following, "days": days}
    return visitor.page("me/privacy.html", "me", **given)
