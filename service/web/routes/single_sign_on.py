"""Signing in by the organisation's own provider (OpenID Connect)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from service.domain.account_errors import SignInFailed
from service.usecases.sign_in_by_provider import sign_in_by_provider
from service.web.deps import CookiesDep, RapportDep, TriesDep

if TYPE_CHECKING:
    from service.outgoing.single_sign_on import SingleSignOn

router = APIRouter(prefix="/api/v1/single-sign-on", tags=["sessions"])


def provider(rapport: RapportDep) -> Iterator[SingleSignOn]:
    """The provider. Raises AccountNotValid where the operator set none."""
    # Its libraries take half a second that a start without single sign-on need not wait for.
    from service.outgoing.single_sign_on import SingleSignOn  # noqa: PLC0415

    with closing(SingleSignOn(rapport.hosting)) as found:
        yield found


ProviderDep = Annotated["SingleSignOn", Depends(provider)]


@router.get("", status_code=303, response_class=RedirectResponse, operation_id="begin_single_sign_on")
def begin(request: Request, cookies: CookiesDep, tries: TriesDep, provider: ProviderDep) -> RedirectResponse:
    """Sends the browser to the provider."""
    with tries.counted(request):
        address, remembered = provider.begin()
    answer = RedirectResponse(address, 303)
    cookies.remember(answer, remembered)
    return answer


@router.get(
    "/callback", status_code=303, response_class=RedirectResponse, operation_id="finish_single_sign_on"
)
def finish(
    request: Request, rapport: RapportDep, cookies: CookiesDep, tries: TriesDep, provider: ProviderDep
) -> RedirectResponse:
    """Where the provider sends the browser back to; signs in the account of that person."""
    with tries.counted(request):
        remembered = cookies.remembered(request)
        if remembered is None:
            raise SignInFailed("sso_failed")
        claims = provider.claims(remembered, request.query_params)
        secret = sign_in_by_provider(rapport, claims, cookies.secret(request))
    answer = RedirectResponse("/", 303)
    cookies.forget(answer)
    cookies.keep(answer, secret)
    return answer
