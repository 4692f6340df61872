"""A second draft, made by a real worker from the corrected transcript of a recording."""

from __future__ import annotations

import pytest

from service.db.tables import Consent, Participant
from service.domain.transcripts import Correction, TurnEdit
from service.usecases.actor import Actor
from service.usecases.edit_transcript import edit_transcript
from service.usecases.processing import cancel, progress, redraft
from service.usecases.read_draft import read_draft
from service.usecases.read_transcript import read_transcript
from service.usecases.waveform import read_waveform

ENDED = ("done", "failed", "parked", "cancelled")


@pytest.fixture
def drafted(house):
    """Meeting, its manager, and a worker that made the draft."""
    meeting_id = house.meeting()
    house.worker()
    assert house.until_job(house.enqueue(meeting_id), *ENDED).state == "done"
    meeting = house.meeting_row(meeting_id)
    with house.rapport.database.write(meeting.organisation_id) as work:
        for one in work.session.query(Participant).filter_by(meeting_id=meeting_id):
            work.add(Consent(meeting_id=meeting_id, participant_id=one.id, state="given", at=work.now))
    return meeting_id, Actor(meeting.organisation_id, meeting.manager_id)


def newest(house):
    return max(house.jobs(), key=lambda job: job.id)


def test_a_worker_drafts_again_without_listening(house, drafted):
    meeting_id, manager = drafted
    heard = house.points().count("window 0 begun")
    turn = read_transcript(house.rapport, manager, meeting_id).transcript["turns"][0]
    said = "I will send the QUARTERLY numbers by Friday."
    revision = house.meeting_row(meeting_id).revision
    edit_transcript(house.rapport, manager, meeting_id, revision, Correction([TurnEdit(turn["i"], said)]))
    redraft(house.rapport, manager, meeting_id)
    assert house.until_job(newest(house).id, *ENDED).state == "done"
    assert house.points().count("window 0 begun") == heard
    review = read_draft(house.rapport, manager, meeting_id).review
    assert any("QUARTERLY" in item["task"] for item in review.draft["action_items"])
    assert review.draft["new_items"] != []
    assert progress(house.rapport, manager, meeting_id).share == 1.0
    drawn = read_waveform(house.rapport, manager, meeting_id)
    (track,) = drawn.tracks
    assert (drawn.duration_s, track.track, max(track.peaks)) == (12.0, None, 1.0)


def test_a_second_draft_is_cancelled_in_the_queue_and_the_first_one_stays(house, drafted):
    meeting_id, manager = drafted
    before = read_draft(house.rapport, manager, meeting_id).review.draft
    house.kill(house._running[-1])
    redraft(house.rapport, manager, meeting_id)
    cancel(house.rapport, manager, meeting_id)
    house.worker(node="two")
    house.until_ready("two")
    assert newest(house).state == "cancelled"
    assert read_draft(house.rapport, manager, meeting_id).review.draft == before
