"""A house on each database."""

from __future__ import annotations

import shutil

import pytest

from tests.crash.house import House
from tests.service.conftest import migrated_postgresql, migrated_sqlite, migrated_url  # noqa: F401


@pytest.fixture
def house(tmp_path, migrated_url):  # noqa: F811
    house = House(tmp_path / "house", migrated_url)
    yield house
    house.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, migrated_sqlite):  # noqa: F811
    """The draft that comes out when nothing is killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copy(migrated_sqlite, folder / "rapport.db")
    house = House(folder / "house", f"sqlite:///{folder / 'rapport.db'}")
    meeting_id = house.meeting()
    job_id = house.enqueue(meeting_id)
    house.worker()
    try:
        assert house.until_job(job_id, "done", "failed", "parked").state == "done"
        return house.draft(meeting_id)
    finally:
        house.close()
