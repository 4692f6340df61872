"""A database of one's own for each test, SQLite always and PostgreSQL where RAPPORT_TEST_POSTGRES names one."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, make_url, text

from service.db.database import Database
from service.db.migrate import upgrade

POSTGRES = os.environ.get("RAPPORT_TEST_POSTGRES", "")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def move(self, **difference):
        self.now += timedelta(**difference)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The address of an empty database that goes with the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'rapport.db'}"
        return
    if not POSTGRES:
        pytest.skip("RAPPORT_TEST_POSTGRES names no server")
    name = f"rapport_test_{secrets.token_hex(6)}"
    server = create_engine(make_url(POSTGRES), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def database(database_url, clock):
    """An empty, migrated database of each kind."""
    upgrade(database_url)
    database = Database(database_url, b"k" * 32, clock)
    yield database
    database.close()
