"""The database server stops as by a power cut and comes back: jobs, their worker and the web outlive it."""

from __future__ import annotations

import json
import os
import threading
import time

import pytest
from starlette.testclient import TestClient

from service.db.errors import DatabaseUnavailable
from service.db.migrate import upgrade
from service.web.app import create_app
from tests.crash import postgres
from tests.crash.house import House, repeated
from tests.service.office import PASSWORD, email, open_office
from tests.service.web.meeting_plans import begin, plan_agreed, upload

AWAY_S = 2.0


@pytest.fixture(scope="module")
def server():
    if postgres.programs() is None and not os.environ.get("RAPPORT_TEST_POSTGRES"):
        pytest.skip("no PostgreSQL on this machine")
    with postgres.running() as server:
        upgrade(server.url)
        yield server


@pytest.fixture(scope="module")
def house(server, tmp_path_factory):
    house = House(tmp_path_factory.mktemp("restarted") / "house", server.url)
    yield house
    house.close()


@pytest.fixture(scope="module")
def first_worker(house):
    """The one worker of all tests here."""
    worker = house.worker(engines="tests.crash.gate:engines")
    house.until_ready("one")
    return worker


@pytest.fixture
def worker(house, first_worker):
    """The worker, before a test whose points are told from the first."""
    house.log.write_text("")
    return first_worker


@pytest.fixture(scope="module")
def people(house):
    return open_office(create_app(house.rapport), house.rapport)


@pytest.mark.parametrize(
    ("gate", "point"),
    [("window", "window 0 asked"), ("window 1 added", "window 1 added"), ("finishing", "finishing")],
    ids=["window computed", "document kept", "job finished"],
)
def test_a_job_goes_on_once_its_database_is_back(server, house, worker, undisturbed, gate, point):
    with house.gate_at(gate) as shut:
        meeting_id = house.meeting()
        job_id = house.enqueue(meeting_id)
        house.until_passed(point)
        with server.away():
            shut.open()
            time.sleep(AWAY_S)
    assert house.until_job(job_id, "done", "failed", "parked").state == "done"
    assert house.draft(meeting_id) == undisturbed
    assert repeated(house.points()) == []
    assert house.points().count("window 0 begun") == 1
    assert worker.is_alive()


def test_a_worker_that_just_ended_a_job_takes_the_next_one(server, house, worker):
    house.enqueue(house.meeting())
    house.until_passed("ended")
    meeting_id = house.meeting()
    with server.away():
        with pytest.raises(DatabaseUnavailable):
            house.enqueue(meeting_id)
        time.sleep(AWAY_S)
    job_id = house.enqueue(meeting_id)
    assert house.until_job(job_id, "done", "failed", "parked").state == "done"
    assert worker.is_alive()


@pytest.mark.parametrize(("language", "title"), [("en", "Not available now"), ("zh-CN", "暂时不可用")])
def test_requests_are_told_and_answered_again_afterwards(server, people, language, title):
    lead = people.sign_in("lead")
    lead.headers["Accept-Language"] = language
    meeting = plan_agreed(lead, people.ids["ana"])
    sign_in = {"email": email("lead"), "password": PASSWORD}
    with server.away():
        for answer in (
            lead.get("/api/v1/meetings"),
            lead.post(f"/api/v1/meetings/{meeting}/cancel"),
            begin(lead, meeting, 100),
            people.visitor().post("/api/v1/session", json=sign_in, headers={"Accept-Language": language}),
        ):
            told = answer.json()
            assert (answer.status_code, told["code"]) == (503, "database_unavailable")
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"]
            assert told["title"] == title
        assert lead.get("/readyz").json()["database"] is False
        assert lead.get("/healthz").status_code == 200
    assert lead.get("/api/v1/meetings").status_code == 200
    assert lead.get("/readyz").status_code == 200
    assert begin(lead, meeting, 100).status_code == 201


def test_who_follows_a_job_sees_its_end(server, house, worker, people):
    lead, answers = people.sign_in("lead"), []
    meeting = plan_agreed(lead, people.ids["ana"])
    begun, browser = told_of_its_first_bytes(people, lead)
    with house.gate_at("window") as shut:
        upload(lead, meeting, house.sound())
        house.until_passed("window 0 asked")
        following = threading.Thread(
            target=lambda: answers.append(browser.get(f"/api/v1/meetings/{meeting}/events"))
        )
        following.start()
        assert begun.wait(30)
        with server.away():
            time.sleep(AWAY_S)
        shut.open()
    following.join()
    events = [json.loads(line[6:]) for line in answers[0].text.splitlines() if line.startswith("data: ")]
    assert events[0]["job"] == "running"
    assert events[-1]["job"] == "done"


def told_of_its_first_bytes(people, client):
    """An event that is set once an answer has begun, and the same browser with that event."""
    begun = threading.Event()

    async def app(scope, receive, send):
        async def sent(message):
            await send(message)
            if message.get("body"):
                begun.set()

        await people.app(scope, receive, sent)

    browser = TestClient(app, client.base_url, headers=client.headers, cookies=client.cookies)
    return begun, browser
