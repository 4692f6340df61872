"""The service under attack: real parts, the whole web application, everybody signed in."""

from __future__ import annotations

import shutil

import pytest

from tests.security.town import add_states, build_town
from tests.service.conftest import (  # noqa: F401 - fixtures
    Clock,
    migrated_postgresql,
    migrated_sqlite,
    migrated_url,
)
from tests.service.recording_queue import RecordingQueue


@pytest.fixture(scope="module")
def town(tmp_path_factory, migrated_sqlite):  # noqa: F811
    """One town a module: attacks change nothing, or they have succeeded."""
    data = tmp_path_factory.mktemp("town") / "data"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "rapport.db")
    clock = Clock()
    town = build_town(data, f"sqlite:///{data / 'rapport.db'}", clock, RecordingQueue())
    add_states(town, clock)
    yield town
    town.client.close()
    town.rapport.database.close()
