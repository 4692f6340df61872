"""A job's desk: the recording, decrypted in memory only, and the model process that hears it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Protocol, Self

from service.db.database import Database
from service.hosting import Hosting
from service.jobs.assignment import Assignment
from service.jobs.known import profiles
from service.jobs.model_process import AsyncModelProcess, Report
from service.jobs.shelf import ShelfFiles
from service.storage.blobs import BlobStore, Parts
from service.storage.documents import DocumentStore, canonical
from service.storage.errors import Erased, MissingBlob
from service.storage.memory_file import memory_file


class Stores(Protocol):
    """The parts of the service that jobs work with (usecases/rapport.Rapport has them)."""

    @property
    def hosting(self) -> Hosting: ...  # noqa: D102
    @property
    def database(self) -> Database: ...  # noqa: D102
    @property
    def blobs(self) -> BlobStore: ...  # noqa: D102
    @property
    def documents(self) -> DocumentStore: ...  # noqa: D102


StartModels = Callable[[tuple[int, ...]], AsyncModelProcess]
"""Makes a model process that inherits these open files; it starts with its first request."""


class Desk:
    """Laid out with the first request, cleared at the end of the block: a job that is already done needs
    neither sound nor models.
    """

    def __init__(self, stores: Stores, job: Assignment, start: StartModels) -> None:
        self._stores = stores
        self._job = job
        self._start = start
        self._files = ExitStack()
        self._models: AsyncModelProcess | None = None
        self._paths: list[str] = []
        self._options: dict[str, Any] = {}
        """What the draft is made with besides the job's own options: files, and the organisation's lists."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._models is not None:
            await self._models.cancel()
        self._files.close()

    async def ask(self, report: Report, op: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """One request to the model process, with the sound of the recording or what a draft is made with."""
        if self._models is None:
            self._models = self._start(await asyncio.to_thread(self._lay_out))
        if "recording" in fields:
            names = [f"recording {number}" for number, _ in enumerate(self._paths, 1)]
            fields["recording"] = {**fields["recording"], "paths": self._paths, "names": names}
        if "options" in fields:
            fields["options"] = {**fields["options"], **self._options}
        return await self._models.ask(report, op, **fields)

    def _lay_out(self) -> tuple[int, ...]:
        inherited = []
        for sound in self._job.sounds:
            chunks = Parts(self._stores.blobs, self._job.key_id, sound.parts).chunks()
            file = self._files.enter_context(memory_file(chunks))
            inherited.append(file.fd)
            self._paths.append(file.path)
        inherited += self._lay_out_lists()
        if (before := self._job.previous) is not None:
            try:
                minutes = self._stores.documents.read(before.key_id, before.name)
            except (Erased, MissingBlob):
                return tuple(inherited)
            file = self._files.enter_context(memory_file([canonical(minutes)]))
            inherited.append(file.fd)
            self._options["previous"] = file.path
        return tuple(inherited)

    def _lay_out_lists(self) -> list[int]:
        lists = ShelfFiles.of(self._stores.database, self._job.organisation_id)
        catalogue = self._files.enter_context(lists.file())
        if lists.competencies:
            self._options["competencies"] = lists.competencies
        if self._job.known:
            self._options["profiles"] = profiles(self._stores.documents, self._job.known)
        if catalogue is None:
            return []
        self._options["catalogue"] = catalogue.path
        return [catalogue.fd]
