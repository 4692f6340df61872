"""The transcript read without a draft; its sound in separate tracks, or none; and the draft made anew."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from service.db.tables import Document, Job, Meeting, Organisation, Recording, RecordingPart
from service.jobs.ledger import Ledger
from service.jobs.passed import unnoticed
from service.jobs.progress import Progress
from tests.models.sounds import RATE, tone, write


@pytest.fixture
def meeting(town):
    made = town.planned()
    town.add_draft(made)
    return made


def share(town, shares):
    """Whether employees read transcripts, as the organisation says."""
    with town.rapport.database.write() as work:
        row = work.session.get_one(Organisation, town.organisation_id)
        row.settings = {**row.settings, "share_transcript": shares}


def test_an_employee_reads_and_hears_where_the_organisation_shares_it(visit, town):
    place = f"/meetings/{town.meetings['confirmed']}/transcript"
    one = visit("employee")
    one.allowed.add(403)
    assert one.open(place).locator(".turn").count() == 0
    share(town, True)
    page = visit("employee").open(f"{place}#turn-7")
    assert page.locator(".turn.lit").get_attribute("id") == "turn-7"
    page.locator("#turn-3 .said").click()
    page.locator("#turn-3.now").wait_for()
    changing = "[data-edit], [data-speaker-dialog], [data-redraft], [data-add-selected], .turn.evidence"
    assert page.locator(changing).count() == 0


def test_tracks_play_together_and_one_voice_alone(visit, town, meeting, tmp_path):
    with town.rapport.database.write(town.organisation_id) as work:
        row = work.one(Meeting, meeting)
        work.session.execute(update(Recording).filter_by(meeting_id=meeting).values(track="m"))
        content = write(tmp_path / "e.flac", tone(64.0, hz=330)[None], RATE, "flac").read_bytes()
        stored = town.rapport.blobs.put(row.key_id, [content])
        sizes = {"size_bytes": len(content), "created_at": work.now}
        other = work.add(
            Recording(meeting_id=meeting, state="complete", media_type="audio/flac", track="e", **sizes)
        )
        work.add(RecordingPart(recording_id=other.id, start=0, size_bytes=len(content), name=stored.name))
    page = visit("manager").open(f"/meetings/{meeting}/review")
    page.locator("#turn-5 .said").click()
    page.locator("[data-at]", has_text="0:21").wait_for()
    heard = (
        "() => [...document.querySelectorAll('audio')].map((one) => [one.muted, one.paused, one.currentTime])"
    )
    first, second = page.evaluate(heard)
    assert first[:2] == second[:2] == [False, False]
    assert abs(first[2] - second[2]) < 0.5
    page.locator("[data-hear]").select_option("e")
    assert [one[0] for one in page.evaluate(heard)] == [True, False]


def test_without_a_waveform_time_is_a_line_and_without_sound_there_is_no_player(visit, town, meeting):
    with town.rapport.database.write(town.organisation_id) as work:
        work.session.execute(delete(Document).filter_by(meeting_id=meeting, kind="probe"))
    page = visit("manager").open(f"/meetings/{meeting}/review")
    assert page.locator("[data-wave]").first.get_attribute("d") == "M0 50H1000"
    page.locator("[data-seek]").press("PageUp")
    page.locator("[data-at]", has_text="1:00").wait_for()
    with town.rapport.database.write(town.organisation_id) as work:
        work.session.execute(update(Recording).filter_by(meeting_id=meeting).values(state="erased"))
    page.reload()
    assert page.locator("[data-player]").count() == 0
    page.locator("#turn-3 .said").click()
    assert page.locator(".turn.chosen").get_attribute("id") == "turn-3"


def finish(town, meeting, words):
    """What a worker makes of the newest job: a draft with one action item more."""
    rapport = town.rapport
    with rapport.database.read(town.organisation_id) as work:
        row = work.one(Meeting, meeting)
        job = work.session.scalar(work.rows(Job).where(Job.meeting_id == meeting, Job.state == "queued"))
        draft = rapport.documents.read(row.key_id, work.one(Document, row.draft_id).name)
    ledger = Ledger(rapport.database, rapport.documents, job.id, "one")
    ledger.begin()
    item = {**draft["action_items"][0], "id": "a9", "task": words}
    made = {**draft, "transcript_rev": 2, "action_items": [*draft["action_items"], item]}
    document = ledger.keep("draft", "draft.again", made, Progress(), unnoticed)
    ledger.finish(row.transcript_id, document, unnoticed)


def test_the_draft_is_made_anew_from_corrected_words_or_stopped(visit, town, meeting):
    page = visit("manager").open(f"/meetings/{meeting}/review")
    page.locator("#turn-6 .said").click()
    page.locator("#turn-6 [data-edit]").click()
    page.locator("#line-text").fill("I will send you the quarterly numbers, too.")
    page.locator("#line-text").press("Enter")
    again = page.get_by_role("button", name="Draft again from the corrected transcript")
    again.click()
    # The first job of a service waits for the engine's tables.
    page.get_by_role("button", name="Stop", exact=True).click(timeout=60_000)
    page.get_by_text("Stopped. The draft is as it was.").wait_for()
    again.click()
    page.get_by_role("button", name="Stop", exact=True).wait_for()
    page.reload()
    page.get_by_role("button", name="Stop", exact=True).wait_for()
    finish(town, meeting, "Send the quarterly numbers")
    page.get_by_text("The draft is new.").wait_for()
    page.locator("#draft .item", has_text="Send the quarterly numbers").wait_for()
    assert not again.is_visible()
