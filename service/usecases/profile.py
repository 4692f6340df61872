"""What is known of a person's development: read by that person and their manager of today, each of whom
changes a part of it. Kept encrypted under a key of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import event, select

from models.parsing.profiles import plain_profile, profile_of
from service.db.tables import Person, Profile
from service.db.unit_of_work import Work
from service.domain.errors import NotValid, VersionChanged
from service.domain.policy import Action, Relation, Thing
from service.usecases.access import relations_to_person, require_for_person
from service.usecases.actor import Actor
from service.usecases.looks import note_looks
from service.usecases.rapport import Rapport

EMPTY = "none"
"""What stands in place of a version while there is no profile."""

Fields = dict[str, Any]

OWN = frozenset({"language", "interest", "completed", "gaps"})
OF_MANAGER = frozenset({"role", "level", "expected", "budget"})
_RATERS: Mapping[Relation, frozenset[str]] = MappingProxyType(
    {Relation.self_: frozenset({"self"}), Relation.current_manager: frozenset({"manager", "assessed"})}
)
"""Whose ratings somebody gives: one's own, or those of the manager and of assessments."""


@dataclass(frozen=True, slots=True)
class ReadProfile:
    """`profile`: fields of models/development.Profile, without empty ones. `version`: for the next change."""

    profile: Fields
    version: str


def read_profile(rapport: Rapport, actor: Actor, person_id: str) -> ReadProfile:
    """The look is in the audit log. Raises NotFound, NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        work.one(Person, person_id)
        require_for_person(work, actor, person_id, Action.read, Thing.profile)
        row = _row(work, person_id)
        found = _read(rapport, row)
    note_looks(rapport, actor, "profile", [person_id])
    return ReadProfile(found, row.blob if row else EMPTY)


def change_profile(
    rapport: Rapport, actor: Actor, person_id: str, values: Fields, seen: str | None
) -> ReadProfile:
    """The profile with these fields, whole or not at all; those that are not given stay, null clears one.

    People change OWN and rate themselves; their manager changes OF_MANAGER and gives the other ratings.
    Raises NotFound, NotAllowed, VersionChanged, NotValid, NotAProfile (with every place).
    """
    with rapport.database.write(actor.organisation_id) as work:
        work.one(Person, person_id, lock=True)
        relation = _relation(work, actor, person_id)
        row = _row(work, person_id)
        if seen is not None and seen != (row.blob if row else EMPTY):
            raise VersionChanged("version_changed")
        before = _read(rapport, row)
        # As it will be read: JSON has lists only.
        after = json.loads(json.dumps(plain_profile(profile_of({**before, **values}, "profile"))))
        _require_part(relation, before, after)
        row, old = _kept(rapport, work, row, person_id, after)
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        work.audit(actor.person_id, "change", "profile", person_id, dict.fromkeys(changed, 1))
    if old is not None:
        rapport.documents.delete(old)
    return ReadProfile(after, row.blob)


def forget_profile(rapport: Rapport, actor: Actor, person_id: str) -> None:
    """Destroys one's own profile. Raises NotFound, NotAllowed."""
    with rapport.database.write(actor.organisation_id) as work:
        require_for_person(work, actor, person_id, Action.edit, Thing.profile)
        row = _row(work, person_id)
        if row is None:
            return
        key_id, blob = row.key_id, row.blob
        work.session.delete(row)
        work.audit(actor.person_id, "erase", "profile", person_id)
    rapport.keys.destroy(key_id)
    rapport.documents.delete(blob)


def _relation(work: Work, actor: Actor, person_id: str) -> Relation:
    own = actor.person_id == person_id
    thing = Thing.profile if own else Thing.ratings
    require_for_person(work, actor, person_id, Action.edit, thing)
    relations = relations_to_person(work, actor, person_id)
    return Relation.self_ if Relation.self_ in relations else Relation.current_manager


def _row(work: Work, person_id: str) -> Profile | None:
    return work.session.scalar(select(Profile).filter_by(person_id=person_id))


def _read(rapport: Rapport, row: Profile | None) -> Fields:
    found: Fields = rapport.documents.read(row.key_id, row.blob) if row else {}
    return found


def _require_part(relation: Relation, before: Fields, after: Fields) -> None:
    """Raises NotValid where somebody changes what is the other's to say."""
    allowed = OWN if relation is Relation.self_ else OF_MANAGER
    names = ", ".join(sorted({*allowed, "ratings"}))
    for name in {*before, *after} - allowed - {"ratings"}:
        if before.get(name) != after.get(name):
            raise NotValid("not_editable", field=name, allowed=names)
    raters = _RATERS[relation]
    others = [[r for r in one.get("ratings", ()) if r["by"] not in raters] for one in (before, after)]
    if others[0] != others[1]:
        raise NotValid("not_editable", field="ratings.by", allowed=", ".join(sorted(raters)))


def _kept(
    rapport: Rapport, work: Work, row: Profile | None, person_id: str, after: Fields
) -> tuple[Profile, str | None]:
    """The row with the new document, and the name of the one before."""
    old = row.blob if row else None
    row = row or Profile(person_id=person_id, key_id=rapport.keys.create())
    name = row.blob = rapport.documents.write(row.key_id, after)
    event.listen(work.session, "after_rollback", lambda session: rapport.documents.delete(name))
    row.updated_at = work.now
    work.add(row)
    return row, old
