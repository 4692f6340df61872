"""Pages for those who are not signed in: first start, sign in, a forgotten password, one-time links."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.usecases import answer_by_link, invitations, setup
from service.web.deps import CookiesDep, RapportDep, TriesDep
from service.web.pages.minutes_sheet import Sheet
from service.web.templating import render

router = APIRouter(include_in_schema=False)
MOST_LINK = 200


def local(address: str) -> str:
    """The address if it is a path of ours, else the start: nobody is sent to another site by signing in."""
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if is_ours and address.isprintable() else "/"


@router.get("/sign-in")
def sign_in(
    request: Request,
    rapport: RapportDep,
    next: Annotated[str, Query(max_length=2000)] = "/",  # noqa: A002 - what the address says
) -> Response:
    """The page to sign in; before there is any account, the page of the first start."""
    if setup.is_needed(rapport):
        return RedirectResponse("/setup", 303)
    by_provider = rapport.hosting.oidc_issuer is not None
    return render(request, "sign_in.html", visitor=None, go=local(next), by_provider=by_provider)


@router.get("/setup")
def first_start(request: Request, rapport: RapportDep) -> Response:
    """The first organisation and its administrator."""
    if not setup.is_needed(rapport):
        return RedirectResponse("/sign-in", 303)
    return render(request, "setup.html", visitor=None)


@router.get("/forgotten")
def forgotten(request: Request) -> Response:
    """Asks for a link to set a new password."""
    return render(request, "forgotten.html", visitor=None)


@router.get("/invitations/{secret}")
def by_link(
    request: Request, rapport: RapportDep, tries: TriesDep, cookies: CookiesDep, secret: str
) -> Response:
    """What a one-time link is for: a password, or minutes to answer. Looking does not use it up."""
    with tries.counted(request):
        invitation, actor = invitations.holder(rapport, secret[:MOST_LINK])
        request.state.language = actor.language
        if invitation.purpose == "answer":
            view = answer_by_link.view_by_link(rapport, secret)
            sheet, zone = Sheet(view, actor.language), view.meeting.time_zone
            page = "answer_by_link.html"
            return render(request, page, visitor=None, time_zone=zone, view=view, sheet=sheet, link=secret)
    return render(request, "set_password.html", visitor=None, link=secret, purpose=invitation.purpose)
