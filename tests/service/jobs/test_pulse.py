"""Web processes live beside workers: names of their own, counted while they run, forgotten when killed."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import select, update

from service.db.tables import Heartbeat
from service.jobs.nodes import take_over
from service.jobs.pulse import DEAD_AFTER, WEB, Pulse, alive, node_name


def kinds(database):
    with database.read() as work:
        found = work.session.execute(select(Heartbeat.node, Heartbeat.kind))
        return dict(found.all())


def test_a_web_process_is_among_the_living_while_it_runs(database, tmp_path):
    with alive(database, WEB, "laptop", tmp_path), alive(database, WEB, "laptop", tmp_path):
        assert kinds(database) == {"laptop-web": "web", "laptop-web-2": "web"}
    assert kinds(database) == {}


def test_a_web_process_never_has_the_name_that_a_workers_jobs_are_found_by(tmp_path):
    with node_name("laptop", tmp_path, WEB) as web, node_name("laptop", tmp_path) as worker:
        assert (web, worker) == ("laptop-web", "laptop")


def test_a_worker_takes_the_row_of_a_killed_web_process_away(database):
    Pulse(database, "laptop-web", WEB, 5.0).beat()
    with database.write() as work:
        seen = work.session.scalar(select(Heartbeat.seen_at)) - DEAD_AFTER - timedelta(seconds=1)
        work.session.execute(update(Heartbeat).values(seen_at=seen))
    assert take_over(database, SimpleNamespace(list_workflows=lambda **_: []), "laptop") == 0
    assert kinds(database) == {}
