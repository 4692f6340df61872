"""People: their list, their accounts, who manages whom, and a table to be read in."""

from __future__ import annotations

from fastapi import Response

from service.usecases import accounts, organisation, people, relations, units
from service.usecases.fingerprint import fingerprint
from service.web.bodies.fields import IdPath
from service.web.deps import RapportDep
from service.web.pages.administration.desk import After, DeskDep, Words, section
from service.web.pages.choices import LANGUAGES, time_zones

router = section("/people")
PAGE = 50


@router.get("")
def listed(
    desk: DeskDep, rapport: RapportDep, q: Words = "", unit: Words = "", after: After = None
) -> Response:
    """Everybody, by name, unit and page."""
    found, following = people.list_people(rapport, desk.actor, q, after, PAGE, unit or None)
    return desk.page(
        "people",
        "people",
        found=found,
        accounts=accounts.accounts_of(rapport, desk.actor, [one.id for one in found]),
        places=units.places(rapport, desk.actor),
        following=following,
        q=q,
        unit=unit,
    )


@router.get("/new")
def new(desk: DeskDep, rapport: RapportDep) -> Response:
    """Somebody new."""
    own = organisation.read_organisation(rapport, desk.actor)
    return desk.page(
        "people",
        "new_person",
        places=units.places(rapport, desk.actor),
        own=own,
        languages=LANGUAGES,
        zones=time_zones(),
    )


@router.get("/import")
def table(desk: DeskDep) -> Response:
    """A table of people: looked at first, then read in."""
    return desk.page("people", "import_people")


@router.get("/{person_id}")
def one(desk: DeskDep, rapport: RapportDep, person_id: IdPath) -> Response:
    """One person, with account and relations."""
    person = people.read_person(rapport, desk.actor, person_id)
    account, standing = accounts.accounts_of(rapport, desk.actor, [person_id]).get(person_id, (None, None))
    line = relations.time_line(rapport, desk.actor, person_id)
    return desk.page(
        "people",
        "person",
        person=person,
        seen=fingerprint(person),
        account=account,
        standing=standing,
        account_seen=fingerprint(account) if account else "",
        line=line,
        names=people.names_of(rapport, desk.actor, line.people),
        places=units.places(rapport, desk.actor),
        languages=LANGUAGES,
        zones=time_zones(),
    )
