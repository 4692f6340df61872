"""Work that is stopped, hangs, breaks down, or whose worker goes: what the others see of it, and how soon."""

from __future__ import annotations

import os
import signal
import time

import psutil
import pytest

from service.db.tables import Job

HANGING = "models.engines.fake:hanging"
CRASHING = "models.engines.fake:crashing"


@pytest.fixture
def hanging(house):
    """A job in whose first window a model process hangs: the meeting, the job, the worker, that process."""
    meeting_id = house.meeting()
    job_id = house.enqueue(meeting_id)
    worker = house.worker(engines=HANGING)
    house.until_passed("window 0 begun")
    house.until(lambda: house.job(job_id).step == "window")
    (models,) = house.models_of(worker)
    return meeting_id, job_id, worker, models


def gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_cancel_ends_the_model_process_within_two_seconds(house, hanging):
    _, job_id, worker, models = hanging
    house.rapport.queue.cancel(job_id)
    assert house.until(lambda: gone(models)) <= 2.0
    assert worker.is_alive()


def test_cancelled_row_is_enough_and_the_worker_goes_on(house, hanging):
    """As after a web process that died between its commit and telling the engine."""
    _, job_id, _, models = hanging
    with house.rapport.database.write() as work:
        work.one(Job, job_id).state = "cancelled"
    assert house.until(lambda: gone(models)) <= 5.0
    house.enqueue(house.meeting())
    house.until(lambda: house.points().count("window 0 begun") == 2)


def test_model_process_ends_with_a_killed_worker(house, hanging):
    *_, worker, models = hanging
    house.kill(worker)
    assert house.until(lambda: gone(models)) <= 5.0


def test_worker_told_to_end_hands_its_work_on_and_no_try_is_lost(house, hanging):
    _, job_id, worker, models = hanging
    os.kill(worker.pid, signal.SIGTERM)
    house.until(lambda: worker.exitcode is not None)
    assert worker.exitcode == 0
    assert gone(models)
    assert house.job(job_id).attempts == 0
    house.worker(node="two")
    assert house.until_job(job_id, "done", "failed", "parked").node == "two"


def test_recording_that_breaks_the_models_is_parked_after_three_tries(house):
    meeting_id = house.meeting()
    job_id = house.enqueue(meeting_id)
    house.worker(engines=CRASHING)
    job = house.until_job(job_id, "done", "failed", "parked")
    assert (job.state, job.reason) == ("parked", "model_process_died")
    assert house.points().count("window 0 begun") == 3
    meeting = house.meeting_row(meeting_id)
    assert (meeting.state, meeting.reason) == ("failed", "model_process_died")


def test_recording_that_kills_the_worker_is_parked_after_three_tries(house):
    meeting_id = house.meeting()
    job_id = house.enqueue(meeting_id)
    for _ in range(3):
        house.until_killed(house.worker("window 0 begun", when="always"))
    last = house.worker("window 0 begun", when="always")
    job = house.until_job(job_id, "done", "failed", "parked")
    assert (job.state, job.reason) == ("parked", "worker_died")
    assert last.is_alive()
    assert house.meeting_row(meeting_id).state == "failed"


def test_file_without_sound_fails_at_once_with_its_reason(house):
    meeting_id = house.meeting(b"these bytes are no recording" * 100)
    job_id = house.enqueue(meeting_id)
    house.worker()
    job = house.until_job(job_id, "done", "failed", "parked")
    assert (job.state, job.reason) == ("failed", "not_audio")
    assert house.points().count("probe begun") == 1
    assert house.meeting_row(meeting_id).reason == "not_audio"


def test_another_worker_takes_over_from_a_dead_one_within_15_seconds(house):
    meeting_id = house.meeting()
    job_id = house.enqueue(meeting_id)
    first = house.worker("window 1 begun", node="one", when="hold")
    house.until_passed("window 1 begun")
    house.worker(node="two")
    house.until_ready("two")
    house.kill(first)
    began = time.monotonic()
    house.until(lambda: house.job(job_id).node == "two")
    assert time.monotonic() - began <= 15.0
    assert house.until_job(job_id, "done", "failed", "parked").state == "done"
    assert house.points().count("window 0 begun") == 1
