"""Makes a newly imported catalogue ready for search: the vectors of its texts, with progress.

They are kept by the digest of a text on the machine that made them (models/engines/vector_cache): the worker
that takes this job makes them once, any other when its first draft needs them. Whatever ends it, the next try
goes on where it stopped.
"""

from __future__ import annotations

import asyncio
import logging
import time

from sqlalchemy import update

from models.wording import WordedError
from service.db.database import Database
from service.db.tables import Catalogue
from service.jobs.shelf import ShelfFiles, digests
from service.jobs.workflow import Workshop

TELL_S = 1.0
LOG = logging.getLogger(__name__)


async def shelve(shop: Workshop, organisation_id: str) -> None:
    """Makes the vectors that are missing on this machine; the rows of the lists tell how far it is."""
    database = shop.stores.database
    told = await asyncio.to_thread(_Told, database, organisation_id)
    files = await asyncio.to_thread(ShelfFiles.of, database, organisation_id)
    with files.file() as catalogue:
        path, inherited = (catalogue.path, (catalogue.fd,)) if catalogue else (None, ())
        async with shop.start_models(inherited) as models:
            try:
                await models.ask(told.share, "shelve", catalogue=path, competencies=files.competencies)
            except WordedError as error:
                LOG.warning("shelving_failed", extra={"code": error.key})
                await asyncio.to_thread(told.write, 0.0, error.key)
                return
    await asyncio.to_thread(told.write, 1.0)


class _Told:
    """Writes how far it is, once a second at most, as long as no later import has taken the place."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._at = time.monotonic()
        with database.read(organisation_id) as work:
            self._digests = digests(work)

    def share(self, step: str, share: float) -> None:
        """The model process reports; the end is written by `write` alone."""
        if time.monotonic() - self._at >= TELL_S:
            self._at = time.monotonic()
            self.write(min(share, 0.99))

    def write(self, share: float, reason: str | None = None) -> None:
        """The share 0..1, or why there is none."""
        with self._database.write(self._organisation_id) as work:
            own = update(Catalogue).where(
                Catalogue.organisation_id == self._organisation_id, Catalogue.sha256.in_(self._digests)
            )
            work.session.execute(own.values(ready_share=share, reason=reason))
