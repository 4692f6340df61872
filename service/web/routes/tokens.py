"""API tokens of one's own."""

from __future__ import annotations

from fastapi import APIRouter

from service.usecases import tokens
from service.web.bodies.accounts import NewToken, TokenList, TokenMade, TokenView
from service.web.bodies.fields import IdPath
from service.web.deps import ActorDep, RapportDep

router = APIRouter(prefix="/api/v1/tokens", tags=["tokens"])


@router.post("", status_code=201, operation_id="make_token")
def make(rapport: RapportDep, actor: ActorDep, body: NewToken) -> TokenMade:
    """Makes a token for a script or bot; it is shown this once."""
    row, secret = tokens.make_token(rapport, actor, body.name, body.scopes, body.days)
    return TokenMade(**TokenView.model_validate(row).model_dump(), token=secret)


@router.get("", operation_id="list_tokens")
def listed(rapport: RapportDep, actor: ActorDep) -> TokenList:
    """One's own tokens."""
    return TokenList(items=[TokenView.model_validate(row) for row in tokens.list_tokens(rapport, actor)])


@router.delete("/{token_id}", status_code=204, operation_id="revoke_token")
def revoke(rapport: RapportDep, actor: ActorDep, token_id: IdPath) -> None:
    """Ends a token at once."""
    tokens.revoke_token(rapport, actor, token_id)
