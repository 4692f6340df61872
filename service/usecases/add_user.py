"""An account made by the operator of the machine, who needs no account for that."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from service.db.tables import Organisation, Person
from service.db.unit_of_work import Work
from service.errors import WrongUsage
from service.usecases.accounts import add_account, checked_email
from service.usecases.erase import MACHINE
from service.usecases.person_names import sort_key
from service.usecases.rapport import Rapport
from service.usecases.tell_changes import tell_administrators


@dataclass(frozen=True, slots=True)
class NewUser:
    """`organisation`: its name; made if there is none of that name. None: the only one there is."""

    email: str
    name: str
    role: str = "member"
    locale: str = "en"
    organisation: str | None = None


def add_user(rapport: Rapport, user: NewUser, password: str) -> str:
    """The id of the person; one without an account and with that address gets it.

    Raises WrongUsage (which organisation?), AccountNotValid, AccountConflict.
    """
    with rapport.database.write() as work:
        work.organisation_id = _organisation(work, user).id
        email = checked_email(user.email)
        known = work.rows(Person).where(Person.email == email)
        person = work.session.scalar(known) or _person(work, user, email)
        account = add_account(work, person, email, [user.role], password)
        if user.role != "member":
            tell_administrators(work, account, MACHINE)
        codes: dict[str, str | int] = {"role": user.role}
        work.audit(MACHINE, "add_user", "person", person.id, codes)
        return person.id


def _organisation(work: Work, user: NewUser) -> Organisation:
    found = list(work.session.scalars(select(Organisation).order_by(Organisation.id)))
    if user.organisation is None:
        if len(found) != 1:
            raise WrongUsage("which_organisation")
        return found[0]
    named = [row for row in found if row.name == user.organisation]
    if named:
        return named[0]
    row = Organisation(name=user.organisation, locale=user.locale, created_at=work.now)
    work.session.add(row)
    work.session.flush()
    return row


def _person(work: Work, user: NewUser, email: str) -> Person:
    return work.add(
        Person(
            display_name=user.name,
            sort_key=sort_key(user.name),
            locale=user.locale,
            email=email,
            created_at=work.now,
        )
    )
