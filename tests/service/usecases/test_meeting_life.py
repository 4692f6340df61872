"""A meeting from its draft to the archive, and what its people see on the way."""

from __future__ import annotations

import json

import pytest

from service.db.tables import ActionItem, AuditEntry, Document, OutboxMessage
from service.domain.edits import Verdict
from service.domain.errors import NotAllowed, NotReviewed, NotValid, VersionChanged, WrongState
from service.domain.follow_up import ItemStatus
from service.domain.minutes import sha256_of
from service.domain.transcripts import Correction, TurnEdit
from service.errors import NotFound
from service.usecases.action_items import Filters, list_action_items, set_status
from service.usecases.answer import acknowledge, dispute
from service.usecases.confirm import confirm
from service.usecases.correct import correct
from service.usecases.decide import Addition, Choice, decide
from service.usecases.edit_transcript import edit_transcript
from service.usecases.export_minutes import export_minutes, export_transcript
from service.usecases.pass_time import pass_time
from service.usecases.read_draft import read_draft
from service.usecases.read_minutes import read_minutes
from service.usecases.read_transcript import read_transcript
from service.usecases.remind import send_reminders
from service.usecases.subject_access import collect
from service.usecases.who_looked import what_exists, who_looked
from tests.service.usecases.meeting_office import HINT, SHOWN, add_meeting


def decided(office):
    """Everything that one confirm cannot cover is accepted; the revision after it."""
    lead = office.actor("lead")
    read = read_draft(office.rapport, lead, office.meeting)
    choices = [Choice(item, Verdict.accept) for item in read.open_items]
    return decide(office.rapport, lead, office.meeting, read.revision, choices).revision


def confirmed(office):
    return confirm(office.rapport, office.actor("lead"), office.meeting, decided(office), SHOWN)


def test_a_meeting_is_reviewed_confirmed_acknowledged_and_archived(office, clock):
    rapport, lead, emp = office.rapport, office.actor("lead"), office.actor("emp")
    version = confirmed(office)
    read = read_minutes(rapport, emp, office.meeting)
    assert (read.state, read.sha256, read.versions) == ("confirmed", version.sha256, (1,))
    assert sha256_of(read.minutes) == version.sha256
    assert [m.kind for m in office.rows(OutboxMessage, person_id=office.ids["emp"])] == ["minutes_waiting"]

    assert acknowledge(rapport, emp, office.meeting, version.sha256).state == "acknowledged"
    assert read_minutes(rapport, lead, office.meeting).replies[0].verdict == "acknowledge"
    clock.move(days=31)
    pass_time(rapport)
    assert office.row().state == "archived"


def test_confirm_waits_for_every_open_item(office):
    rapport, lead = office.rapport, office.actor("lead")
    with pytest.raises(NotReviewed):
        confirm(rapport, lead, office.meeting, office.row().revision, SHOWN)
    assert office.row().state == "drafted"
    assert office.rows(Document, kind="minutes") == []


def test_edits_and_added_items_are_in_the_minutes_and_words_are_not_in_the_database(office):
    rapport, lead = office.rapport, office.actor("lead")
    choices = [
        Choice("a1", Verdict.edit, {"task": "Send the QUERIES", "due": None}, no_date=True),
        Choice("p1", Verdict.reject),
        Choice("g1", Verdict.accept),
        Choice("summary", Verdict.accept),
    ]
    added = [Addition("agreements", {"text": "Lunch on Tuesday"})]
    revision = decide(rapport, lead, office.meeting, office.row().revision, choices, added).revision
    again = read_draft(rapport, lead, office.meeting)
    assert {d.item: d.verdict for d in again.review.decisions}["a1"] == "edit"
    revision = decide(
        rapport, lead, office.meeting, revision, [Choice("summary", Verdict.edit, {"text": "Mine."})]
    ).revision
    confirm(rapport, lead, office.meeting, revision, SHOWN)
    minutes = read_minutes(rapport, lead, office.meeting).minutes
    assert minutes["action_items"][0]["task"] == "Send the QUERIES"
    assert [one["text"] for one in minutes["agreements"]] == ["Review on Mondays", "Lunch on Tuesday"]
    assert (minutes["points"], minutes["summary"]) == ([], "Mine.")
    item = office.rows(ActionItem)[0]
    assert (item.owner_id, item.due, item.status) == (office.ids["emp"], None, "open")


def test_the_second_tab_cannot_overwrite_the_first(office):
    rapport, lead, revision = office.rapport, office.actor("lead"), office.row().revision
    decide(rapport, lead, office.meeting, revision, [Choice("p1", Verdict.accept)])
    for second in (
        lambda: decide(rapport, lead, office.meeting, revision, [Choice("p1", Verdict.reject)]),
        lambda: confirm(rapport, lead, office.meeting, revision, SHOWN),
        lambda: edit_transcript(rapport, lead, office.meeting, revision, Correction([TurnEdit(0, text="x")])),
    ):
        with pytest.raises(VersionChanged):
            second()
    decisions = read_draft(rapport, lead, office.meeting).review.decisions
    assert [d.verdict for d in decisions] == ["accept"]


