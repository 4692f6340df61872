"""API tokens for scripts and bots: shown once, kept as SHA-256, with scopes, an end, and a way to revoke."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

from service.db.tables import ApiToken
from service.domain.account_errors import AccountConflict, AccountNotValid
from service.errors import NotFound
from service.usecases.access import SCOPES
from service.usecases.account_rights import require_session
from service.usecases.actor import Actor
from service.usecases.identify import digest
from service.usecases.rapport import Rapport

PREFIX = "rapport_"
"""So that scanners of source code find one that leaked."""

SECRET_BYTES = 32
MOST = 20
MOST_DAYS = 365


def make_token(
    rapport: Rapport, actor: Actor, name: str, scopes: Collection[str], days: int
) -> tuple[ApiToken, str]:
    """The row and the token itself, which nobody can be shown again. `days`: 1 to 365.

    Raises AccountRefused to a token (it makes no other), AccountNotValid, AccountConflict.
    """
    require_session(actor)
    if not scopes or not set(scopes) <= set(SCOPES) or not 1 <= days <= MOST_DAYS:
        raise AccountNotValid("bad_setting", field="days", least=1, most=MOST_DAYS)
    if "admin" in scopes and "admin" not in actor.roles:
        raise AccountNotValid("admin_scope")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    with rapport.database.write(actor.organisation_id) as work:
        mine = work.rows(ApiToken).where(ApiToken.account_id == actor.account_id)
        valid = mine.where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > work.now)
        if len(work.session.scalars(valid).all()) >= MOST:
            raise AccountConflict("too_many_tokens", most=MOST)
        row = ApiToken(
            account_id=actor.account_id,
            name=name,
            digest=digest(secret),
            scopes=[scope for scope in SCOPES if scope in scopes],
            created_at=work.now,
            expires_at=work.now + timedelta(days=days),
        )
        work.add(row)
        work.audit(actor.person_id, "make_token", "api_token", row.id, dict.fromkeys(row.scopes, 1))
    return row, secret


def list_tokens(rapport: Rapport, actor: Actor) -> list[ApiToken]:
    """One's own tokens that were not revoked, the newest first."""
    require_session(actor)
    with rapport.database.read(actor.organisation_id) as work:
        mine = work.rows(ApiToken).where(
            ApiToken.account_id == actor.account_id, ApiToken.revoked_at.is_(None)
        )
        return list(work.session.scalars(mine.order_by(ApiToken.id.desc())))


def revoke_token(rapport: Rapport, actor: Actor, token_id: str) -> None:
    """Ends a token of one's own at once. Raises NotFound, AccountRefused."""
    require_session(actor)
    with rapport.database.write(actor.organisation_id) as work:
        row = work.one(ApiToken, token_id)
        if row.account_id != actor.account_id or row.revoked_at is not None:
            raise NotFound("not_found")
        row.revoked_at = work.now
        work.audit(actor.person_id, "revoke_token", "api_token", row.id)
