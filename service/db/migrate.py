"""Brings a database to the tables of this version: ours by Alembic, those of the durable engine by itself.

There is no way back: a downgrade would lose what the newer tables hold. Restore a backup instead.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from service.db.database import WRITES, answering, connect
from service.db.errors import DatabaseUnavailable, WrongSchema

LOCK = 0x7261_7070
"""Number of the advisory lock on PostgreSQL: "rapp"."""

FOLDER = Path(__file__).with_name("migrations")
WAIT_S = 120.0
LOOK_AGAIN_S = 0.1


def upgrade(url: str, wait_s: float = WAIT_S) -> None:
    """Makes or migrates all tables; several processes may start at once, and it may be repeated.

    Waits at most `wait_s` seconds for another migration. Raises DatabaseUnavailable, WrongSchema.
    """
    address = database_address(url)
    engine = connect(url)
    try:
        with answering(), _alone(engine, address, wait_s):
            _upgrade_ours(engine)
            _upgrade_engine(address)
    finally:
        engine.dispose()


def at_head(engine: Engine) -> bool:
    """Whether our tables are exactly those of this version; one small query."""
    with engine.connect() as connection:
        return _versions(connection) == {head()}


def require_head(engine: Engine) -> None:
    """Raises WrongSchema where the tables are not those of this version, DatabaseUnavailable."""
    with answering(), engine.connect() as connection:
        found = _versions(connection)
    if found != {head()}:
        raise WrongSchema("schema_newer" if found - _known() else "schema_older")


def head() -> str:
    """The version of this code's tables. Read from file names: a start need not wait for Alembic."""
    return max(_known())


def database_address(url: str) -> URL:
    """The address, SQLite in a file or PostgreSQL. Raises WrongSchema for any other."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise WrongSchema("database_kind") from error
    on_disk = address.drivername == "sqlite" and address.database not in {None, "", ":memory:"}
    if not on_disk and address.drivername != "postgresql+psycopg":
        raise WrongSchema("database_kind")
    return address


def _known() -> set[str]:
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def _versions(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def _upgrade_ours(engine: Engine) -> None:
    """All steps in one transaction."""
    from alembic.config import Config  # noqa: PLC0415 - a look at the schema need not wait for it
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    scripts = ScriptDirectory(str(FOLDER))

    def steps(revision: str, context: object) -> list[Any]:
        return scripts._upgrade_revs("head", revision)

    with (
        engine.execution_options(**{WRITES: True}).begin() as connection,
        EnvironmentContext(Config(), scripts, fn=steps) as environment,
    ):
        environment.configure(connection=connection, transactional_ddl=True)
        try:
            environment.run_migrations()
        except CommandError as error:
            raise WrongSchema("schema_newer") from error


def _upgrade_engine(address: URL) -> None:
    from dbos import DBOS  # noqa: PLC0415 - a second that a look at the schema need not wait for

    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS.migrate(address.render_as_string(hide_password=False))


@contextmanager
def _alone(engine: Engine, address: URL, wait_s: float) -> Iterator[None]:
    """Holds the lock that only one process on this database can have."""
    if address.get_backend_name() == "sqlite":
        try:
            with FileLock(f"{address.database}.migrating", timeout=wait_s):
                yield
        except Timeout as error:
            raise DatabaseUnavailable("migration_busy", seconds=round(wait_s)) from error
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Waiting inside the server would hold a snapshot, which CREATE INDEX CONCURRENTLY waits for.
        deadline = time.monotonic() + wait_s
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable("migration_busy", seconds=round(wait_s))
            time.sleep(LOOK_AGAIN_S)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
