"""Workers know each other by heartbeats: a name of one's own, a sign of life, the work of the dead."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import structlog
from dbos import DBOSClient
from filelock import FileLock, Timeout
from sqlalchemy import delete, func, select, update

from service.db.database import Database, answering
from service.db.errors import DatabaseUnavailable
from service.db.tables import Heartbeat
from service.db.unit_of_work import Work
from service.jobs.engine import QUEUE

BEAT_S = 2.0
DEAD_AFTER = timedelta(seconds=8)
KIND = "worker"


@contextmanager
def node_name(wanted: str, folder: Path) -> Iterator[str]:
    """A name that no other live process on this machine has and that the next start gets again.

    It is what unfinished work is found by: `wanted` (or the host's name), then with -2, -3 ... for more
    workers. The lock goes with the process, however that ends.
    """
    base = wanted or f"{socket.gethostname()}-{KIND}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        name = base if number == 1 else f"{base}-{number}"
        lock = FileLock(folder / f"{name}.lock", timeout=0)
        with suppress(Timeout):
            lock.acquire()
            break
    try:
        yield name
    finally:
        lock.release()


class Watch(threading.Thread):
    """Says every two seconds that this node lives, and hands on the work of nodes that no longer do."""

    def __init__(self, database: Database, client: DBOSClient, node: str, beat_s: float = BEAT_S) -> None:
        super().__init__(name="watch", daemon=True)
        self._database = database
        self._client = client
        self._node = node
        self._beat_s = beat_s
        self._ended = threading.Event()

    def run(self) -> None:
        """Until `end`; a database that does not answer is asked again.

        While it was away nobody could say that they live: only silence from then on is a sign of death.
        """
        counts_from = time.monotonic()
        while not self._ended.wait(self._beat_s):
            try:
                self.beat()
                if time.monotonic() >= counts_from:
                    take_over(self._database, self._client, self._node)
            except DatabaseUnavailable:
                counts_from = time.monotonic() + DEAD_AFTER.total_seconds()
                structlog.get_logger(__name__).warning("database_unavailable", node=self._node)

    def beat(self) -> None:
        """Writes the sign of life, by the database's clock."""
        with self._database.write() as work:
            now = _now(work)
            seen = update(Heartbeat).where(Heartbeat.node == self._node).values(seen_at=now)
            if work.session.scalar(seen.returning(Heartbeat.node)) is None:
                work.session.add(Heartbeat(node=self._node, kind=KIND, started_at=now, seen_at=now))

    def end(self) -> None:
        """Stops, hands on what this node leaves unfinished, and takes its row away."""
        self._ended.set()
        if self.is_alive():
            self.join()
        hand_on(self._client, self._node)
        with self._database.write() as work:
            work.session.execute(delete(Heartbeat).where(Heartbeat.node == self._node))


def take_over(database: Database, client: DBOSClient, node: str) -> int:
    """Hands on the work of workers without a recent heartbeat; the number of jobs.

    Whoever moves a dead node's `seen_at` on has the claim to its work for as long as a live node would.
    Its row goes once the work is back in the queue: a claimer that dies before is followed by another.
    """
    taken = 0
    for dead in _claimed(database, node):
        taken += hand_on(client, dead)
        with database.write() as work:
            work.session.execute(delete(Heartbeat).where(Heartbeat.node == dead))
    return taken


def hand_on(client: DBOSClient, node: str) -> int:
    """Puts the running jobs of a node back into the queue; how many."""
    with answering():
        left = client.list_workflows(
            status="PENDING", executor_id=node, queue_name=QUEUE, load_input=False, load_output=False
        )
        for workflow in left:
            client.resume_workflow(workflow.workflow_id, queue_name=QUEUE)
            structlog.get_logger(__name__).info("handed_on", job=workflow.workflow_id, node=node)
    return len(left)


def _claimed(database: Database, node: str) -> list[str]:
    with database.read() as work:
        others = (Heartbeat.kind == KIND, Heartbeat.node != node, Heartbeat.seen_at < _now(work) - DEAD_AFTER)
        found = list(work.session.scalars(select(Heartbeat.node).where(*others)))
    claimed: list[str] = []
    for dead in found:
        with database.write() as work:
            now = _now(work)
            silent = (Heartbeat.node == dead, Heartbeat.seen_at < now - DEAD_AFTER)
            claim = update(Heartbeat).where(*silent).values(seen_at=now).returning(Heartbeat.node)
            claimed += work.session.scalars(claim).all()
    return claimed


def _now(work: Work) -> datetime:
    """The database's clock, which all nodes share; on SQLite there is only this machine's."""
    if work.session.get_bind().dialect.name == "sqlite":
        return work.now
    now: datetime = work.session.execute(select(func.clock_timestamp())).scalar_one()
    return now
