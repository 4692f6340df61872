from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from service.db.errors import DatabaseUnavailable
from service.db.tables import Heartbeat
from service.jobs.engine import client, system_engine
from service.jobs.nodes import Watch, take_over
from service.jobs.pulse import DEAD_AFTER, node_name


@pytest.fixture
def engine_client(database):
    connection = system_engine(database.url, durable=True)
    yield client(connection)
    connection.dispose()


def test_name_is_free_again_after_its_process_and_never_shared(tmp_path):
    with node_name("laptop", tmp_path) as first, node_name("laptop", tmp_path) as second:
        assert (first, second) == ("laptop", "laptop-2")
    with node_name("laptop", tmp_path) as again:
        assert again == "laptop"


def nodes(database):
    with database.read() as work:
        return set(work.session.scalars(select(Heartbeat.node)))


def silence(database, node):
    with database.write() as work:
        row = Heartbeat.node == node
        seen = work.session.scalar(select(Heartbeat.seen_at).where(row))
        earlier = seen - DEAD_AFTER - timedelta(seconds=1)
        work.session.execute(update(Heartbeat).where(row).values(seen_at=earlier))


def test_only_silent_workers_are_taken_over_from(database, engine_client):
    for node in ("me", "alive", "dead"):
        Watch(database, engine_client, node).beat()
    silence(database, "dead")
    take_over(database, engine_client, "me")
    assert nodes(database) == {"me", "alive"}


def test_a_worker_that_was_only_slow_is_known_again_with_its_next_beat(database, engine_client):
    slow = Watch(database, engine_client, "slow")
    slow.beat()
    silence(database, "slow")
    take_over(database, engine_client, "me")
    slow.beat()
    assert nodes(database) == {"slow"}


def test_a_worker_that_ends_leaves_no_row(database, engine_client):
    watch = Watch(database, engine_client, "me", beat_s=0.01)
    watch.beat()
    watch.start()
    watch.end()
    assert nodes(database) == set()


class AwayAtFirst:
    """Refuses the first transaction; `done`: how many there were after it."""

    def __init__(self, database):
        self.done = -1
        self.read, self._write = database.read, database.write

    @contextmanager
    def write(self, organisation_id=None):
        if self.done < 0:
            self.done = 0
            raise DatabaseUnavailable("database_unavailable", reason="away")
        with self._write(organisation_id) as work:
            yield work
        self.done += 1


def test_nobody_is_taken_for_dead_whose_sign_of_life_had_no_database(database, engine_client):
    Watch(database, engine_client, "other").beat()
    silence(database, "other")
    returned = AwayAtFirst(database)
    watch = Watch(returned, engine_client, "me", beat_s=0.01)
    watch.start()
    deadline = time.monotonic() + 30
    while returned.done < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    watch.end()
    assert nodes(database) == {"other"}
