"""A second draft from a corrected transcript: what stays, what is new, and what ends it."""

from __future__ import annotations

import pytest

from service.db.tables import Document, Job, Suggestion
from service.domain.edits import Verdict
from service.domain.errors import ConsentMissing, WrongState
from service.domain.transcripts import Correction, TurnEdit
from service.jobs.ledger import Ledger, Stopped
from service.jobs.passed import unnoticed
from service.jobs.progress import Progress
from service.storage.errors import Erased
from service.usecases.confirm import confirm
from service.usecases.consent import answer_consent, attest_consent
from service.usecases.decide import Addition, Choice, decide
from service.usecases.edit_transcript import edit_transcript
from service.usecases.erase import erase
from service.usecases.meeting_documents import sweep
from service.usecases.meeting_errors import MeetingConflict
from service.usecases.processing import cancel, progress, redraft
from service.usecases.read_draft import read_draft
from tests.service.domain.drafts import TURNS, action, draft, quote
from tests.service.usecases.meeting_office import SHOWN

SQL = "I will send the sequel queries by Friday."


@pytest.fixture
def agreed(office):
    attest_consent(office.rapport, office.actor("lead"), office.meeting, "e")
    answer_consent(office.rapport, office.actor("lead"), office.meeting, "give")
    return office


def begun(office):
    """The ledger of a worker that has taken the new job, and what it was told to do."""
    redraft(office.rapport, office.actor("lead"), office.meeting)
    job = newest_job(office)
    ledger = Ledger(office.rapport.database, office.rapport.documents, job.id, "one")
    return ledger, ledger.begin()


def newest_job(office):
    return max(office.rows(Job), key=lambda job: job.id)


def finish(ledger, assignment, new):
    made = ledger.keep("draft", "draft.again", new, Progress(), unnoticed)
    ledger.finish(assignment.transcript, made, unnoticed)


def test_decisions_and_added_items_stay_and_what_is_new_is_shown(agreed):
    rapport, lead = agreed.rapport, agreed.actor("lead")
    choices = [Choice("a1", Verdict.edit, {"task": "Send my queries"}), Choice("p1", Verdict.reject)]
    added = [Addition("agreements", {"text": "Lunch on Tuesday"})]
    revision = decide(rapport, lead, agreed.meeting, agreed.row().revision, choices, added).revision
    edit_transcript(rapport, lead, agreed.meeting, revision, Correction([TurnEdit(1, text=SQL)]))
    ledger, assignment = begun(agreed)
    assert (assignment.sounds, assignment.transcript) == ((), agreed.row().transcript_id)
    again = action("a1", task="Send queries", evidence=[{**quote(1), "quote": SQL}])
    fresh = action("a2", task="Learn window functions", evidence=[quote(3)])
    finish(ledger, assignment, draft(points=[], agreements=[], action_items=[again, fresh], summary="New."))
    read = read_draft(rapport, lead, agreed.meeting).review
    assert [item["task"] for item in read.draft["action_items"]] == [
        "Send the SQL queries",
        "Learn window functions",
    ]
    assert read.draft["new_items"] == ["a2"]
    assert {one.item: one.verdict for one in read.decisions} == {"a1": "edit", "p1": "reject"}
    assert [point["id"] for point in read.draft["points"]] == ["p1"]
    assert read.added["agreements"][0]["text"] == "Lunch on Tuesday"
    assert read.draft["summary"] == "New."
    assert "g1" not in {row.item for row in agreed.rows(Suggestion)}
    sweep(rapport, agreed.row())
    assert len(agreed.rows(Document, kind="draft")) == 1
    assert progress(rapport, lead, agreed.meeting).job == "done"


def test_the_first_draft_stays_until_then_and_after_a_cancel_or_failure(agreed):
    rapport, lead = agreed.rapport, agreed.actor("lead")
    ledger, assignment = begun(agreed)
    assert read_draft(rapport, lead, agreed.meeting).review.draft["summary"] == draft()["summary"]
    with pytest.raises(MeetingConflict):
        redraft(rapport, lead, agreed.meeting)
    cancel(rapport, lead, agreed.meeting)
    with pytest.raises(Stopped):
        finish(ledger, assignment, draft(summary="New."))
    assert rapport.queue.cancelled == [newest_job(agreed).id]
    with pytest.raises(WrongState):
        cancel(rapport, lead, agreed.meeting)
    ledger, _ = begun(agreed)
    ledger.give_up("failed", "defect")
    assert (agreed.row().state, progress(rapport, lead, agreed.meeting).reason) == ("drafted", "defect")
    assert read_draft(rapport, lead, agreed.meeting).review.draft["summary"] == draft()["summary"]


def test_a_draft_that_was_confirmed_meanwhile_is_not_replaced(agreed):
    rapport, lead = agreed.rapport, agreed.actor("lead")
    ledger, assignment = begun(agreed)
    read = read_draft(rapport, lead, agreed.meeting)
    choices = [Choice(item, Verdict.accept) for item in read.open_items]
    revision = decide(rapport, lead, agreed.meeting, read.revision, choices).revision
    confirm(rapport, lead, agreed.meeting, revision, SHOWN)
    kept = agreed.row().draft_id
    finish(ledger, assignment, draft(summary="New."))
    assert (agreed.row().draft_id, newest_job(agreed).state) == (kept, "cancelled")


def test_an_erasure_of_the_sound_ends_it(agreed):
    rapport, lead = agreed.rapport, agreed.actor("lead")
    ledger, assignment = begun(agreed)
    erase(rapport, lead, agreed.meeting, "audio")
    assert rapport.queue.cancelled == [newest_job(agreed).id]
    with pytest.raises((Stopped, Erased)):
        finish(ledger, assignment, draft(summary="New."))
    assert read_draft(rapport, lead, agreed.meeting).review.draft["summary"] == draft()["summary"]
    begun(agreed)


def test_quotes_of_a_draft_that_a_correction_overtook_are_marked(agreed):
    rapport, lead = agreed.rapport, agreed.actor("lead")
    ledger, assignment = begun(agreed)
    late = Correction([TurnEdit(2, text="Nothing of the kind.")])
    edit_transcript(rapport, lead, agreed.meeting, agreed.row().revision, late)
    finish(ledger, assignment, draft())
    review = read_draft(rapport, lead, agreed.meeting)
    assert TURNS[2].startswith(review.review.draft["agreements"][0]["evidence"][0]["quote"])
    assert review.review.draft["agreements"][0]["evidence"][0]["stale"] is True


def test_nothing_is_drafted_without_consent_or_before_there_is_a_draft(office):
    with pytest.raises(ConsentMissing):
        redraft(office.rapport, office.actor("lead"), office.meeting)
    with office.rapport.database.write(office.ids["org"]) as work:
        work.session.merge(office.row()).state = "failed"
    with pytest.raises(WrongState):
        redraft(office.rapport, office.actor("lead"), office.meeting)
