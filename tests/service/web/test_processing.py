"""Progress, cancel and retry over HTTP, for the manager of the meeting alone."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import select

from service.db.tables import Job, Meeting
from tests.service.web.meeting_plans import plan_agreed, sound, upload


@pytest.fixture
def meeting(people, lead):
    """A meeting whose recording is uploaded and waits in the queue."""
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound())
    return meeting


def jobs(people, meeting):
    with people.rapport.database.read(people.organisation_id) as work:
        return list(work.session.scalars(select(Job).filter_by(meeting_id=meeting).order_by(Job.created_at)))


def change(people, meeting, meeting_state, **values):
    """The meeting's state, and values of its job."""
    with people.rapport.database.write(people.organisation_id) as work:
        job = work.session.scalars(select(Job).filter_by(meeting_id=meeting)).one()
        for name, value in values.items():
            setattr(job, name, value)
        work.one(Meeting, meeting).state = meeting_state


def test_progress_is_what_the_worker_wrote(people, lead, meeting):
    assert lead.get(f"/api/v1/meetings/{meeting}/progress").json()["job"] == "queued"
    change(people, meeting, "processing", step="window", share=0.25, left_s=90.0)
    told = lead.get(f"/api/v1/meetings/{meeting}/progress").json()
    assert told == {
        "state": "processing",
        "job": "queued",
        "step": "window",
        "share": 0.25,
        "left_s": 90.0,
        "reason": None,
    }


@pytest.mark.parametrize("who", ["ana", "hr", "admin", "boss", "outsider_member"])
@pytest.mark.parametrize(
    ("method", "what"), [("get", "progress"), ("get", "events"), ("post", "cancel"), ("post", "retry")]
)
def test_nobody_else_sees_or_stops_it(people, meeting, who, method, what):
    answer = getattr(people.sign_in(who), method)(f"/api/v1/meetings/{meeting}/{what}")
    assert answer.status_code in {403, 404}
    assert jobs(people, meeting)[0].state == "queued"


def test_cancelled_in_the_queue_and_tried_again(people, lead, meeting):
    assert lead.post(f"/api/v1/meetings/{meeting}/cancel").status_code == 204
    (job,) = jobs(people, meeting)
    assert job.state == "cancelled"
    assert people.rapport.queue.cancelled == [job.id]
    again = lead.post(f"/api/v1/meetings/{meeting}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert lead.post(f"/api/v1/meetings/{meeting}/retry").status_code == 204
    told = lead.get(f"/api/v1/meetings/{meeting}/progress").json()
    assert (told["state"], told["job"]) == ("processing", "queued")
    assert len(jobs(people, meeting)) == 2


def test_no_second_try_while_the_first_one_runs(people, lead, meeting):
    answer = lead.post(f"/api/v1/meetings/{meeting}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert len(jobs(people, meeting)) == 1


def test_no_second_try_without_sound(people, lead, meeting):
    change(people, meeting, "failed")
    with people.rapport.database.write(people.organisation_id) as work:
        work.one(Meeting, meeting).audio_erased_at = work.now
    answer = lead.post(f"/api/v1/meetings/{meeting}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_recorded")


def events(answer):
    return [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]


def test_events_end_with_the_job(people, lead, meeting):
    done = {"state": "done", "share": 1.0, "step": "done"}
    ending = threading.Timer(0.3, lambda: change(people, meeting, "drafted", **done))
    ending.start()
    answer = lead.get(f"/api/v1/meetings/{meeting}/events")
    ending.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer)
    assert told[0]["job"] == "queued"
    assert (told[-1]["state"], told[-1]["job"], told[-1]["share"]) == ("drafted", "done", 1.0)
