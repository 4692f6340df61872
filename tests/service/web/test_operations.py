"""Probes and metrics for machines, and a log line for each request that holds none of what it carried."""

from __future__ import annotations

import io
import json
import logging

import pytest
from fastapi import Body
from starlette.testclient import TestClient

from service.bootstrap import build
from service.db.base import Base
from service.hosting import hosting
from service.logs import json_lines
from service.web.app import create_app

MARKER = "the rain in spain stays mainly in the plain"


@pytest.fixture
def log():
    """What this process logs, as a service writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_lines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def lines(log):
    return [json.loads(line) for line in log.getvalue().splitlines()]


def app_with_a_fault(rapport):
    app = create_app(rapport)

    @app.post("/api/v1/faulty/{name}")
    def faulty(name: str, text: str = Body()) -> None:
        raise ValueError(text + name)

    return app


def asking(rapport, address="127.0.0.1"):
    return TestClient(create_app(rapport), base_url="http://127.0.0.1:8000", client=(address, 50000))


def test_alive_and_ready_on_a_fresh_service(rapport):
    with asking(rapport) as web:
        assert web.get("/healthz").json() == {"alive": True}
        ready = web.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": True, "migrations": True, "blobs": True})


def test_probes_are_answered_under_any_host_name(rapport):
    with asking(rapport) as web:
        assert web.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200


def test_not_ready_before_the_migration(tmp_path, clock, queue):
    new = build(hosting({"RAPPORT_DATA": str(tmp_path)}), clock=clock, queue=queue)
    ready = asking(new).get("/readyz")
    assert (ready.status_code, ready.json()["migrations"]) == (503, False)
    new.database.close()


def test_not_ready_when_the_blobs_of_meetings_are_gone(rapport, tmp_path):
    key_id = rapport.keys.create()
    rapport.documents.write(key_id, {"a": 1})
    with asking(rapport) as web:
        assert web.get("/readyz").status_code == 200
        blobs = tmp_path / "rapport" / "blobs"
        blobs.rename(tmp_path / "unmounted")
        with rapport.database.write() as work:
            work.session.execute(Base.metadata.tables["recording"].insert().values(**recording(work)))
        ready = web.get("/readyz")
    assert (ready.status_code, ready.json()["blobs"]) == (503, False)


def recording(work):
    insert = work.session.execute
    tables, at = Base.metadata.tables, work.now
    insert(tables["organisation"].insert().values(id="o", name="Firm", created_at=at))
    person = {"id": "p", "organisation_id": "o", "display_name": "Dana", "created_at": at}
    insert(tables["person"].insert().values(**person))
    meeting = {"id": "m", "organisation_id": "o", "manager_id": "p", "kind": "check_in", "state": "uploaded"}
    dates = {"state_since": at, "held_on": at.date(), "created_at": at}
    insert(tables["meeting"].insert().values(**meeting, **dates))
    mine = {"id": "r", "organisation_id": "o", "meeting_id": "m", "state": "complete", "size_bytes": 1}
    return {**mine, "created_at": at}


def test_metrics_count_requests_by_route_and_nodes(rapport):
    with rapport.database.write() as work:
        node = {"node": "n1", "kind": "worker", "started_at": work.now, "seen_at": work.now}
        work.session.execute(Base.metadata.tables["heartbeat"].insert().values(**node))
    with asking(rapport) as web:
        web.get("/healthz")
        web.get(f"/nowhere/{MARKER}")
        text = web.get("/metrics").text
    assert 'rapport_http_requests_total{method="GET",route="/healthz",status="200"} 1.0' in text
    assert 'rapport_nodes{kind="worker"} 1.0' in text
    assert "rapport_http_seconds_bucket" in text
    assert "spain" not in text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}),
        ("127.0.0.1", {"via": "1.1 proxy"}),
    ],
)
def test_metrics_are_for_this_machine_alone(rapport, address, headers):
    with asking(rapport, address) as web:
        assert web.get("/metrics", headers=headers).status_code == 404


def test_metrics_with_a_token_are_for_whoever_has_it(tmp_path, clock, queue, rapport):
    settings = hosting({"RAPPORT_DATA": str(tmp_path / "rapport"), "RAPPORT_METRICS_TOKEN": "s3cret-ü"})
    guarded = build(settings, clock=clock, queue=queue)
    with asking(guarded, "203.0.113.9") as web:
        assert web.get("/metrics").status_code == 401
        assert web.get("/metrics", headers={"authorization": "Bearer other"}).status_code == 401
        token = "Bearer s3cret-ü".encode()
        assert web.get("/metrics", headers={"authorization": token}).status_code == 200
    guarded.database.close()


def test_a_request_leaves_one_line_without_anything_it_carried(rapport, log):
    web = TestClient(
        app_with_a_fault(rapport), base_url="http://127.0.0.1:8000", raise_server_exceptions=False
    )
    answer = web.post(
        f"/api/v1/faulty/{MARKER}", params={"q": MARKER}, json=MARKER, headers={"cookie": MARKER}
    )
    assert answer.status_code == 500
    assert "spain" not in log.getvalue()
    (line,) = [line for line in lines(log) if line["event"] == "request"]
    assert (line["route"], line["status"], line["method"]) == ("/api/v1/faulty/{name}", 500, "POST")
    assert line["request"] == answer.headers["x-request-id"]
    assert line["ms"] >= 0


def test_words_of_exceptions_and_of_other_packages_are_left_out(log):
    try:
        int(MARKER)
    except ValueError:
        logging.getLogger("dbos").exception("Exception with %s", MARKER)
        logging.getLogger("service.jobs").exception("step failed", extra={"step": "draft", "text": MARKER})
    foreign, ours = lines(log)
    assert "spain" not in log.getvalue()
    assert (foreign["event"], foreign["error"], foreign["logger"]) == ("log", "ValueError", "dbos")
    assert (ours["event"], ours["step"], ours["error"]) == ("step failed", "draft", "ValueError")