def test_a_wrong_item_refuses_all_decisions_and_leaves_no_document(office):
    rapport, lead = office.rapport, office.actor("lead")
    choices = [Choice("a1", Verdict.edit, {"task": "New"}), Choice("nothing", Verdict.accept)]
    with pytest.raises(NotValid):
        decide(rapport, lead, office.meeting, office.row().revision, choices)
    assert read_draft(rapport, lead, office.meeting).review.decisions == []
    stored = {path.name for path in (office.rapport.hosting.data_dir / "blobs").glob("??/*")}
    named = {row.name for row in office.rows(Document)}
    assert len(stored - named) == 1  # the sound alone has no document


def test_before_the_confirm_nobody_but_the_manager_sees_anything(office):
    for name in ("emp", "hr", "admin", "stranger", "outsider"):
        _sees_nothing(office, name)


def _sees_nothing(office, name):
    rapport, actor, meeting = office.rapport, office.actor(name, *{name} & {"hr", "admin"}), office.meeting
    for look in (
        lambda: read_draft(rapport, actor, meeting),
        lambda: read_minutes(rapport, actor, meeting),
        lambda: read_transcript(rapport, actor, meeting),
        lambda: export_minutes(rapport, actor, meeting, "md"),
        lambda: export_transcript(rapport, actor, meeting),
        lambda: decide(rapport, actor, meeting, 1, [Choice("p1", Verdict.accept)]),
        lambda: confirm(rapport, actor, meeting, 1, SHOWN),
        lambda: correct(rapport, actor, meeting, 1, []),
    ):
        with pytest.raises((NotFound, NotAllowed)) as refused:
            look()
        assert (refused.type is NotFound) == (name != "emp")
    assert list_action_items(rapport, actor, Filters("meetings")).items == []


def test_after_the_confirm_only_its_people_read_minutes(office):
    confirmed(office)
    for name in ("hr", "admin", "stranger", "outsider"):
        actor = office.actor(name, *{name} & {"hr", "admin"})
        for look in (read_minutes, lambda *a: export_minutes(*a, "json")):
            with pytest.raises(NotFound):
                look(office.rapport, actor, office.meeting)
        with pytest.raises(NotFound):
            set_status(office.rapport, actor, office.rows(ActionItem)[0].id, 1, ItemStatus.done)


def test_tone_flags_end_with_the_confirm_and_never_leave(office):
    rapport, lead, emp = office.rapport, office.actor("lead"), office.actor("emp")
    confirmed(office)
    drafts = office.rows(Document, kind="draft")
    left = rapport.documents.read(office.row().key_id, drafts[0].name)
    assert len(drafts) == 1
    assert (left["tone_flags"], left["tone_counts"]) == ([], {"critical": 1})
    assert office.rows(Document, kind="discarded") == []
    for actor in (lead, emp):
        assert HINT not in json.dumps(collect(rapport, actor))
        for form in ("md", "json", "ics"):
            assert HINT.encode() not in export_minutes(rapport, actor, office.meeting, form).content


def test_an_employee_who_asks_before_the_confirm_gets_hints_on_own_turns_only(office):
    rapport, emp, lead = office.rapport, office.actor("emp"), office.actor("lead")
    mine = collect(rapport, emp)["meetings"][0]
    assert {turn["speaker"] for turn in mine["my_turns"]} == {"e"}
    assert mine["tone_flags_on_my_turns"] == []
    assert mine["minutes"] == []
    assert collect(rapport, lead)["meetings"][0]["tone_flags_on_my_turns"][0]["why"] == HINT


def test_a_dispute_leads_to_a_new_version_that_is_answered_anew(office):
    rapport, lead, emp = office.rapport, office.actor("lead"), office.actor("emp")
    first = confirmed(office)
    dispute(rapport, emp, office.meeting, first.sha256, ["a1"], "Not on Friday")
    read = read_minutes(rapport, lead, office.meeting)
    assert (read.state, read.replies[0].items, read.replies[0].comment) == (
        "disputed",
        ("a1",),
        "Not on Friday",
    )
    item = office.rows(ActionItem)[0]
    edit = [Choice("a1", Verdict.edit, {"due": "2026-06-01"})]
    second = correct(
        rapport, lead, office.meeting, read.revision, edit, [Addition("agreements", {"text": "So"})]
    )
    assert (second.version, office.row().state) == (2, "confirmed")
    assert office.rows(ActionItem)[0].id == item.id
    assert read_minutes(rapport, emp, office.meeting, 1).sha256 == first.sha256
    with pytest.raises(VersionChanged):
        acknowledge(rapport, emp, office.meeting, first.sha256)
    assert acknowledge(rapport, emp, office.meeting, second.sha256).state == "acknowledged"


