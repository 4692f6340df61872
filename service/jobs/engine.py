"""The durable engine (DBOS, its MIT part): names, connection and how it writes values.

Its tables lie in our database: on PostgreSQL in the schema "dbos", on SQLite beside ours. Values are JSON,
never pickled: whoever can write to the database must not be able to run code here.
"""

from __future__ import annotations

from typing import Any

from dbos import DBOSClient
from dbos._serialization import DBOSPortableJSON
from sqlalchemy import Engine, event

from service.db.database import pool, set_pragmas

NAME = "rapport"
QUEUE = "recordings"
WORKFLOW = "minutes"
SHELF = "shelf"
"""Workflow that makes a newly imported catalogue ready for search."""

VERSION = "1"
"""Of the workflow's order of steps. Work that a worker of another version began is left alone, so a new
number needs `rapport worker` of the old one until its work is done.
"""

SERIALIZER = DBOSPortableJSON
BUSY_S = 30.0


def system_engine(url: str, *, durable: bool) -> Engine:
    """A connection for the engine's own use. `durable` False: its commits do not wait for the disk.

    A checkpoint that a power failure takes back costs one repeated step, whose document is found again: our
    own rows are durable. SQLite: 1.3 ms a step in place of 17 ms.
    """
    engine = pool(url, BUSY_S, asked=durable)
    prepare = _prepare_sqlite if engine.dialect.name == "sqlite" else _prepare_postgresql
    event.listen(engine, "connect", lambda connection, _: prepare(connection, durable))
    return engine


def client(engine: Engine) -> DBOSClient:
    """What a process without workflows does with the engine; whoever made the connection closes it.

    It does not wait for a database that is away: whoever asked has to be told.
    """
    return DBOSClient(
        system_database_engine=engine,
        serializer=SERIALIZER,
        application_name=NAME,
        lazy=True,
        retry_connection_errors=False,
    )


def _prepare_sqlite(connection: Any, durable: bool) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.isolation_level = "IMMEDIATE"
    set_pragmas(connection, "FULL" if durable else "NORMAL")


def _prepare_postgresql(connection: Any, durable: bool) -> None:  # noqa: ANN401 - a DBAPI connection
    if not durable:
        connection.execute("SET synchronous_commit = off")
        connection.commit()
