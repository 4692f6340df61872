"""The organisation's own catalogue and competencies, as the model process is told them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import select

from service.db.database import Database
from service.db.tables import Catalogue, CatalogueEntry
from service.db.unit_of_work import Work
from service.storage.memory_file import MemoryFile, memory_file

Kind = Literal["resources", "competencies"]


def digests(work: Work) -> tuple[str, ...]:
    """What changes with the lists of the organisation; nothing where it has none."""
    rows = work.rows(Catalogue).order_by(Catalogue.kind)
    return tuple(row.sha256 for row in work.session.scalars(rows))


def lines(work: Work, kind: Kind) -> list[str]:
    """The entries as JSON, in the order of their file; none where the organisation has no such list."""
    query = (
        select(CatalogueEntry.line)
        .join(Catalogue, Catalogue.id == CatalogueEntry.catalogue_id)
        .where(Catalogue.organisation_id == work.organisation_id, Catalogue.kind == kind)
        .order_by(CatalogueEntry.position)
    )
    return list(work.session.scalars(query))


class ShelfFiles:
    """What the model process is told of them. `file`: of the catalogue, None for the starter catalogue."""

    def __init__(self, resources: list[str], competencies: list[str]) -> None:
        self.competencies = [json.loads(line) for line in competencies]
        self._resources = resources

    @classmethod
    def of(cls, database: Database, organisation_id: str) -> ShelfFiles:
        """Those of today."""
        with database.read(organisation_id) as work:
            return cls(lines(work, "resources"), lines(work, "competencies"))

    @contextmanager
    def file(self) -> Iterator[MemoryFile | None]:
        """The catalogue as a file in memory."""
        if not self._resources:
            yield None
            return
        with memory_file(f"{line}\n".encode() for line in self._resources) as file:
            yield file
