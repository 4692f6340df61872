"""Whether requests can be served: database, tables of this version, blob store."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from service.db.migrate import at_head
from service.db.tables import Document, Recording
from service.storage.errors import StorageError
from service.usecases.rapport import Rapport


def readiness(rapport: Rapport) -> dict[str, bool]:
    """By part; a part that cannot be asked is not ready."""
    try:
        migrated = at_head(rapport.database.engine)
    except SQLAlchemyError:
        return {"database": False, "migrations": False, "blobs": False}
    return {"database": True, "migrations": migrated, "blobs": migrated and _has_blobs(rapport)}


def _has_blobs(rapport: Rapport) -> bool:
    """Whether the store is there; before the first blob there is none yet."""
    try:
        rapport.blobs.check()
    except StorageError as error:
        return error.key == "no_store" and not _were_written(rapport)
    return True


def _were_written(rapport: Rapport) -> bool:
    with rapport.database.read() as work:
        return any(work.session.scalar(select(table.id).limit(1)) for table in (Document, Recording))
