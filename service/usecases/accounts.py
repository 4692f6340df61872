"""Accounts: an administrator opens and changes those of others; one's own password is one's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from service.db.tables import Account, ApiToken, CalendarFeed, Person
from service.db.unit_of_work import Work
from service.domain.account_errors import AccountConflict, AccountNotValid, SignInFailed
from service.domain.policy import Action, Thing
from service.errors import NotFound
from service.usecases.access import require_role
from service.usecases.account_rights import require_admin, require_session
from service.usecases.actor import Actor
from service.usecases.fingerprint import require_same
from service.usecases.identify import ROLES
from service.usecases.invitations import Purpose, invite, use
from service.usecases.passwords import check_new, hash_password, matches
from service.usecases.rapport import Rapport
from service.usecases.sign_in import begin_session, end_sessions, normal_email
from service.usecases.tell_changes import tell_administrators, tell_of_roles

Standing = Literal["active", "invited", "locked", "off"]
"""`invited`: never signed in; `locked`: after too many wrong passwords, for a while."""

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,250}")


def open_account(
    rapport: Rapport, actor: Actor, person_id: str, email: str, roles: Iterable[str] = ()
) -> Account:
    """An account without a password; the person gets a link to set one.

    Raises NotAllowed, NotFound, AccountNotValid, AccountConflict.
    """
    require_admin(actor, person_id)
    with rapport.database.write(actor.organisation_id) as work:
        person = work.one(Person, person_id, lock=True)
        account = add_account(work, person, email, roles)
        if account.roles != _roles(()):
            tell_administrators(work, account, actor.person_id)
        invite(rapport, work, person, "join")
        work.audit(actor.person_id, "open_account", "person", person.id, _codes(account))
    return account


def add_account(
    work: Work, person: Person, email: str, roles: Iterable[str] = (), password: str | None = None
) -> Account:
    """The account, in the caller's transaction. Raises AccountNotValid, AccountConflict."""
    address = checked_email(email)
    if password is not None:
        check_new(password, address, person.display_name)
    if work.session.scalar(select(Account.id).where(Account.person_id == person.id)):
        raise AccountConflict("account_exists")
    if work.session.scalar(select(Account.id).where(Account.email == address)):
        raise AccountConflict("email_taken")
    person.email = address
    account = Account(
        person_id=person.id,
        email=address,
        roles=_roles(roles),
        password_hash=hash_password(password) if password is not None else None,
        created_at=work.now,
        password_changed_at=work.now if password is not None else None,
    )
    account.organisation_id = person.organisation_id
    try:
        return work.add(account)
    except IntegrityError as error:  # somebody was faster
        raise AccountConflict("email_taken") from error


def change_account(
    rapport: Rapport,
    actor: Actor,
    person_id: str,
    roles: Iterable[str] | None = None,
    active: bool | None = None,
    seen: str | None = None,
) -> Account:
    """Gives or takes roles, switches on or off: at once, in open sessions too; not for oneself.

    `seen`: the fingerprint of the state that it is meant for. Raises NotAllowed, NotFound, VersionChanged.
    """
    require_admin(actor, person_id)
    with rapport.database.write(actor.organisation_id) as work:
        account = account_of(work, person_id)
        require_same(account, seen)
        if roles is not None and _roles(roles) != sorted(account.roles):
            account.roles = _roles(roles)
            tell_of_roles(work, account, actor.person_id)
        if active is not None:
            account.active = active
            if not active:
                end_sessions(work, account.id)
                revoke_tokens(work, account.id)
        work.audit(actor.person_id, "change_account", "person", person_id, _codes(account))
    return account


def read_account(rapport: Rapport, actor: Actor, person_id: str) -> Account:
    """The account of a person, for administrators. Raises NotAllowed, NotFound."""
    require_admin(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return account_of(work, person_id)


def accounts_of(
    rapport: Rapport, actor: Actor, person_ids: Collection[str]
) -> dict[str, tuple[Account, Standing]]:
    """Accounts by person and how one can sign in; whoever has none is missing. Raises NotAllowed."""
    require_role(actor, Action.read, Thing.accounts)
    with rapport.database.read(actor.organisation_id) as work:
        found = work.session.scalars(work.rows(Account).where(Account.person_id.in_(person_ids)))
        return {one.person_id: (one, _standing(one, work)) for one in found}


def _standing(account: Account, work: Work) -> Standing:
    if not account.active:
        return "off"
    if account.locked_until is not None and account.locked_until > work.now:
        return "locked"
    return "active" if account.password_hash or account.subject else "invited"


def change_password(rapport: Rapport, actor: Actor, current: str, new: str) -> str:
    """Ends all sessions; the secret of a new one. Raises AccountRefused, SignInFailed, AccountNotValid."""
    require_session(actor)
    with rapport.database.read(actor.organisation_id) as work:
        account = work.one(Account, str(actor.account_id))
        person = work.one(Person, actor.person_id)
    if not matches(current, account.password_hash):
        raise SignInFailed("wrong_sign_in")
    check_new(new, account.email, person.display_name)
    kept = hash_password(new)
    with rapport.database.write(actor.organisation_id) as work:
        return _set_password(work, work.one(Account, account.id, lock=True), kept)


def set_password_by_link(rapport: Rapport, secret: str, purpose: Purpose, password: str) -> str:
    """Uses up a link to join or to reset; the secret of a session. Raises NotFound, AccountNotValid."""
    kept = hash_password(password)
    with rapport.database.write() as work:
        invitation = use(work, secret, purpose)
        work.organisation_id = invitation.organisation_id
        account = account_of(work, invitation.person_id)
        check_new(password, account.email, work.one(Person, account.person_id).display_name)
        return _set_password(work, account, kept)


def account_of(work: Work, person_id: str) -> Account:
    """The account of a person, locked. Raises NotFound."""
    query = work.rows(Account).where(Account.person_id == person_id).with_for_update()
    account = work.session.scalar(query)
    if account is None:
        raise NotFound("not_found")
    return account


def checked_email(email: str) -> str:
    """The address in its kept form. Raises AccountNotValid."""
    address = normal_email(email)
    if not _EMAIL.fullmatch(address):
        raise AccountNotValid("bad_email")
    return address


def revoke_tokens(work: Work, account_id: str) -> None:
    """Ends all API tokens of an account and its calendar's address, in the caller's transaction."""
    work.session.execute(delete(CalendarFeed).where(CalendarFeed.account_id == account_id))
    open_ones = (ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    work.session.execute(update(ApiToken).where(*open_ones).values(revoked_at=work.now))


def _set_password(work: Work, account: Account, kept: str) -> str:
    account.password_hash, account.password_changed_at = kept, work.now
    account.failures, account.locked_until = 0, None
    end_sessions(work, account.id)
    work.audit(account.person_id, "set_password", "account", account.id)
    return begin_session(work, account)


def _roles(roles: Iterable[str]) -> list[str]:
    return sorted(({*roles} & ROLES) | {"member"})


def _codes(account: Account) -> dict[str, int]:
    return {role: int(role in account.roles) for role in ("admin", "hr")} | {"active": int(account.active)}
