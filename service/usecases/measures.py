"""Numbers for the operator: how much of what, never whose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select

from service.db.tables import Heartbeat, Job, Meeting, OutboxMessage
from service.usecases.rapport import Rapport

ALIVE = timedelta(seconds=15)

Counts = tuple[str, str, Mapping[str, int]]
"""What is counted, the name of the label, and the counts by its value."""


def measures(rapport: Rapport) -> dict[str, Counts]:
    """Counts by name over all organisations."""
    with rapport.database.read() as work:
        count = work.session.execute

        def by(column: object, *where: object) -> dict[str, int]:
            query = select(column, func.count()).where(*where).group_by(column)  # type: ignore[call-overload]
            return {str(value): number for value, number in count(query)}

        return {
            "jobs": ("Jobs by state", "state", by(Job.state)),
            "meetings": ("Meetings by state", "state", by(Meeting.state)),
            "outbox": ("Mail and webhooks by state", "state", by(OutboxMessage.state)),
            "nodes": (
                "Nodes alive by kind",
                "kind",
                by(Heartbeat.kind, Heartbeat.seen_at > work.now - ALIVE),
            ),
        }
