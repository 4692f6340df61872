"""Who manages whom, from a day on and until one. It opens no earlier meeting: those have their own rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_

from service.db.tables import Relation
from service.db.unit_of_work import Work
from service.domain.account_errors import AccountConflict, AccountNotValid
from service.usecases.account_rights import require_admin, require_member
from service.usecases.actor import Actor
from service.usecases.people import find_one
from service.usecases.rapport import Rapport
from service.usecases.tell_changes import tell_of_relation

KINDS = ("manager", "stand_in")
"""What an administrator may make. A successor is named by the manager of a meeting, or by HR."""

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Relations of a person as seen from `today`, each list the newest first."""

    today: date
    later: list[Relation]
    now: list[Relation]
    over: list[Relation]

    @property
    def people(self) -> set[str]:
        """Ids of everybody in it, and of who made it."""
        rows = [*self.later, *self.now, *self.over]
        return {one for row in rows for one in (row.manager_id, row.employee_id, row.made_by) if one}


def time_line(rapport: Rapport, actor: Actor, person_id: str) -> TimeLine:
    """Relations of a person in the order of time. Raises NotAllowed."""
    rows, today = list_relations(rapport, actor, person_id), rapport.database.clock().date()
    over = [row for row in rows if row.until_day is not None and row.until_day < today]
    later = [row for row in rows if row.from_day > today and row not in over]
    return TimeLine(today, later, [row for row in rows if row not in over and row not in later], over)


def list_relations(rapport: Rapport, actor: Actor, person_id: str | None = None) -> list[Relation]:
    """Relations of a person, the newest first: an administrator sees all, others those about themselves."""
    require_member(actor)
    with rapport.database.read(actor.organisation_id) as work:
        query = work.rows(Relation).order_by(Relation.from_day.desc(), Relation.id).limit(MOST_LISTED)
        asked = [person_id] if person_id is not None else []
        if "admin" not in actor.roles:
            asked.append(actor.person_id)
        for one in asked:
            query = query.where(or_(Relation.manager_id == one, Relation.employee_id == one))
        return list(work.session.scalars(query))


def add_relation(
    rapport: Rapport,
    actor: Actor,
    kind: str,
    manager_id: str,
    employee_id: str,
    from_day: date,
    until_day: date | None = None,
) -> Relation:
    """One more; both can see it and who made it. Not for oneself.

    Raises NotAllowed, NotFound, AccountNotValid, AccountConflict where it overlaps the same one.
    """
    require_admin(actor, manager_id, employee_id)
    if manager_id == employee_id:
        raise AccountNotValid("same_person")
    _in_order(from_day, until_day)
    with rapport.database.write(actor.organisation_id) as work:
        for person_id in sorted((manager_id, employee_id)):
            find_one(work, person_id)
        row = Relation(
            kind=kind,
            manager_id=manager_id,
            employee_id=employee_id,
            from_day=from_day,
            until_day=until_day,
            made_by=actor.person_id,
        )
        _refuse_overlap(work, row)
        work.add(row)
        tell_of_relation(work, manager_id, employee_id)
        work.audit(actor.person_id, "relate", "person", employee_id, {"manager": manager_id, "kind": kind})
    return row


def end_relation(rapport: Rapport, actor: Actor, relation_id: str, until_day: date) -> Relation:
    """Sets its last day. Raises NotAllowed, NotFound, AccountNotValid, AccountConflict when it is over."""
    with rapport.database.write(actor.organisation_id) as work:
        row = work.one(Relation, relation_id, lock=True)
        require_admin(actor, row.manager_id, row.employee_id)
        if row.until_day is not None and row.until_day < work.now.date():
            raise AccountConflict("relation_ended")
        _in_order(row.from_day, until_day)
        row.until_day = until_day
        tell_of_relation(work, row.manager_id, row.employee_id)
        codes = {"manager": row.manager_id, "kind": row.kind, "until": until_day.isoformat()}
        work.audit(actor.person_id, "end_relation", "person", row.employee_id, codes)
    return row


def _in_order(from_day: date, until_day: date | None) -> None:
    if until_day is not None and until_day < from_day:
        raise AccountNotValid("days_reversed")


def _refuse_overlap(work: Work, row: Relation) -> None:
    same = work.rows(Relation).where(
        Relation.kind == row.kind,
        Relation.manager_id == row.manager_id,
        Relation.employee_id == row.employee_id,
        or_(Relation.until_day.is_(None), Relation.until_day >= row.from_day),
    )
    if row.until_day is not None:
        same = same.where(Relation.from_day <= row.until_day)
    if work.session.scalar(same) is not None:
        raise AccountConflict("relation_exists")
