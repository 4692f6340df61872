"""What is known of people informs a draft only where their manager of today led the meeting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.development import Profile as Facts
from models.parsing import build
from models.pipeline import DraftOptions
from service.db.tables import ActionItem, Meeting, Profile, Relation
from service.jobs.assignment import assignment
from service.jobs.known import known_of, profiles
from service.usecases.decide import Choice, decide
from service.usecases.read_draft import read_draft
from tests.service.usecases.meeting_office import open_office

FACTS = {
    "ratings": [{"skill": "SQL", "value": 2, "by": "manager", "on": "2026-03-01"}],
    "expected": {"SQL": 4},
    "completed": ["sql-1"],
}


@pytest.fixture
def queue():
    from tests.service.recording_queue import RecordingQueue

    return RecordingQueue()


@pytest.fixture
def office(tmp_path, migrated_url, clock, queue):
    """A drafted meeting of lead with emp, who has a profile and completed a step of a plan."""
    office = open_office(tmp_path / "service", migrated_url, clock, queue)
    rapport, ids = office.rapport, office.ids
    key = rapport.keys.create()
    with rapport.database.write(ids["org"]) as work:
        blob = rapport.documents.write(key, FACTS)
        work.add(Profile(person_id=ids["emp"], key_id=key, blob=blob, updated_at=work.now))
        step = {"version": 1, "item": "r9.learn", "plan_of": ids["emp"], "resource": "sql-2"}
        work.add(ActionItem(meeting_id=office.meeting, status="done", status_at=work.now, **step))
    yield office
    rapport.database.close()


def manage(office, manager, until=None):
    with office.rapport.database.write(office.ids["org"]) as work:
        people = {"manager_id": office.ids[manager], "employee_id": office.ids["emp"]}
        start = work.now.date() - timedelta(days=90)
        row = Relation(kind="manager", from_day=start, until_day=until, made_by=office.ids["admin"], **people)
        work.add(row)


def known(office):
    with office.rapport.database.read(office.ids["org"]) as work:
        found = known_of(work, work.one(Meeting, office.meeting))
    return profiles(office.rapport.documents, found)


def test_the_manager_of_today_drafts_with_the_profile_and_what_was_completed(office):
    manage(office, "lead")
    assert known(office) == {"e": {**FACTS, "completed": ["sql-1", "sql-2"]}}
    options = build(DraftOptions, {"profiles": known(office)})
    assert options.profiles["e"] == build(Facts, {**FACTS, "completed": ["sql-1", "sql-2"]})


def test_a_manager_of_another_day_drafts_without(office, clock):
    manage(office, "stranger")
    manage(office, "lead", until=clock().date() - timedelta(days=1))
    assert known(office) == {}


def test_an_erased_profile_is_empty_and_stops_nothing(office):
    manage(office, "lead")
    (row,) = office.rows(Profile)
    office.rapport.keys.destroy(row.key_id)
    assert known(office) == {"e": {"completed": ["sql-2"]}}


def test_a_draft_is_made_again_when_more_is_known(office):
    manage(office, "lead")
    with office.rapport.database.write(office.ids["org"]) as work:
        meeting = work.one(Meeting, office.meeting)
        first = assignment(work, meeting, "key").fingerprint()
        work.session.scalars(work.rows(Profile)).one().blob = "another"
        work.session.flush()
        assert assignment(work, meeting, "key").fingerprint() != first


@pytest.mark.parametrize(("manager", "target", "current"), [("lead", 4, 2), ("stranger", None, None)])
def test_ratings_are_in_a_plan_for_the_manager_of_today_alone(office, manager, target, current):
    manage(office, manager)
    lead = office.actor("lead")
    accept = [Choice("r1", "accept")]
    decide(office.rapport, lead, office.meeting, office.row().revision, accept)
    (entry,) = read_draft(office.rapport, lead, office.meeting).review.plan
    assert (entry["target"], entry["current"]) == (target, current)
