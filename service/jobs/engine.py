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


def system_engine(url: str) -> Engine:
    """A connection for the engine's own use.

    SQLite: a commit that a power failure takes back costs one repeated step (whose document is found again),
    and that buys 1.3 ms a step in place of 17 ms.
    """
    engine = pool(url, BUSY_S)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
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


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.isolation_level = "IMMEDIATE"
    set_pragmas(connection, "NORMAL")