def test_only_an_employee_of_the_meeting_answers_and_only_this_version(office):
    rapport = office.rapport
    version = confirmed(office)
    with pytest.raises(VersionChanged):
        acknowledge(rapport, office.actor("emp"), office.meeting, "0" * 64)
    with pytest.raises(NotAllowed):
        acknowledge(rapport, office.actor("lead"), office.meeting, version.sha256)
    with pytest.raises(NotValid):
        dispute(rapport, office.actor("emp"), office.meeting, version.sha256, [], " ")
    acknowledge(rapport, office.actor("emp"), office.meeting, version.sha256)
    with pytest.raises(WrongState):
        dispute(rapport, office.actor("emp"), office.meeting, version.sha256, [], "Too late")


def test_silence_is_not_agreement(office, clock):
    confirmed(office)
    clock.move(days=14)
    pass_time(office.rapport)
    assert office.row().state == "unanswered"


def test_reminders_go_out_twice_to_those_who_are_waited_for(office, clock):
    def reminded(name):
        own = office.rows(OutboxMessage, person_id=office.ids[name])
        return [one.kind for one in own if one.kind in {"draft_waiting", "minutes_reminder"}]

    assert send_reminders(office.rapport) == 0
    clock.move(days=3)
    assert (send_reminders(office.rapport), send_reminders(office.rapport)) == (1, 0)
    confirmed(office)
    for days in (3, 4, 4):
        clock.move(days=days)
        send_reminders(office.rapport)
    assert (reminded("lead"), reminded("emp")) == (["draft_waiting"], ["minutes_reminder"] * 2)


def test_an_edited_transcript_marks_suggestions_and_drops_hints_on_words_that_are_gone(office):
    rapport, lead = office.rapport, office.actor("lead")
    edits = [
        TurnEdit(1, text="Thanks."),
        TurnEdit(0, text="It went out a day early."),
        TurnEdit(2, split_at=5),
    ]
    edit_transcript(rapport, lead, office.meeting, office.row().revision, Correction(edits))
    read = read_transcript(rapport, lead, office.meeting)
    assert (read.transcript["rev"], [t["i"] for t in read.transcript["turns"]]) == (3, [0, 1, 2, 4, 3])
    review = read_draft(rapport, lead, office.meeting)
    assert review.review.draft["action_items"][0]["evidence"][0]["stale"] is True
    assert review.review.draft["tone_flags"] == []
    assert "a1" in review.open_items


def test_action_items_are_listed_page_by_page_and_followed_up(office, clock):
    rapport, emp = office.rapport, office.actor("emp")
    confirmed(office)
    first = office.meeting
    office.meeting = add_meeting(office, clock)
    confirmed(office)
    page = list_action_items(rapport, emp, limit=1)
    rest = list_action_items(rapport, emp, limit=1, cursor=page.next_cursor)
    assert [i.row.meeting_id for i in (*page.items, *rest.items)] == [office.meeting, first]
    assert (page.items[0].task, rest.next_cursor) == ("Send the SQL queries", None)
    row = set_status(rapport, emp, page.items[0].row.id, 1, ItemStatus.done)
    with pytest.raises(VersionChanged):
        set_status(rapport, emp, row.id, 1, ItemStatus.open)
    done = list_action_items(rapport, emp, Filters(status=ItemStatus.done)).items
    assert [one.row.id for one in done] == [row.id]
    assert len(list_action_items(rapport, office.actor("lead"), Filters("meetings")).items) == 2


def test_people_see_what_exists_about_them_and_who_looked(office):
    rapport, emp = office.rapport, office.actor("emp")
    read_transcript(rapport, office.actor("lead"), office.meeting)
    read_transcript(rapport, office.actor("lead"), office.meeting)
    looks, cursor = who_looked(rapport, emp)
    assert [(look.viewer_name, look.thing, look.object_id) for look in looks] == [
        ("Lead", "transcript", office.meeting)
    ]
    assert cursor is None
    exists = what_exists(rapport, emp)[0]
    assert (exists.recording, exists.transcript, exists.minutes_versions) == (True, True, 0)
    assert who_looked(rapport, office.actor("stranger")) == ([], None)


def test_the_audit_log_names_what_was_done_and_no_words(office):
    confirmed(office)
    actions = [entry.action for entry in office.rows(AuditEntry)]
    assert {"decide", "confirm", "view"} <= set(actions)
    assert "SQL" not in json.dumps([entry.codes for entry in office.rows(AuditEntry)])
