"""Deletes blobs that no row names: what a process wrote that was killed before its transaction ended."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from service.db.tables import Document, Erasure, Goal, Organisation, Profile, RecordingPart
from service.usecases.rapport import Rapport

LOG = logging.getLogger(__name__)
AGE = timedelta(days=1)
"""Longer than any request, step or transaction lasts: what is younger may still get its row."""

NAMES: Mapping[type, Any] = {
    Document: Document.name,
    Goal: Goal.blob,
    Profile: Profile.blob,
    RecordingPart: RecordingPart.name,
}
"""Every column that holds the name of a blob."""


def sweep_orphans(rapport: Rapport, age: timedelta = AGE) -> int:
    """How many were deleted; in the log too. For a schedule.

    Nothing goes where the database is empty: that is rather another database than one that forgot it all.
    """
    with rapport.database.read() as work:
        if work.session.scalar(select(Organisation.id).limit(1)) is None:
            return 0
    count = rapport.blobs.sweep(age, lambda names: _named(rapport, names))
    if count:
        LOG.info("orphans_deleted", extra={"count": count})
    return count


def _named(rapport: Rapport, names: Collection[str]) -> set[str]:
    with rapport.database.read() as work:
        found = {
            name
            for column in NAMES.values()
            for name in work.session.scalars(select(column).where(column.in_(names)))
        }
        for waiting in work.session.scalars(select(Erasure.blobs).where(Erasure.state != "done")):
            found.update(waiting)
    return found
