"""The sign of life of a process: a name of its own, and a row that says when it was last seen."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import delete, func, select, update

from service.db.database import Database
from service.db.errors import DatabaseUnavailable
from service.db.tables import Heartbeat
from service.db.unit_of_work import Work

BEAT_S, WEB_BEAT_S = 2.0, 5.0
DEAD_AFTER = timedelta(seconds=8)
KIND, WEB = "worker", "web"
LOG = logging.getLogger(__name__)


@contextmanager
def node_name(wanted: str, folder: Path, kind: str = KIND) -> Iterator[str]:
    """A name that no other live process on this machine has and that the next start gets again.

    A worker's unfinished work is found by it: `wanted` (or the host's name), then with -2, -3 ... for more
    of them; other kinds add their own. The lock goes with the process, however that ends.
    """
    base = wanted if wanted and kind == KIND else f"{wanted or socket.gethostname()}-{kind}"
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


class Pulse(threading.Thread):
    """Says every few seconds that this node lives."""

    def __init__(self, database: Database, node: str, kind: str, beat_s: float) -> None:
        super().__init__(name="pulse", daemon=True)
        self.database = database
        self.node = node
        self._kind = kind
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
                    self.look_round()
            except DatabaseUnavailable:
                counts_from = time.monotonic() + DEAD_AFTER.total_seconds()
                LOG.warning("database_unavailable", extra={"node": self.node})

    def beat(self) -> None:
        """Writes the sign of life, by the database's clock."""
        with self.database.write() as work:
            now = database_now(work)
            seen = update(Heartbeat).where(Heartbeat.node == self.node).values(seen_at=now)
            if work.session.scalar(seen.returning(Heartbeat.node)) is None:
                work.session.add(Heartbeat(node=self.node, kind=self._kind, started_at=now, seen_at=now))

    def look_round(self) -> None:
        """What else is to be done after a beat: nothing."""

    def end(self) -> None:
        """Stops, and `leave`s."""
        self._ended.set()
        if self.is_alive():
            self.join()
        self.leave()

    def leave(self) -> None:
        """Takes the row of this node away."""
        with self.database.write() as work:
            work.session.execute(delete(Heartbeat).where(Heartbeat.node == self.node))


@contextmanager
def alive(database: Database, kind: str, wanted: str, folder: Path) -> Iterator[str]:
    """The name of this process, which is counted among the living while the block runs."""
    with node_name(wanted, folder, kind) as node:
        pulse = Pulse(database, node, kind, WEB_BEAT_S)
        pulse.beat()
        pulse.start()
        try:
            yield node
        finally:
            with suppress(DatabaseUnavailable):  # a worker takes the row away
                pulse.end()


def database_now(work: Work) -> datetime:
    """The database's clock, which all nodes share; on SQLite there is only this machine's."""
    if work.session.get_bind().dialect.name == "sqlite":
        return work.now
    now: datetime = work.session.execute(select(func.clock_timestamp())).scalar_one()
    return now
