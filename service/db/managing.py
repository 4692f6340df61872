"""Who manages whom on a day, from the rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, or_

from service.db.tables import Relation
from service.db.unit_of_work import Work


def in_force(work: Work, day: date) -> Select[Relation]:
    """The relations of that day."""
    row = Relation
    return work.rows(row).where(row.from_day <= day, or_(row.until_day.is_(None), row.until_day >= day))


def managed_by(work: Work, manager_id: str) -> Select[Relation]:
    """The relations by which this person manages others today, or stands in for who does."""
    row = Relation
    today = in_force(work, work.now.date())
    return today.where(row.kind.in_(("manager", "stand_in")), row.manager_id == manager_id)


def manages(work: Work, manager_id: str, employee_id: str) -> bool:
    """Whether this person manages that one today, or stands in for who does."""
    query = managed_by(work, manager_id).where(Relation.employee_id == employee_id)
    return work.session.scalar(query) is not None
