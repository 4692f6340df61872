"""The first start."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.usecases import setup
from service.web.bodies.accounts import Setup, SetupNeeded, SignedIn
from service.web.deps import CookiesDep, RapportDep, TriesDep

router = APIRouter(prefix="/api/v1/setup", tags=["setup"])


@router.get("", operation_id="is_setup_needed")
def needed(rapport: RapportDep) -> SetupNeeded:
    """Whether the service waits for its first administrator."""
    return SetupNeeded(needed=setup.is_needed(rapport))


@router.post("", status_code=201, operation_id="set_up")
def set_up(
    request: Request,
    response: Response,
    rapport: RapportDep,
    cookies: CookiesDep,
    tries: TriesDep,
    body: Setup,
) -> SignedIn:
    """Makes the first organisation and its administrator, and signs them in. Only while no account exists."""
    first = setup.FirstAdministrator(**body.model_dump(exclude={"code"}))
    with tries.counted(request):
        secret = setup.set_up(rapport, body.code, first)
    cookies.keep(response, secret)
    return SignedIn(csrf=cookies.page_token(secret))
