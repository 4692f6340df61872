"""What the service does by the clock is done once a tick, however many workers there are."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from itertools import pairwise

import pytest

from service.jobs.engine import client, system_engine
from service.jobs.schedules import CRONS

EVERY_SECOND = {**CRONS, "retention": "* * * * * *"}
TICKS = 4


@pytest.fixture
def runs(house):
    """Runs of a task that the engine knows of, by the time they were due."""
    connection = system_engine(house.environ["RAPPORT_DATABASE"], durable=True)

    def runs(name):
        known = client(connection).list_workflows(name=f"schedule.{name}")
        return sorted((datetime.fromisoformat(run.input["args"][0]), run.status) for run in known)

    yield runs
    connection.dispose()


def test_of_two_workers_one_does_what_is_due(house, runs):
    workers = [house.timekeeper(EVERY_SECOND, node) for node in ("one", "two")]
    for node in ("one", "two"):
        house.until_ready(node)
    house.until(lambda: house.points().count("retention ran") >= TICKS)
    for worker in workers:
        os.kill(worker.pid, signal.SIGTERM)
    house.until(lambda: all(worker.exitcode is not None for worker in workers))
    assert [worker.exitcode for worker in workers] == [0, 0]
    done = [status for _, status in runs("retention")].count("SUCCESS")
    assert house.points().count("retention ran") == done
    due = [due for due, _ in runs("retention")]
    assert {(later - one).total_seconds() for one, later in pairwise(due)} == {1.0}
