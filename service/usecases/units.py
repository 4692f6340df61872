"""Teams and departments: everybody finds them, an administrator keeps the tree. They give nobody a right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from service.db.tables import Organisation, Person, Unit
from service.db.unit_of_work import Work
from service.domain.account_errors import AccountConflict, AccountNotValid
from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.account_rights import require_member
from service.usecases.actor import Actor
from service.usecases.fingerprint import require_same
from service.usecases.rapport import Rapport

MOST_UNITS = 2_000
"""Of one organisation, retired ones among them."""


def list_units(rapport: Rapport, actor: Actor) -> list[Unit]:
    """All of them in order of their names, retired ones too. Raises NotAllowed."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return sorted(_all(work).values(), key=lambda unit: (unit.name.casefold(), unit.id))


@dataclass(frozen=True, slots=True)
class Place:
    """A unit where it stands. `path`: names from the top, "Sales / North"; `people`: how many are in it
    itself; `below`: its units, in order of their names.
    """

    unit: Unit
    path: str
    people: int
    below: list[Place]

    def all(self) -> Iterator[Place]:
        """Itself and every place below, from the top."""
        yield self
        for one in self.below:
            yield from one.all()


def tree(rapport: Rapport, actor: Actor) -> list[Place]:
    """The units at the top, retired ones too. Raises NotAllowed."""
    units = list_units(rapport, actor)
    with rapport.database.read(actor.organisation_id) as work:
        own = (Person.organisation_id == actor.organisation_id, Person.unit_id.is_not(None))
        query = select(Person.unit_id, func.count().label("people")).where(*own).group_by(Person.unit_id)
        people = {row.unit_id: row.people for row in work.session.execute(query)}

    def below(parent: Unit | None, path: str) -> list[Place]:
        inner = [unit for unit in units if unit.parent_id == (parent.id if parent else None)]
        return [
            Place(unit, path + unit.name, people.get(unit.id, 0), below(unit, f"{path}{unit.name} / "))
            for unit in inner
        ]

    return below(None, "")


def places(rapport: Rapport, actor: Actor) -> list[Place]:
    """Every place of the tree, from the top. Raises NotAllowed."""
    return [place for top in tree(rapport, actor) for place in top.all()]


def read_unit(rapport: Rapport, actor: Actor, unit_id: str) -> Unit:
    """One of them. Raises NotAllowed, NotFound."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return work.one(Unit, unit_id)


def add_unit(rapport: Rapport, actor: Actor, name: str, parent_id: str | None = None) -> Unit:
    """One more, under another or at the top.

    Raises NotAllowed, NotFound, AccountConflict (its name is taken there), AccountNotValid.
    """
    require_role(actor, Action.manage_settings, Thing.settings)
    with rapport.database.write(actor.organisation_id) as work:
        lock_tree(work, actor.organisation_id)
        unit = create(work, name, parent_id)
        work.audit(actor.person_id, "add", "unit", unit.id)
    return unit


def change_unit(
    rapport: Rapport, actor: Actor, unit_id: str, values: Mapping[str, Any], seen: str | None = None
) -> Unit:
    """Renames (`name`), moves (`parent_id`, None: to the top), retires or takes back (`retired`).

    `seen`: the fingerprint of the state that it is meant for. Raises NotAllowed, NotFound, VersionChanged,
    AccountConflict (its name is taken there; a unit in use is retired), AccountNotValid.
    """
    require_role(actor, Action.manage_settings, Thing.settings)
    with rapport.database.write(actor.organisation_id) as work:
        lock_tree(work, actor.organisation_id)
        unit = work.one(Unit, unit_id, lock=True)
        require_same(unit, seen)
        unit.name = values.get("name") or unit.name
        if "parent_id" in values:
            _require_outside(work, unit, values["parent_id"])
            unit.parent_id = values["parent_id"]
        if values.get("retired") is not None:
            _retire(work, unit, retired=values["retired"])
        if unit.retired_on is None:
            _require_place(work, unit)
        work.audit(actor.person_id, "change", "unit", unit.id, dict.fromkeys(values, 1))
    return unit


def assign_people(rapport: Rapport, actor: Actor, unit_id: str, person_ids: Sequence[str]) -> None:
    """These people belong to this unit from now on, and to no other. Raises NotAllowed, NotFound."""
    require_role(actor, Action.manage_accounts, Thing.accounts)
    with rapport.database.write(actor.organisation_id) as work:
        unit = living(work, unit_id)
        for person_id in sorted(set(person_ids)):
            work.one(Person, person_id, lock=True).unit_id = unit.id
        work.audit(actor.person_id, "assign", "unit", unit.id, {"count": len(set(person_ids))})


def living(work: Work, unit_id: str) -> Unit:
    """A unit that people can be in. Raises NotFound, AccountNotValid for one that is retired."""
    unit = work.one(Unit, unit_id)
    if unit.retired_on is not None:
        raise AccountNotValid("unit_retired")
    return unit


def create(work: Work, name: str, parent_id: str | None) -> Unit:
    """Part of a transaction in which the organisation is locked. Raises as `add_unit`."""
    if len(_all(work)) >= MOST_UNITS:
        raise AccountNotValid("too_many_units", most=MOST_UNITS)
    unit = Unit(name=name, parent_id=parent_id)
    _require_place(work, unit)
    return work.add(unit)


def lock_tree(work: Work, organisation_id: str) -> None:
    """Others wait: two moves at once could make a ring of units."""
    work.session.get_one(Organisation, organisation_id, with_for_update=True)


def _all(work: Work) -> dict[str, Unit]:
    return {unit.id: unit for unit in work.session.scalars(work.rows(Unit))}


def _require_place(work: Work, unit: Unit) -> None:
    """A living parent, and no living sibling of that name."""
    if unit.parent_id is not None:
        living(work, unit.parent_id)
    for other in _all(work).values():
        same = (other.parent_id, other.name.casefold()) == (unit.parent_id, unit.name.casefold())
        if same and other.retired_on is None and other is not unit:
            raise AccountConflict("unit_exists")


def _require_outside(work: Work, unit: Unit, parent_id: str | None) -> None:
    units = _all(work)
    while parent_id is not None:
        if parent_id == unit.id:
            raise AccountNotValid("unit_in_itself")
        above = units.get(parent_id)
        parent_id = above.parent_id if above else None


def _retire(work: Work, unit: Unit, *, retired: bool) -> None:
    if not retired:
        unit.retired_on = None
        return
    below = [other for other in _all(work).values() if other.parent_id == unit.id and not other.retired_on]
    if below or work.session.scalar(work.rows(Person).where(Person.unit_id == unit.id).limit(1)):
        raise AccountConflict("unit_in_use")
    unit.retired_on = unit.retired_on or work.now.date()
