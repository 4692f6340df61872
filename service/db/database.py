"""The connection to SQLite or PostgreSQL, set up so that both behave alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from service.db.errors import DatabaseUnavailable
from service.db.unit_of_work import Key, Work

BUSY_S = 15.0
WRITES = "rapport_writes"

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def no_key(is_new: Callable[[], bool]) -> bytes:
    """Of a database whose audit log is not used: appending to it raises ValueError."""
    return b""


@contextmanager
def answering() -> Iterator[None]:
    """Raises DatabaseUnavailable where the server or the file does not answer, or no longer.

    It says nothing of the address, which may hold a password.
    """
    try:
        yield
    except SQLAlchemyError as error:
        lost = getattr(error, "connection_invalidated", False)
        if not (lost or isinstance(error, (OperationalError, NoConnection))):
            raise
        reason = type(getattr(error, "orig", error)).__name__
        raise DatabaseUnavailable("database_unavailable", reason=reason) from error


class Database:
    """One database. `audit_key`: gives that of the chains of audit entries (domain/audit_chain).

    Units of work raise DatabaseUnavailable; after that of a `write` it may be committed all the same.
    """

    def __init__(self, url: str, audit_key: Key = no_key, clock: Clock = utc_now) -> None:
        self.url = url
        self.engine = connect(url)
        self.clock = clock
        self._audit_key = audit_key

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the database of one machine."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self, organisation_id: str | None = None) -> Iterator[Work]:
        """A unit of work that keeps nothing."""
        with answering(), Session(self.engine, expire_on_commit=False) as session:
            # Closing gives everything up; a rollback would also empty the rows that the caller keeps.
            yield Work(session, organisation_id, self.clock, self._audit_key)

    @contextmanager
    def write(self, organisation_id: str | None = None) -> Iterator[Work]:
        """A unit of work that is committed as a whole at its end, or not at all when it raises."""
        engine = self.engine.execution_options(**{WRITES: True})
        with answering(), Session(engine, expire_on_commit=False) as session, session.begin():
            yield Work(session, organisation_id, self.clock, self._audit_key)

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()


def connect(url: str) -> Engine:
    """An engine for that address. SQLite: write-ahead log, durable commits, foreign keys."""
    engine = pool(url, BUSY_S)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def pool(url: str, busy_s: float, *, asked: bool = True) -> Engine:
    """Connections to that address. `busy_s`: how long to wait for SQLite's one writer (seconds).

    `asked`: each is asked whether it still stands before it is used; else the user of one tries again itself.
    """
    address = make_url(url)
    # The connection used last comes first: its pages and prepared statements are still in memory.
    sizes: dict[str, Any] = {
        "hide_parameters": True,
        "pool_size": 10,
        "max_overflow": 10,
        "pool_use_lifo": True,
    }
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=asked, **sizes)
    if address.database:
        Path(address.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return create_engine(address, connect_args={"timeout": busy_s}, **sizes)


def set_pragmas(connection: Any, synchronous: str) -> None:  # noqa: ANN401 - a DBAPI connection
    """SQLite's settings of every connection; `synchronous`: FULL survives a power failure, NORMAL may not."""
    for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    # The driver's own transactions start too late for a read that leads to a write.
    connection.isolation_level = None
    set_pragmas(connection, "FULL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
