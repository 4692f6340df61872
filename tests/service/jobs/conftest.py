"""An organisation with a meeting whose recording is complete, and the queue, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from service.db.tables import Meeting, Organisation, Person
from service.jobs.queue import EngineQueue


@pytest.fixture
def queue(database):
    queue = EngineQueue(database.url)
    yield queue
    queue.close()


@pytest.fixture
def make_meeting(database):
    """A function that gives the id of a new meeting in a new or known organisation."""

    def make(organisation_id=None, state="processing"):
        with database.write() as work:
            if organisation_id is None:
                organisation = Organisation(name="Acme", created_at=work.now)
                work.session.add(organisation)
                work.session.flush()
                organisation_id = organisation.id
            manager = work.add(
                Person(organisation_id=organisation_id, display_name="Dana", created_at=work.now)
            )
            return work.add(
                Meeting(
                    organisation_id=organisation_id,
                    manager_id=manager.id,
                    kind="check_in",
                    state=state,
                    state_since=work.now,
                    held_on=work.now.date(),
                    created_at=work.now,
                )
            )

    return make
