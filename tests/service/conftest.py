"""A database of its own for each test, SQLite always and PostgreSQL where RAPPORT_TEST_POSTGRES names one."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from service.bootstrap import build
from service.db.database import Database
from service.db.migrate import upgrade
from service.hosting import hosting
from service.web.app import create_app
from tests.service.office import open_office
from tests.service.recording_queue import RecordingQueue

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


def server():
    """PostgreSQL's own database, where others are made and dropped."""
    return create_engine(make_url(POSTGRES), isolation_level="AUTOCOMMIT")


@contextmanager
def postgresql_database(template="template1"):
    """The address of a new database, dropped at the end."""
    if not POSTGRES:
        pytest.skip("RAPPORT_TEST_POSTGRES names no server")
    name = f"rapport_test_{secrets.token_hex(6)}"
    engine = server()
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The address of an empty database that goes with the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'rapport.db'}"
        return
    with postgresql_database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    """A file with every table, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "rapport.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql():
    """The name of a database with every table, to be copied."""
    with postgresql_database() as url:
        upgrade(url)
        yield make_url(url).database


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request, tmp_path):
    """The address of a migrated database that goes with the test."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "rapport.db"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    with postgresql_database(request.getfixturevalue("migrated_postgresql")) as url:
        yield url


@pytest.fixture
def database(migrated_url, clock):
    """An empty, migrated database of each kind."""
    database = Database(migrated_url, lambda is_new: b"k" * 32, clock)
    yield database
    database.close()


@pytest.fixture
def queue():
    return RecordingQueue()


@pytest.fixture
def rapport(tmp_path, clock, migrated_sqlite, queue):
    """The parts of the service on a folder of its own, migrated, with nobody in it."""
    data = tmp_path / "rapport"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "rapport.db")
    built = build(hosting({"RAPPORT_DATA": str(data)}), clock=clock, queue=queue)
    yield built
    built.database.close()


@pytest.fixture
def app(rapport):
    """The web application over `rapport`."""
    return create_app(rapport)


@pytest.fixture
def client(app, rapport):
    """A browser where nobody is signed in."""
    return TestClient(app, base_url=rapport.hosting.base_url)


@pytest.fixture
def people(app, rapport):
    """Two organisations with people (tests/service/office.py); `people.sign_in("hr")` is a browser of one."""
    return open_office(app, rapport)


@pytest.fixture
def lead(people):
    """The browser of Dana, who leads."""
    return people.sign_in("lead")


@pytest.fixture
def ana(people):
    """The browser of Ana, whom Dana manages."""
    return people.sign_in("ana")
