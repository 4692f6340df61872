"""What routes ask for: the parts of the service, who is asking, and which version an edit is for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request

from service.domain.account_errors import AccountRefused
from service.domain.errors import VersionChanged
from service.errors import NotSignedIn
from service.usecases.actor import Actor
from service.usecases.identify import Identity, by_session, by_token
from service.usecases.rapport import Rapport
from service.web.cookies import Cookies
from service.web.errors import CrossSite, VersionMissing
from service.web.guard import SAFE
from service.web.tries import Tries

CSRF_HEADER = "x-csrf-token"


# What only looks at the request is `async`: it would otherwise wait for a thread of those that work.
async def rapport(request: Request) -> Rapport:
    """The parts, as create_app was given them."""
    found: Rapport = request.app.state.rapport
    return found


async def cookies(request: Request) -> Cookies:
    """How the session cookie is read and written."""
    found: Cookies = request.app.state.cookies
    return found


async def tries(request: Request) -> Tries:
    """The limits on guessing."""
    found: Tries = request.app.state.tries
    return found


RapportDep = Annotated[Rapport, Depends(rapport)]
CookiesDep = Annotated[Cookies, Depends(cookies)]
TriesDep = Annotated[Tries, Depends(tries)]


def identity(request: Request, rapport: RapportDep, cookies: CookiesDep) -> Identity:
    """Who is asking, by API token or session cookie, and which row says so.

    Raises NotSignedIn; CrossSite for an unsafe request of a browser without the token of its page.
    """
    bearer = request.headers.get("authorization")
    secret = cookies.secret(request)
    if bearer is not None:
        found = _by_bearer(rapport, bearer)
        if request.method not in SAFE and found.actor.scopes == frozenset({"read"}):
            raise AccountRefused("not_by_token")
        return found
    if secret is None:
        raise NotSignedIn("not_signed_in")
    found = by_session(rapport, secret)
    request.state.language = found.actor.language
    if request.method not in SAFE and not cookies.is_page_token(secret, request.headers.get(CSRF_HEADER, "")):
        raise CrossSite("csrf")
    return found


def _by_bearer(rapport: Rapport, header: str) -> Identity:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn("not_signed_in")
    return by_token(rapport, token.strip())


IdentityDep = Annotated[Identity, Depends(identity)]


async def actor(identity: IdentityDep) -> Actor:
    """Who is asking. Raises as `identity`."""
    return identity.actor


ActorDep = Annotated[Actor, Depends(actor)]


async def revision(if_match: Annotated[str | None, Header(max_length=100)] = None) -> int:
    """The version in If-Match. Raises VersionMissing (428), VersionChanged (412) where it is none of ours."""
    if if_match is None:
        raise VersionMissing("version_missing")
    number = if_match.strip().removeprefix('"').removesuffix('"')
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise VersionChanged("version_changed")
    return int(number)


RevisionDep = Annotated[int, Depends(revision)]


async def seen(if_match: Annotated[str | None, Header(max_length=100)] = None) -> str | None:
    """The state in If-Match that a change is meant for; None where it does not say."""
    return if_match.strip().removeprefix('"').removesuffix('"') if if_match and if_match != "*" else None


SeenDep = Annotated[str | None, Depends(seen)]


def etag(number: int | str) -> str:
    """The ETag of that version."""
    return f'"{number}"'
