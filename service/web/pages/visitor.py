"""Who looks at a page, and the frame that every page of theirs has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from service.usecases import people
from service.usecases.actor import Actor
from service.web.deps import ActorDep, CookiesDep, RapportDep
from service.web.templating import render

ROOMS = ("home", "meetings", "action_items", "team")


@dataclass(frozen=True, slots=True)
class Visitor:
    """`csrf`: what this session's scripts send with every change."""

    request: Request
    actor: Actor
    name: str
    time_zone: str
    csrf: str

    def today(self, now: datetime) -> date:
        """The day that it is where this person is."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def page(self, template: str, here: str, **values: Any) -> HTMLResponse:  # noqa: ANN401 - as render
        """A page in the frame of this person; `here`: the room that the navigation marks."""
        rooms = [*ROOMS, *(["hr"] if "hr" in self.actor.roles else [])]
        rooms += ["administration"] if "admin" in self.actor.roles else []
        return render(
            self.request,
            template,
            time_zone=self.time_zone,
            visitor=self,
            here=here,
            rooms=rooms,
            **values,
        )


def visitor(request: Request, rapport: RapportDep, actor: ActorDep, cookies: CookiesDep) -> Visitor:
    """Raises NotSignedIn, which a browser is shown the way to sign in for."""
    person, _ = people.read_oneself(rapport, actor)
    csrf = cookies.page_token(cookies.secret(request) or "")
    return Visitor(request, actor, person.display_name, person.time_zone or "UTC", csrf)


VisitorDep = Annotated[Visitor, Depends(visitor)]
