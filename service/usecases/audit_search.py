"""The audit log for an administrator: found by person, action, object and day. Ids and codes, no content."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select

from models.parsing.spreadsheet_safety import neutralised
from service.db.tables import AuditEntry, Person, Unit
from service.db.unit_of_work import Work
from service.domain.errors import NotValid
from service.domain.ids import is_id
from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.actor import Actor
from service.usecases.people import named
from service.usecases.rapport import Rapport

MOST_EXPORTED = 50_000
_NAMED = ("actor", "actor_name", "action", "object_kind", "object_id", "object_name")
COLUMNS = ("sequence", "at", *_NAMED, "codes")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`who`: an id, or part of a name, of somebody who did it or to whom it was done. `from_day`,
    `until_day`: inclusive, in the time zone of the one who asks. What is empty is not asked for.
    """

    who: str = ""
    action: str = ""
    object_kind: str = ""
    object_id: str = ""
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry; names only of people and units, as they are called today."""

    sequence: int
    at: datetime
    actor: str
    actor_name: str | None
    action: str
    object_kind: str
    object_id: str
    object_name: str | None
    codes: Mapping[str, str | int] = field(default_factory=dict)


def search_audit(
    rapport: Rapport, actor: Actor, wanted: Wanted, before: int | None = None, limit: int = 100
) -> tuple[list[Line], int | None]:
    """The newest first, and what to give as `before` for the next page; None: no more. Raises NotAllowed."""
    require_role(actor, Action.read, Thing.audit_log)
    with rapport.database.read(actor.organisation_id) as work:
        query = _query(work, actor, wanted).limit(limit + 1)
        if before is not None:
            query = query.where(AuditEntry.sequence < before)
        rows = list(work.session.scalars(query))
        lines = _lines(work, rows[:limit])
    return lines, lines[-1].sequence if len(rows) > limit else None


def export_audit(rapport: Rapport, actor: Actor, wanted: Wanted) -> bytes:
    """All that is found as CSV in which no cell is run as a formula; that it was exported is an entry itself.

    Raises NotAllowed, NotValid for more than MOST_EXPORTED entries.
    """
    require_role(actor, Action.read, Thing.audit_log)
    with rapport.database.write(actor.organisation_id) as work:
        rows = list(work.session.scalars(_query(work, actor, wanted).limit(MOST_EXPORTED + 1)))
        if len(rows) > MOST_EXPORTED:
            raise NotValid("too_many_entries", most=MOST_EXPORTED)
        lines = _lines(work, rows)
        work.audit(actor.person_id, "export", "audit_log", actor.organisation_id, {"count": len(lines)})
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, lines))
    return file.getvalue().encode("utf-8-sig")


def _query(work: Work, actor: Actor, wanted: Wanted) -> Select[AuditEntry]:
    query = work.rows(AuditEntry).order_by(AuditEntry.sequence.desc())
    if who := wanted.who.strip():
        query = query.where(_concerns(work, who))
    same = {
        AuditEntry.action: wanted.action,
        AuditEntry.object_kind: wanted.object_kind,
        AuditEntry.object_id: wanted.object_id.strip(),
    }
    query = query.where(*(column == value for column, value in same.items() if value))
    zone = ZoneInfo(work.one(Person, actor.person_id).time_zone)
    if wanted.from_day is not None:
        query = query.where(AuditEntry.at >= datetime.combine(wanted.from_day, time(), zone))
    if wanted.until_day is not None:
        following = wanted.until_day + timedelta(days=1)
        query = query.where(AuditEntry.at < datetime.combine(following, time(), zone))
    return query


def _concerns(work: Work, who: str) -> ColumnElement[bool]:
    if is_id(who) or who == "machine":
        return or_(AuditEntry.actor == who, AuditEntry.object_id == who)
    people = select(Person.id).where(Person.organisation_id == work.organisation_id, named(who))
    return or_(AuditEntry.actor.in_(people), AuditEntry.object_id.in_(people))


def _lines(work: Work, rows: Sequence[AuditEntry]) -> list[Line]:
    ids = {one for row in rows for one in (row.actor, row.object_id)}
    people = select(Person.id, Person.display_name.label("name")).where(
        Person.organisation_id == work.organisation_id, Person.id.in_(ids)
    )
    units = select(Unit.id, Unit.name).where(Unit.organisation_id == work.organisation_id, Unit.id.in_(ids))
    names = {row.id: row.name for query in (people, units) for row in work.session.execute(query)}
    return [
        Line(
            row.sequence,
            row.at,
            row.actor,
            names.get(row.actor),
            row.action,
            row.object_kind,
            row.object_id,
            names.get(row.object_id),
            row.codes,
        )
        for row in rows
    ]


def _cells(line: Line) -> list[str]:
    codes = "; ".join(f"{name}={value}" for name, value in sorted(line.codes.items()))
    names = {"actor_name": line.actor_name or "", "object_name": line.object_name or ""}
    plain = {"at": line.at.isoformat(timespec="seconds"), "codes": codes, **names}
    return [neutralised(str(plain.get(column, getattr(line, column)))) for column in COLUMNS]
