"""People of the organisation: members find each other by name, an administrator keeps the list."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_, select, tuple_

from service.db.tables import Account, Person
from service.db.unit_of_work import Work
from service.domain.account_errors import AccountNotValid, AccountRefused
from service.domain.ids import is_id
from service.errors import NotFound
from service.usecases.account_rights import require_admin, require_member, require_session
from service.usecases.accounts import checked_email
from service.usecases.actor import Actor
from service.usecases.fingerprint import require_same
from service.usecases.person_names import names_in, sort_key
from service.usecases.rapport import Rapport
from service.usecases.sign_in import end_sessions
from service.usecases.units import living

OWN_FIELDS = frozenset({"locale", "time_zone", "aliases", "shows_radar"})
"""What people change about themselves."""


def list_people(
    rapport: Rapport,
    actor: Actor,
    search: str = "",
    after: str | None = None,
    limit: int = 50,
    unit_id: str | None = None,
) -> tuple[list[Person], str | None]:
    """People in order of their sort key, and what to give as `after` for the next page; None: no more.

    `search`: part of a name, an alias or the pinyin; `unit_id`: only those in it.
    Raises NotAllowed, AccountNotValid for a bad `after`.
    """
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        query = work.rows(Person).order_by(Person.sort_key, Person.id).limit(limit + 1)
        if search.strip():
            query = query.where(named(search.strip()))
        if unit_id is not None:
            query = query.where(Person.unit_id == unit_id)
        if after is not None:
            query = query.where(tuple_(Person.sort_key, Person.id) > tuple_(*_opened(after)))
        found = list(work.session.scalars(query))
    page = found[:limit]
    return page, _cursor(page[-1]) if len(found) > limit else None


def named(part: str) -> ColumnElement[bool]:
    """People in whose name, aliases or pinyin (lilei for 李雷) this part is."""
    letters = sort_key(part).replace(" ", "") or part
    return or_(
        Person.display_name.icontains(part, autoescape=True),
        func.replace(Person.sort_key, " ", "").contains(letters, autoescape=True),
        # JSON keeps characters beyond ASCII as escapes.
        cast(Person.aliases, String).icontains(json.dumps(part)[1:-1], autoescape=True),
    )


def names_of(rapport: Rapport, actor: Actor, person_ids: Collection[str]) -> dict[str, str]:
    """Names by id; who is not of this organisation is missing. Raises NotAllowed."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return names_in(work, person_ids)


def read_person(rapport: Rapport, actor: Actor, person_id: str) -> Person:
    """One person. Raises NotAllowed, NotFound."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return work.one(Person, person_id)


def read_oneself(rapport: Rapport, actor: Actor) -> tuple[Person, Account | None]:
    """The person who asks, and their account. Raises NotAllowed."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        mine = work.rows(Account).where(Account.person_id == actor.person_id)
        return work.one(Person, actor.person_id), work.session.scalar(mine)


def add_person(rapport: Rapport, actor: Actor, values: Mapping[str, Any]) -> Person:
    """Somebody new, without an account. Raises NotAllowed, NotFound for the unit, AccountNotValid."""
    require_admin(actor)
    with rapport.database.write(actor.organisation_id) as work:
        person = Person(**_checked(work, values), created_at=work.now)
        person.sort_key = _key(person)
        work.add(person)
        work.audit(actor.person_id, "add", "person", person.id)
    return person


def change_person(
    rapport: Rapport, actor: Actor, person_id: str, values: Mapping[str, Any], seen: str | None = None
) -> Person:
    """Changes what is given. Somebody who leaves is signed out after their last day.

    The address of an account in use is not changed here: whoever gets its mail could take the account over.
    `seen`: the fingerprint of the state that the change is meant for.
    Raises NotAllowed, NotFound, AccountRefused, AccountNotValid, VersionChanged.
    """
    require_admin(actor)
    if "left_on" in values and person_id == actor.person_id:
        raise AccountRefused("not_for_oneself")
    with rapport.database.write(actor.organisation_id) as work:
        person = work.one(Person, person_id, lock=True)
        require_same(person, seen)
        _change_address(work, person, values)
        for name, value in _checked(work, values).items():
            setattr(person, name, value)
        person.sort_key = _key(person)
        work.audit(actor.person_id, "change", "person", person.id, dict.fromkeys(values, 1))
    return person


def change_oneself(rapport: Rapport, actor: Actor, values: Mapping[str, Any]) -> Person:
    """Changes OWN_FIELDS. Raises AccountRefused to a token, AccountNotValid."""
    require_session(actor)
    with rapport.database.write(actor.organisation_id) as work:
        person = work.one(Person, actor.person_id, lock=True)
        for name in OWN_FIELDS & values.keys():
            setattr(person, name, values[name])
        work.audit(actor.person_id, "change", "person", person.id, dict.fromkeys(values, 1))
    return person


def _change_address(work: Work, person: Person, values: Mapping[str, Any]) -> None:
    if "email" not in values:
        return
    account = work.session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        return
    address = checked_email(values["email"] or "")
    if address == account.email:
        return
    if account.password_hash is not None or account.subject is not None:
        raise AccountRefused("address_is_theirs")
    if work.session.scalar(select(Account.id).where(Account.email == address)):
        raise AccountNotValid("email_taken")
    account.email = address
    end_sessions(work, account.id)


def _checked(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if checked.get("unit_id") is not None:
        living(work, checked["unit_id"])
    if checked.get("email") is not None:
        checked["email"] = checked_email(checked["email"])
    return checked


def _key(person: Person) -> str:
    return sort_key(person.display_name, person.family_name or "", person.given_name or "")


def _cursor(person: Person) -> str:
    return base64.urlsafe_b64encode(f"{person.sort_key}/{person.id}".encode()).decode()


def _opened(after: str) -> tuple[str, str]:
    try:
        opened = base64.urlsafe_b64decode(after.encode()).decode()
    except ValueError as error:
        raise AccountNotValid("bad_cursor") from error
    key, mark, row_id = opened.rpartition("/")
    if not mark or not is_id(row_id) or "\0" in key:
        raise AccountNotValid("bad_cursor")
    return key, row_id


def find_one(work: Work, person_id: str) -> Person:
    """The person, locked. Raises NotFound for one who left or is unknown."""
    person = work.one(Person, person_id, lock=True)
    if person.left_on is not None and person.left_on < work.now.date():
        raise NotFound("not_found")
    return person
