"""What routes ask for: the parts of the service, who is asking, and which version an edit is for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request

from service.domain.errors import VersionChanged
from service.errors import NotSignedIn
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport
from service.web.errors import VersionMissing


def rapport(request: Request) -> Rapport:
    """The parts, as create_app was given them."""
    found: Rapport = request.app.state.rapport
    return found


RapportDep = Annotated[Rapport, Depends(rapport)]


def actor(request: Request, rapport: RapportDep) -> Actor:
    """Who is asking, by session cookie or API token. Raises NotSignedIn, CrossSite."""
    raise NotSignedIn("not_signed_in")


ActorDep = Annotated[Actor, Depends(actor)]


def revision(if_match: Annotated[str | None, Header(max_length=100)] = None) -> int:
    """The version in If-Match. Raises VersionMissing (428), VersionChanged (412) where it is none of ours."""
    if if_match is None:
        raise VersionMissing("version_missing")
    number = if_match.strip().removeprefix('"').removesuffix('"')
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise VersionChanged("version_changed")
    return int(number)


RevisionDep = Annotated[int, Depends(revision)]


def etag(number: int) -> str:
    """The ETag of that version."""
    return f'"{number}"'
