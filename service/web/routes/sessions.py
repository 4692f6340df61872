"""Signing in and out, passwords."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, Request, Response

from service.usecases import accounts, invitations, sign_in
from service.usecases.account_rights import require_session
from service.web.bodies.accounts import (
    PasswordByLink,
    PasswordChange,
    PasswordForgotten,
    SessionList,
    SessionView,
    SignedIn,
    SignIn,
)
from service.web.bodies.fields import IdPath
from service.web.deps import CookiesDep, IdentityDep, RapportDep, TriesDep

router = APIRouter(prefix="/api/v1", tags=["sessions"])


@router.post("/session", operation_id="sign_in")
def begin(
    request: Request,
    response: Response,
    rapport: RapportDep,
    cookies: CookiesDep,
    tries: TriesDep,
    body: SignIn,
) -> SignedIn:
    """Signs in with a password. A session that the browser had ends."""
    with tries.counted(request, body.email):
        secret = sign_in.sign_in(rapport, body.email, body.password, cookies.secret(request))
    cookies.keep(response, secret)
    return SignedIn(csrf=cookies.page_token(secret))


@router.delete("/session", status_code=204, operation_id="sign_out")
def end(rapport: RapportDep, identity: IdentityDep, cookies: CookiesDep, response: Response) -> None:
    """Signs this browser out."""
    require_session(identity.actor)
    sign_in.sign_out(rapport, identity.actor, identity.row_id)
    cookies.drop(response)


@router.get("/sessions", operation_id="list_sessions")
def sessions(rapport: RapportDep, identity: IdentityDep) -> SessionList:
    """One's own open sessions."""
    require_session(identity.actor)
    found = [SessionView.model_validate(row) for row in sign_in.list_sessions(rapport, identity.actor)]
    return SessionList(items=[row.model_copy(update={"current": row.id == identity.row_id}) for row in found])


@router.delete("/sessions", status_code=204, operation_id="sign_out_everywhere")
def end_all(
    rapport: RapportDep,
    identity: IdentityDep,
    cookies: CookiesDep,
    response: Response,
    others: bool = False,
) -> None:
    """Signs all one's browsers out, this one too; `others`: all but this one."""
    require_session(identity.actor)
    sign_in.sign_out_everywhere(rapport, identity.actor, identity.row_id if others else None)
    if not others:
        cookies.drop(response)


@router.delete("/sessions/{session_id}", status_code=204, operation_id="sign_out_other")
def end_one(rapport: RapportDep, identity: IdentityDep, session_id: IdPath) -> None:
    """Signs one of one's browsers out."""
    require_session(identity.actor)
    sign_in.sign_out(rapport, identity.actor, session_id)


@router.put("/me/password", operation_id="change_password")
def change(
    request: Request,
    response: Response,
    rapport: RapportDep,
    identity: IdentityDep,
    cookies: CookiesDep,
    tries: TriesDep,
    body: PasswordChange,
) -> SignedIn:
    """Changes one's password; all other sessions end."""
    with tries.counted(request, identity.actor.person_id):
        secret = accounts.change_password(rapport, identity.actor, body.current, body.new)
    cookies.keep(response, secret)
    return SignedIn(csrf=cookies.page_token(secret))


@router.post("/password", operation_id="set_password_by_link")
def by_link(
    request: Request,
    response: Response,
    rapport: RapportDep,
    cookies: CookiesDep,
    tries: TriesDep,
    body: PasswordByLink,
) -> SignedIn:
    """Sets a password with the one-time link of a mail, and signs in. All other sessions end."""
    with tries.counted(request):
        secret = accounts.set_password_by_link(rapport, body.secret, body.purpose, body.password)
    cookies.keep(response, secret)
    return SignedIn(csrf=cookies.page_token(secret))


@router.post(
    "/password/forgotten", status_code=202, operation_id="ask_for_password_link", response_class=Response
)
def forgotten(
    request: Request, rapport: RapportDep, tries: TriesDep, later: BackgroundTasks, body: PasswordForgotten
) -> Response:
    """Sends a link if an account has this address; the answer, and how long it takes, do not say whether."""
    with tries.counted(request):
        later.add_task(invitations.reset_password, rapport, body.email)
    return Response(status_code=202, background=later)
