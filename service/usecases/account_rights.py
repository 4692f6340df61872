"""Who may touch accounts and people: members read names, administrators change the others."""

from __future__ import annotations

from service.domain.account_errors import AccountRefused
from service.domain.errors import NotAllowed
from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.actor import Actor


def require_member(actor: Actor) -> None:
    """Raises NotAllowed for a one-time link and for a token that may not read."""
    if actor.via == "link" or (actor.scopes is not None and "read" not in actor.scopes):
        raise NotAllowed("not_allowed", action=Action.read, thing=Thing.accounts)


def require_session(actor: Actor) -> None:
    """Raises AccountRefused unless the person is there in a browser: no token makes or unmakes a sign-in."""
    if actor.via != "session" or actor.account_id is None:
        raise AccountRefused("not_by_token")


def require_admin(actor: Actor, *about: str) -> None:
    """For accounts, people and who manages whom. Raises as access.require_role."""
    require_role(actor, Action.manage_accounts, Thing.accounts, *about)
