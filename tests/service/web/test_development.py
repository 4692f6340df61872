"""A development plan over HTTP: from an accepted recommendation to the file, and what became of its steps."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from docx import Document as Word
from icalendar import Calendar

from service.db.tables import ActionItem
from tests.service.domain.drafts import draft
from tests.service.usecases.meeting_office import SHOWN, Office, add_meeting

LEARN, SUPPORT, REVIEW = "r1.learn", "s1.support", "s1.review"
STEPS = [LEARN, SUPPORT, REVIEW]


@pytest.fixture
def desk(people, clock):
    """A drafted meeting of Dana with Ana, whose gap has a recommendation."""
    ids = {"org": people.organisation_id, "lead": people.ids["lead"], "emp": people.ids["ana"]}
    office = Office(people.rapport, ids)
    office.meeting = add_meeting(office, clock, draft_value=draft())
    return office


def at(desk, path):
    return f"/api/v1/meetings/{desk.meeting}/{path}"


def decide(desk, lead, *decisions, **more):
    seen = lead.get(at(desk, "draft")).headers["etag"]
    body = {"decisions": list(decisions), **more}
    return lead.post(at(desk, "decisions"), json=body, headers={"If-Match": seen})


def confirm(desk, lead, *displayed):
    assert decide(desk, lead, accepted("p1"), accepted("g1")).status_code == 200
    seen = lead.get(at(desk, "draft")).headers["etag"]
    body = {"displayed": [*SHOWN, *displayed]}
    return lead.post(at(desk, "confirm"), json=body, headers={"If-Match": seen})


def accepted(item="r1", verdict="accept", **more):
    return {"item": item, "verdict": verdict, **more}


def planned(desk, lead, *decisions):
    """Confirmed minutes with a plan."""
    assert decide(desk, lead, accepted(), *decisions).status_code == 200
    made = confirm(desk, lead, *STEPS)
    assert made.status_code == 201, made.text


def steps(entries):
    return {step["id"]: step for entry in entries for step in entry["will"]}


def test_what_is_accepted_makes_a_plan_and_what_is_withdrawn_unmakes_it(desk, lead):
    assert lead.get(at(desk, "draft")).json()["plan"] == []
    assert decide(desk, lead, accepted()).status_code == 200
    (entry,) = lead.get(at(desk, "draft")).json()["plan"]
    assert (entry["person"], entry["skill"], list(steps([entry]))) == ("e", "SQL", STEPS)
    assert entry["options"][0]["step"] == LEARN
    edited = decide(desk, lead, accepted(LEARN, "edit", fields={"task": "Learn SQL"}))
    assert edited.status_code == 200
    assert decide(desk, lead, accepted("s1", "reject")).status_code == 200
    after = lead.get(at(desk, "draft")).json()
    assert after["plan"] == []
    assert {one["item"] for one in after["decisions"]} == {"r1", "s1"}
    assert decide(desk, lead, accepted(LEARN, "reject")).json()["code"] == "unknown_item"
    assert decide(desk, lead, withdrawn=["s1", "r1"]).status_code == 200
    assert lead.get(at(desk, "draft")).json()["plan"] == []


def test_one_request_accepts_and_edits_the_step_that_comes_of_it(desk, lead):
    fields = {"due": "2026-09-01", "owner": "m"}
    told = decide(desk, lead, accepted(LEARN, "edit", fields=fields), accepted())
    assert told.status_code == 200, told.text
    for fields in ({"due": None}, {"due": "soon"}, {"owner": "nobody"}, {"task": ""}, {"kind": "learn"}):
        assert decide(desk, lead, accepted(LEARN, "edit", fields=fields)).status_code == 422


def test_nothing_of_a_plan_is_confirmed_unseen(desk, lead):
    assert decide(desk, lead, accepted()).status_code == 200
    unseen = confirm(desk, lead, LEARN, SUPPORT)
    assert (unseen.status_code, unseen.json()["code"]) == (409, "not_reviewed")
    assert REVIEW in unseen.json()["detail"]
    assert confirm(desk, lead, *STEPS).status_code == 201


def test_a_confirmed_plan_is_in_the_minutes_with_what_the_manager_made_of_it(desk, lead, ana):
    edit = accepted(LEARN, "edit", fields={"task": "Learn SQL", "due": "2026-09-01"})
    planned(desk, lead, edit, accepted(SUPPORT, "reject"))
    minutes = ana.get(at(desk, "minutes")).json()["minutes"]
    (entry,) = minutes["plan"]
    made = steps([entry])
    assert list(made) == [LEARN, REVIEW]
    assert (made[LEARN]["task"], made[LEARN]["due"], made[LEARN]["suggested"]) == (
        "Learn SQL",
        "2026-09-01",
        False,
    )
    assert entry["evidence"] == [3]
    sha = ana.get(at(desk, "minutes")).json()["sha256"]
    disputed = ana.post(at(desk, "dispute"), json={"sha256": sha, "items": [LEARN], "comment": "Too late."})
    assert disputed.status_code == 200
    seen = lead.get(at(desk, "minutes")).headers["etag"]
    body = {"decisions": [accepted(LEARN, "edit", fields={"due": "2026-08-01"})]}
    fixed = lead.post(at(desk, "corrections"), json=body, headers={"If-Match": seen})
    assert fixed.status_code == 201, fixed.text
    (entry,) = ana.get(at(desk, "minutes")).json()["minutes"]["plan"]
    assert steps([entry])[LEARN]["due"] == "2026-08-01"


def plan_of(people, client, name="ana"):
    return client.get(f"/api/v1/people/{people.ids[name]}/plan")


def test_steps_are_followed_up_like_action_items(people, desk, lead, ana):
    planned(desk, lead)
    (one,) = plan_of(people, ana).json()["items"]
    assert {step["item"]: step["status"] for step in one["steps"]} == dict.fromkeys(STEPS, "open")
    step = next(step for step in one["steps"] if step["item"] == LEARN)
    listed = {item["item"]: item for item in ana.get("/api/v1/action-items").json()["items"]}
    assert listed[LEARN]["task"] == steps(one["entries"])[LEARN]["task"]
    assert (listed[LEARN]["plan_of"], listed[LEARN]["resource"]) == (people.ids["ana"], "sql-101")
    for status, revision in (("in_work", 1), ("done", 2)):
        path, etag = f"/api/v1/action-items/{step['id']}", {"If-Match": f'"{revision}"'}
        assert ana.patch(path, json={"status": status}, headers=etag).status_code == 200
    (one,) = plan_of(people, lead).json()["items"]
    assert {step["item"]: step["status"] for step in one["steps"]}[LEARN] == "done"


def test_a_plan_is_read_by_those_of_the_meeting_alone(people, desk, lead, ana):
    planned(desk, lead)
    for who in ("lead", "ana"):
        assert len(plan_of(people, people.sign_in(who)).json()["items"]) == 1
    for who in ("boss", "hr", "admin", "li"):
        assert plan_of(people, people.sign_in(who)).json()["items"] == []
        file = people.sign_in(who).get(f"/api/v1/people/{people.ids['ana']}/plan/export")
        assert file.status_code == 404
    assert plan_of(people, people.sign_in("outsider")).status_code == 404
    assert plan_of(people, people.visitor()).status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/meetings/{meeting}/export", "/api/v1/people/{ana}/plan/export"])
def test_a_plan_is_in_every_file(people, desk, lead, ana, path):
    planned(desk, lead)
    path = path.format(meeting=desk.meeting, ana=people.ids["ana"])
    task = steps(plan_of(people, ana).json()["items"][0]["entries"])[LEARN]["task"]
    assert task in ana.get(path, params={"format": "md"}).text.replace("\\", "")
    tables = Word(BytesIO(ana.get(path, params={"format": "docx"}).content)).tables
    assert any(task in cell.text for table in tables for row in table.rows for cell in row.cells)
    calendar = Calendar.from_ical(ana.get(path, params={"format": "ics"}).content)
    assert task in [str(todo["summary"]) for todo in calendar.walk("VTODO")]
    assert len(calendar.walk("VEVENT")) == 1
    assert task in json.dumps(ana.get(path, params={"format": "json"}).json(), ensure_ascii=False)


def test_an_erased_meeting_takes_its_plan_with_it(people, desk, lead, ana):
    decide(desk, lead, accepted())
    assert lead.post(at(desk, "erasure"), json={"what": "audio"}).status_code in (200, 204)
    assert confirm(desk, lead, *STEPS).status_code == 201
    with people.rapport.database.read(people.organisation_id) as work:
        assert (
            len(list(work.session.scalars(work.rows(ActionItem).where(ActionItem.plan_of.is_not(None))))) == 3
        )
