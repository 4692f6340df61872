"""Review, minutes, action items and privacy over HTTP."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import pytest
import pyzipper
from docx import Document as Word
from icalendar import Calendar

from service.db.tables import Meeting, Series
from service.usecases.meeting_documents import MeetingDocuments
from service.web.deps import etag
from tests.service.domain.drafts import action, draft
from tests.service.usecases.meeting_office import HINT, SHOWN, Office, add_meeting

PAYLOAD = "=HYPERLINK(1) <script>alert(1)</script> [x](javascript:1)"


@pytest.fixture
def desk(people, clock):
    """A drafted meeting of Dana with Ana, and the browsers of people by name."""
    ids = {"org": people.organisation_id, "lead": people.ids["lead"], "emp": people.ids["ana"]}
    office = Office(people.rapport, ids)
    value = draft(action_items=[action(), action("a2", task=PAYLOAD)])
    office.meeting = add_meeting(office, clock, draft_value=value)
    return office


def at(desk, path):
    return f"/api/v1/meetings/{desk.meeting}/{path}"


def confirmed(desk, lead):
    """Decides on what is open and confirms; the version."""
    read = lead.get(at(desk, "draft"))
    decisions = [{"item": item, "verdict": "accept"} for item in read.json()["open_items"]]
    decided = lead.post(
        at(desk, "decisions"), json={"decisions": decisions}, headers={"If-Match": read.headers["etag"]}
    )
    assert decided.status_code == 200, decided.text
    made = lead.post(
        at(desk, "confirm"), json={"displayed": [*SHOWN, "a2"]}, headers={"If-Match": decided.headers["etag"]}
    )
    assert made.status_code == 201, made.text
    return made.json()


def test_a_meeting_goes_from_draft_to_acknowledged(desk, lead, ana):
    assert ana.get(at(desk, "draft")).status_code == 403
    assert ana.get(at(desk, "minutes")).status_code == 403
    version = confirmed(desk, lead)
    read = ana.get(at(desk, "minutes")).json()
    assert (read["sha256"], read["versions"], read["state"]) == (version["sha256"], [1], "confirmed")
    wrong = ana.post(at(desk, "acknowledgement"), json={"sha256": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"]) == (412, "version_changed")
    done = ana.post(at(desk, "acknowledgement"), json={"sha256": version["sha256"]})
    assert done.json()["state"] == "acknowledged"
    assert lead.get(at(desk, "minutes")).json()["replies"][0]["verdict"] == "acknowledge"


def test_a_dispute_is_corrected(desk, lead, ana):
    version = confirmed(desk, lead)
    body = {"sha256": version["sha256"], "items": ["a1"], "comment": "不是周五"}
    assert ana.post(at(desk, "dispute"), json=body).json()["state"] == "disputed"
    read = lead.get(at(desk, "minutes"))
    assert read.json()["replies"][0]["comment"] == "不是周五"
    edit = {"decisions": [{"item": "a1", "verdict": "edit", "fields": {"due": "2026-06-01"}}]}
    made = lead.post(at(desk, "corrections"), json=edit, headers={"If-Match": read.headers["etag"]})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert ana.get(at(desk, "minutes?version=1")).json()["sha256"] == version["sha256"]


def test_two_tabs_cannot_overwrite_each_other(desk, lead):
    tag = lead.get(at(desk, "draft")).headers["etag"]
    body = {"decisions": [{"item": "p1", "verdict": "accept"}]}
    assert lead.post(at(desk, "decisions"), json=body).status_code == 428
    first = lead.post(at(desk, "decisions"), json=body, headers={"If-Match": tag})
    second = lead.post(at(desk, "decisions"), json=body, headers={"If-Match": tag})
    edit = {"edits": [{"i": 0, "text": "x"}]}
    third = lead.patch(at(desk, "transcript"), json=edit, headers={"If-Match": tag})
    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 412)
    fourth = lead.patch(at(desk, "transcript"), json=edit, headers={"If-Match": first.headers["etag"]})
    assert (fourth.status_code, lead.get(at(desk, "transcript")).json()["transcript"]["rev"]) == (200, 3)


def test_speakers_are_said_once_and_the_owners_follow(desk, lead):
    tag = lead.get(at(desk, "draft")).headers["etag"]
    body = {"edits": [{"i": 1, "text": "Thanks. I will send the reports by Friday."}]}
    body |= {"speakers": {"m": "e", "e": "m"}, "names": {"e": "Luis B."}}
    changed = lead.patch(at(desk, "transcript"), json=body, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    read = lead.get(at(desk, "transcript")).json()["transcript"]
    assert [turn["speaker"] for turn in read["turns"]] == ["e", "m", "e", "m"]
    assert [one["name"] for one in read["participants"]] == ["Dana", "Luis B."]
    review = lead.get(at(desk, "draft")).json()
    assert review["draft"]["action_items"][0]["owner"] == "m"
    assert review["draft"]["points"][0]["person"] == "m"
    wrong = {"speakers": {"e": "s7"}}
    refused = lead.patch(at(desk, "transcript"), json=wrong, headers={"If-Match": changed.headers["etag"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_participant")


def decided(desk, client, tag, **body):
    answer = client.post(at(desk, "decisions"), json=body, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


def test_a_decision_is_taken_back_and_the_item_is_open_again(desk, lead):
    before = lead.get(at(desk, "draft"))
    choices = [
        {"item": "p1", "verdict": "reject"},
        {"item": "a1", "verdict": "edit", "fields": {"task": "Mine"}},
    ]
    tag = decided(desk, lead, before.headers["etag"], decisions=choices)
    tag = decided(desk, lead, tag, withdrawn=["p1", "a1"])
    after = lead.get(at(desk, "draft")).json()
    assert after == before.json()
    wrong = lead.post(at(desk, "decisions"), json={"withdrawn": ["x9"]}, headers={"If-Match": tag})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_item")


def test_an_item_is_added_from_selected_words_and_taken_out_again(desk, lead):
    read = lead.get(at(desk, "draft"))
    quote = {"turn": 2, "start": 6, "end": 39}
    task = {"task": "Review", "owner": "m", "due": "2026-05-11"}
    one = {"group": "action_items", "fields": task, "quotes": [quote]}
    tag = decided(desk, lead, read.headers["etag"], additions=[one])
    (item,) = lead.get(at(desk, "draft")).json()["added"]["action_items"]
    assert item["evidence"] == [
        {"turn": 2, "quote": "and from now on we review on Mond", "start_s": 4.0, "end_s": 6.0}
    ]
    edit = {"edits": [{"i": 2, "text": "Good. And from now on we review on Mondays."}]}
    lead.patch(at(desk, "transcript"), json=edit, headers={"If-Match": tag})
    read = lead.get(at(desk, "draft"))
    (item,) = read.json()["added"]["action_items"]
    assert item["evidence"][0]["quote"] == "And from now on we review on Mond"
    for wrong in ({"turn": 9, "start": 0, "end": 2}, {"turn": 2, "start": 9, "end": 900}):
        body = {"additions": [{**one, "quotes": [wrong]}]}
        answer = lead.post(at(desk, "decisions"), json=body, headers={"If-Match": read.headers["etag"]})
        assert answer.status_code == 422
    decided(desk, lead, read.headers["etag"], withdrawn=[item["id"]])
    assert lead.get(at(desk, "draft")).json()["added"]["action_items"] == []


@pytest.mark.parametrize(
    ("phrase", "due", "said"),
    [
        ("by next Friday", "2026-05-15", "by next Friday"),
        ("下周五之前吧", "2026-05-15", "下周五之前"),
        ("every Monday", None, "every Monday"),
        ("whatever you think", None, None),
    ],
)
def test_words_for_a_date_are_understood_from_the_day_of_the_meeting(desk, lead, ana, phrase, due, said):
    answer = lead.post(at(desk, "dates/understand"), json={"phrase": phrase})
    told = answer.json()
    assert (told["due"], told["due_text"]) == (due, said)
    assert (told["rule_words"] is None) is (said is None)
    assert ana.post(at(desk, "dates/understand"), json={"phrase": phrase}).status_code == 403


@pytest.mark.parametrize("form", ["md", "docx", "ics", "json", "srt"])
def test_nothing_unconfirmed_leaves_and_what_leaves_is_inert(desk, lead, ana, form):
    for browser in (lead, ana):
        assert browser.get(at(desk, f"export?format={form}")).status_code == 403
    confirmed(desk, lead)
    answer = lead.get(at(desk, f"export?format={form}"))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert HINT.encode() not in answer.content
    _check(form, answer.content)


def _check(form, content):
    if form == "md":
        assert "<script>" not in content.decode()
        assert "\\[x\\](javascript" in content.decode()
        assert "Confirmed minutes, version 1." in content.decode()
    elif form == "docx":
        assert PAYLOAD in [c.text for t in Word(io.BytesIO(content)).tables for r in t.rows for c in r.cells]
        assert b"w:hyperlink" not in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    elif form == "ics":
        tasks = Calendar.from_ical(content).walk("VTODO")
        assert {str(task["summary"]) for task in tasks} == {"Send the SQL queries", PAYLOAD}
        assert len({str(task["uid"]) for task in tasks}) == 2
    elif form == "json":
        assert json.loads(content)["schema"] == "rapport.minutes/1"
    else:
        assert content.decode().startswith("1\n00:00:00,000 --> 00:00:02,000\n")


def test_a_task_keeps_its_uid_through_a_correction(desk, lead, ana):
    def uids():
        content = ana.get(at(desk, "export?format=ics")).content
        return {str(t["uid"]): t["due"].dt.isoformat() for t in Calendar.from_ical(content).walk("VTODO")}

    version = confirmed(desk, lead)
    before = uids()
    ana.post(at(desk, "dispute"), json={"sha256": version["sha256"], "comment": "No"})
    tag = lead.get(at(desk, "minutes")).headers["etag"]
    edit = {"decisions": [{"item": "a1", "verdict": "edit", "fields": {"due": "2026-06-01"}}]}
    assert lead.post(at(desk, "corrections"), json=edit, headers={"If-Match": tag}).status_code == 201
    assert uids().keys() == before.keys()
    assert "2026-06-01" in uids().values()


def test_strangers_and_global_roles_learn_nothing(desk, people, lead):
    confirmed(desk, lead)
    for name in ("hr", "admin", "boss", "li", "outsider", "outsider_member"):
        browser = people.sign_in(name)
        for path in ("draft", "transcript", "minutes", "export?format=json"):
            assert browser.get(at(desk, path)).status_code == 404, (name, path)
        body = {"what": "all"}
        assert browser.post(at(desk, "erasure"), json=body).status_code == 404
        assert browser.get("/api/v1/action-items?whose=meetings").json()["items"] == []
    visitor = people.visitor()
    assert visitor.get(at(desk, "minutes")).status_code == 401


def test_action_items_are_paged_and_followed_up(desk, lead, ana):
    confirmed(desk, lead)
    first = ana.get("/api/v1/action-items?limit=1").json()
    second = ana.get(f"/api/v1/action-items?limit=1&cursor={first['next_cursor']}").json()
    assert {one["item"] for one in first["items"] + second["items"]} == {"a1", "a2"}
    assert second["next_cursor"] is None
    one = first["items"][0]
    place, tag = f"/api/v1/action-items/{one['id']}", {"If-Match": etag(one["revision"])}
    moved = ana.patch(place, json={"status": "moved", "due": "2026-06-09"}, headers=tag)
    assert (moved.status_code, moved.json()["due"]) == (200, "2026-06-09")
    assert ana.patch(place, json={"status": "done"}, headers=tag).status_code == 412
    assert ana.patch(place, json={"status": "moved"}, headers={"If-Match": '"2"'}).status_code == 422


def test_people_take_their_data_along_encrypted(desk, lead, ana):
    confirmed(desk, lead)
    made = ana.post("/api/v1/privacy/archive").json()
    content = base64.b64decode(made["content"])
    assert b"SQL" not in content
    archive = pyzipper.AESZipFile(io.BytesIO(content))
    with pytest.raises(RuntimeError):
        archive.read("my-data.json")
    archive.setpassword(made["password"].encode())
    data = json.loads(archive.read("my-data.json"))
    assert data["person"]["display_name"] == "Ana Ruiz"
    assert "password_hash" not in data["accounts"][0]
    assert {turn["speaker"] for turn in data["meetings"][0]["my_turns"]} == {"e"}
    assert data["meetings"][0]["minutes"][0]["version"] == 1
    page = archive.read("my-data.md").decode()
    assert "Send the SQL queries" in page
    assert "<script>" not in page


def test_people_see_who_looked_and_erase(desk, lead, ana):
    lead.get(at(desk, "transcript"))
    looks = ana.get("/api/v1/privacy/looks").json()["items"]
    assert [(one["viewer_name"], one["thing"]) for one in looks] == [("Dana Moss", "transcript")]
    assert ana.get("/api/v1/privacy/data").json()["items"][0]["recording"] is True
    assert ana.post(at(desk, "erasure"), json={"what": "all"}).status_code == 403
    assert ana.post(at(desk, "erasure-request")).status_code == 201
    assert lead.post(at(desk, "erasure"), json={"what": "all"}).status_code == 204
    assert ana.get("/api/v1/privacy/data").json()["items"][0]["state"] == "erased"
    assert lead.get(at(desk, "transcript")).status_code == 404
    assert lead.post(at(desk, "erasure"), json={"what": "all"}).status_code == 204


def test_hr_needs_a_reason_and_a_hold_a_second_person(desk, people, lead, ana):
    confirmed(desk, lead)
    hr = people.sign_in("hr")
    assert ana.post(at(desk, "access-requests"), json={"reason": "audit"}).status_code == 403
    assert hr.post(at(desk, "access-requests"), json={"reason": "curious"}).status_code == 422
    permit = hr.post(at(desk, "access-requests"), json={"reason": "audit"}).json()
    assert hr.post(f"/api/v1/access-requests/{permit['id']}/agree").status_code == 403
    hold = hr.post(at(desk, "holds"), json={"reason": "litigation"}).json()
    refused = hr.post(f"/api/v1/holds/{hold['id']}/agree")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    assert len(ana.get(at(desk, "holds")).json()["items"]) == 1


def test_a_hint_is_dismissed_and_taken_back_by_its_manager_alone(desk, lead, ana):
    tag = lead.get(at(desk, "draft")).headers["etag"]
    door, body = at(desk, "tone-flags/t1"), {"dismissed": "misheard"}
    assert ana.patch(door, json=body, headers={"If-Match": tag}).status_code == 403
    first = lead.patch(door, json=body, headers={"If-Match": tag})
    assert (first.status_code, first.json()["state"]) == (200, "drafted")
    assert lead.patch(door, json=body, headers={"If-Match": tag}).status_code == 412
    (flag,) = lead.get(at(desk, "draft")).json()["draft"]["tone_flags"]
    assert flag["dismissed"] == "misheard"
    for wrong in ({"dismissed": "boring"}, {}):
        answer = lead.patch(door, json=wrong, headers={"If-Match": first.headers["etag"]})
        assert answer.status_code == 422
    unknown = lead.patch(at(desk, "tone-flags/t9"), json=body, headers={"If-Match": first.headers["etag"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_item")
    back = lead.patch(door, json={"dismissed": None}, headers={"If-Match": first.headers["etag"]})
    assert back.status_code == 200
    assert "dismissed" not in lead.get(at(desk, "draft")).json()["draft"]["tone_flags"][0]


def test_only_hints_that_held_are_counted_when_all_of_them_go(desk, lead):
    tag = lead.get(at(desk, "draft")).headers["etag"]
    lead.patch(at(desk, "tone-flags/t1"), json={"dismissed": "fitting"}, headers={"If-Match": tag})
    confirmed(desk, lead)
    with desk.rapport.database.read(desk.ids["org"]) as work:
        documents = MeetingDocuments(desk.rapport, work, work.one(Meeting, desk.meeting))
        draft = documents.read(documents.of(documents.meeting.draft_id))
    assert (draft["tone_flags"], draft["tone_counts"]) == ([], {})


def test_what_was_heard_of_earlier_items_comes_with_their_words(desk, people, lead, clock):
    confirmed(desk, lead)
    heard = [{"item": "a1", "status": "done", "due": None, "evidence": []}]
    later = Office(desk.rapport, desk.ids)
    clock.move(hours=1)
    later.meeting = add_meeting(later, clock, draft_value=draft(follow_up=heard))
    with desk.rapport.database.write(desk.ids["org"]) as work:
        pair = {"manager_id": desk.ids["lead"], "employee_id": desk.ids["emp"]}
        series = work.add(Series(kind="check_in", created_at=work.now, **pair))
        for meeting in (desk.meeting, later.meeting):
            work.one(Meeting, meeting).series_id = series.id
    (one,) = [one for one in lead.get(at(later, "draft")).json()["earlier"] if one["item"] == "a1"]
    assert (one["task"], one["status"], one["owner_id"]) == (
        "Send the SQL queries",
        "open",
        people.ids["ana"],
    )
    place = f"/api/v1/action-items/{one['id']}"
    done = lead.patch(place, json={"status": "done"}, headers={"If-Match": etag(one["revision"])})
    assert done.status_code == 200, done.text
