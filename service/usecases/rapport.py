"""What every use case is given besides the actor: the parts of the service, wired by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from service.db.database import Database
from service.db.unit_of_work import Work
from service.hosting import Hosting
from service.storage.blobs import BlobStore
from service.storage.documents import DocumentStore
from service.storage.keys import KeyStore
from service.storage.master import MasterKey


class Queue(Protocol):
    """The durable engine as use cases see it. `enqueue...` is part of the caller's transaction."""

    def enqueue(self, work: Work, meeting_id: str) -> str: ...  # noqa: D102
    def enqueue_shelf(self, work: Work) -> None: ...  # noqa: D102
    def cancel(self, job_id: str) -> None: ...  # noqa: D102
    def forget(self, job_id: str) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Rapport:
    """The parts. `queue.enqueue` gives a job's id; `cancel` stops it; `forget` erases its checkpoints;
    `enqueue_shelf` has the organisation's lists made ready for search.
    """

    hosting: Hosting
    database: Database
    master: MasterKey
    keys: KeyStore
    blobs: BlobStore
    documents: DocumentStore
    queue: Queue
