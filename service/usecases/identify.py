"""Who is behind a session or an API token, looked up at every request: a change of rights counts at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Select, select, update

from service.db.tables import Account, ApiToken, CalendarFeed, Person, Session
from service.db.unit_of_work import Work
from service.domain.account_errors import SignInFailed
from service.errors import NotFound
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is noted: not every request writes."""

ROLES = frozenset({"admin", "hr", "member"})


@dataclass(frozen=True, slots=True)
class Identity:
    """The actor, and the row of the session or token that showed it."""

    actor: Actor
    row_id: str


def digest(secret: str) -> str:
    """What is kept of a secret of at least 128 random bits: SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_session(rapport: Rapport, secret: str) -> Identity:
    """The person in that browser. Raises SignInFailed when the session is over."""
    with rapport.database.read() as work:
        found = _find(work, Session, secret)
        if found is None or not _lasts(found[0], work):
            raise SignInFailed("session_over")
        row, account, person = found
        stale = row.seen_at + SEEN_EVERY < work.now
    if stale:
        _note_use(rapport, row, "seen_at")
    return Identity(actor_of(account, person), row.id)


def by_token(rapport: Rapport, secret: str) -> Identity:
    """The person whose script this is. Without the scope admin an administrator is a member like any other.

    Raises SignInFailed.
    """
    with rapport.database.read() as work:
        found = _find(work, ApiToken, secret)
        if found is None or found[0].revoked_at is not None or found[0].expires_at <= work.now:
            raise SignInFailed("token_refused")
        row, account, person = found
        stale = row.used_at is None or row.used_at + SEEN_EVERY < work.now
    if stale:
        _note_use(rapport, row, "used_at")
    scopes = frozenset(map(str, row.scopes))
    return Identity(actor_of(account, person, scopes), row.id)


def by_feed(rapport: Rapport, secret: str) -> Identity:
    """The person whose calendar fetches that address; it only reads. Raises NotFound."""
    with rapport.database.read() as work:
        found = _find(work, CalendarFeed, secret)
        if found is None:
            raise NotFound("not_found")
        row, account, person = found
        stale = row.used_at is None or row.used_at + SEEN_EVERY < work.now
    if stale:
        _note_use(rapport, row, "used_at")
    return Identity(actor_of(account, person, frozenset({"read"})), row.id)


def _note_use(rapport: Rapport, row: Session | ApiToken | CalendarFeed, column: str) -> None:
    with rapport.database.write(row.organisation_id) as work:
        table = type(row)
        work.session.execute(update(table).where(table.id == row.id).values(**{column: work.now}))


def actor_of(account: Account, person: Person, scopes: frozenset[str] | None = None) -> Actor:
    """The actor of an account, limited to the scopes of a token."""
    language: Literal["en", "zh"] = "zh" if person.locale.startswith("zh") else "en"
    roles = frozenset(account.roles) & ROLES
    if scopes is not None and "admin" not in scopes:
        roles -= {"admin"}
    return Actor(
        organisation_id=account.organisation_id,
        person_id=account.person_id,
        account_id=account.id,
        roles=roles,
        scopes=scopes,
        via="session" if scopes is None else "token",
        language=language,
    )


def may_sign_in(account: Account, person: Person, work: Work) -> bool:
    """Whether the account is switched on and the person has not left."""
    return account.active and (person.left_on is None or person.left_on >= work.now.date())


def _lasts(row: Session, work: Work) -> bool:
    return work.now < min(row.expires_at, row.seen_at + IDLE)


def _find(work: Work, table: type[Any], secret: str) -> tuple[Any, Account, Person] | None:
    query: Select[tuple[Any, Account, Person]] = (
        select(table, Account, Person)
        .join(Account, Account.id == table.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(table.digest == digest(secret))
    )
    found = work.session.execute(query).one_or_none()
    if found is None:
        return None
    row, account, person = found
    return (row, account, person) if may_sign_in(account, person, work) else None
