"""Signing in and out. A session is a random secret in a cookie; the database keeps only its SHA-256."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from service.db.tables import Account, Person, Session
from service.db.unit_of_work import Work
from service.domain.account_errors import SignInFailed, TooManyTries
from service.errors import NotFound
from service.usecases.actor import Actor
from service.usecases.identify import IDLE, LONGEST, digest, may_sign_in
from service.usecases.passwords import hash_password, is_outdated, matches
from service.usecases.rapport import Rapport

SECRET_BYTES = 32
FAILURES = 10
LOCKED = timedelta(minutes=15)


def sign_in(rapport: Rapport, email: str, password: str, old_secret: str | None = None) -> str:
    """The secret of a new session; one that the browser had before ends (`old_secret`).

    Raises SignInFailed, whether or not the address is known; TooManyTries after ten wrong passwords in a row.
    """
    with rapport.database.read() as work:
        found = work.session.scalar(select(Account).where(Account.email == normal_email(email)))
    # Outside of any transaction: it takes a while, and no one else should wait for it.
    right = matches(password, found.password_hash if found else None)
    if found is None:
        raise SignInFailed("wrong_sign_in")
    renewed = hash_password(password) if right and is_outdated(found.password_hash or "") else None
    with rapport.database.write(found.organisation_id) as work:
        account = work.one(Account, found.id, lock=True)
        person = work.one(Person, account.person_id)
        locked_s = _locked_s(account, work)
        secret = None
        if not locked_s and right and may_sign_in(account, person, work):
            account.failures, account.locked_until = 0, None
            account.password_hash = renewed or account.password_hash
            secret = begin_session(work, account, old_secret)
        elif not locked_s and not right:
            _count_failure(work, account)
    if locked_s:
        raise TooManyTries("too_many_tries", seconds=locked_s)
    if secret is None:
        raise SignInFailed("wrong_sign_in")
    return secret


def begin_session(work: Work, account: Account, old_secret: str | None = None) -> str:
    """A session of that account, in the caller's transaction; the secret for the cookie."""
    _forget_old(work, account, old_secret)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = Session(
        account_id=account.id,
        digest=digest(secret),
        created_at=work.now,
        seen_at=work.now,
        expires_at=work.now + LONGEST,
    )
    row.organisation_id = account.organisation_id
    work.add(row)
    work.audit(account.person_id, "sign_in", "account", account.id, organisation_id=account.organisation_id)
    return secret


def sign_out(rapport: Rapport, actor: Actor, session_id: str) -> None:
    """Ends one session of one's own. Raises NotFound."""
    with rapport.database.write(actor.organisation_id) as work:
        row = work.one(Session, session_id)
        if row.account_id != actor.account_id:
            raise NotFound("not_found")
        work.session.delete(row)
        work.audit(actor.person_id, "sign_out", "account", row.account_id)


def sign_out_everywhere(rapport: Rapport, actor: Actor, but: str | None = None) -> None:
    """Ends all sessions of one's own; `but`: the id of one that stays."""
    with rapport.database.write(actor.organisation_id) as work:
        end_sessions(work, str(actor.account_id), but)
        work.audit(actor.person_id, "sign_out_everywhere", "account", str(actor.account_id))


def end_sessions(work: Work, account_id: str, but: str | None = None) -> None:
    """Ends all sessions of an account, in the caller's transaction; `but`: the id of one that stays."""
    theirs = delete(Session).where(Session.account_id == account_id)
    work.session.execute(theirs if but is None else theirs.where(Session.id != but))


def list_sessions(rapport: Rapport, actor: Actor) -> list[Session]:
    """One's own open sessions, the newest first."""
    with rapport.database.read(actor.organisation_id) as work:
        mine = work.rows(Session).where(
            Session.account_id == actor.account_id,
            Session.expires_at > work.now,
            Session.seen_at > work.now - IDLE,
        )
        return list(work.session.scalars(mine.order_by(Session.created_at.desc(), Session.id)))


def normal_email(email: str) -> str:
    """The form in which addresses are kept and compared."""
    return email.strip().lower()


def _locked_s(account: Account, work: Work) -> int:
    """Seconds until the account may be tried again; 0: now."""
    if account.locked_until is None or account.locked_until <= work.now:
        return 0
    return max(1, round((account.locked_until - work.now).total_seconds()))


def _count_failure(work: Work, account: Account) -> None:
    account.failures += 1
    if account.failures >= FAILURES:
        account.failures, account.locked_until = 0, work.now + LOCKED
        work.audit("machine", "lock", "account", account.id)


def _forget_old(work: Work, account: Account, secret: str | None) -> None:
    """The session that the browser had, whoever's it was, and those of this account that are over."""
    work.session.execute(
        delete(Session).where(Session.account_id == account.id, Session.expires_at <= work.now)
    )
    if secret is not None:
        work.session.execute(delete(Session).where(Session.digest == digest(secret)))
