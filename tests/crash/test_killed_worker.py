"""kill -9 of the worker at each named point of a job: nothing is lost, nothing finished is done again."""

from __future__ import annotations

import pytest

from tests.crash.house import repeated

LIVES = (
    (
        *("begun", "probe begun", "probe kept", "listen written"),
        *("window 1 answered", "assemble begun", "draft begun", "finishing"),
    ),
    (
        *("probe answered", "probe added", "listen begun", "window 0 kept"),
        *("window 1 added", "assemble answered", "draft added", "finished"),
    ),
    (
        *("probe written", "listen kept", "window 1 written", "window 1 kept"),
        *("assemble kept", "draft written", "draft kept", "ended"),
    ),
)
"""Points of a job at which one worker after the other is killed, at most twice in a step."""


@pytest.mark.parametrize("points", LIVES, ids=("first", "second", "third"))
def test_draft_is_the_same_after_all_the_kills(house, undisturbed, points):
    content = house.sound()
    meeting_id = house.meeting(content)
    job_id = house.enqueue(meeting_id)
    for point in points:
        house.until_killed(house.worker(*points))
        assert house.points()[-1] == point
    house.worker()
    assert house.until_job(job_id, "done", "failed", "parked").state == "done"
    assert house.draft(meeting_id) == undisturbed
    assert repeated(house.points()) == []
    assert house.recorded(meeting_id) == content
    assert house.meeting_row(meeting_id).state == "drafted"


@pytest.mark.parametrize("point", ["job added", "job enqueued"])
def test_upload_killed_before_its_commit_leaves_no_job(house, point):
    meeting_id = house.meeting()
    process = house.enqueuer(meeting_id, point)
    house.until_killed(process)
    assert house.jobs() == []
    job_id = house.enqueue(meeting_id)
    house.worker()
    assert house.until_job(job_id, "done", "failed", "parked").state == "done"
