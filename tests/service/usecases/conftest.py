from __future__ import annotations

import pytest

from tests.service.conftest import postgresql_database
from tests.service.usecases.meeting_office import open_office


@pytest.fixture
def office(tmp_path, migrated_url, clock, queue):
    """An organisation with a drafted meeting, on SQLite and PostgreSQL."""
    office = open_office(tmp_path / "service", migrated_url, clock, queue)
    yield office
    office.rapport.database.close()


@pytest.fixture
def empty_url(migrated_url, tmp_path):
    """An empty database of the same kind."""
    if migrated_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'new' / 'rapport.db'}"
        return
    with postgresql_database() as url:
        yield url
