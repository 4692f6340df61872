"""What waits, the team and feedback over time, on both databases."""

from __future__ import annotations

from datetime import timedelta

from service.db.tables import Meeting, Relation
from service.domain.edits import Verdict
from service.usecases.confirm import confirm
from service.usecases.decide import Choice, decide
from service.usecases.feedback_indicators import feedback_trend, keep_indicators
from service.usecases.permits import ask_access
from service.usecases.search import search
from service.usecases.team import Promises, read_team
from service.usecases.what_waits import WaitingFor, what_waits
from tests.service.usecases.meeting_office import SHOWN


def waiting(office, name, *roles):
    return [one.what for one in what_waits(office.rapport, office.actor(name, *roles)).waiting]


def test_a_meeting_waits_first_for_its_manager_then_for_the_employee(office, clock):
    rapport, lead = office.rapport, office.actor("lead")
    with rapport.database.write(office.ids["org"]) as work:
        pair = {"manager_id": office.ids["lead"], "employee_id": office.ids["emp"]}
        work.add(Relation(kind="manager", from_day=clock().date(), **pair))
    assert (waiting(office, "lead"), waiting(office, "emp")) == ([WaitingFor.review], [])
    choices = [Choice(item, Verdict.accept) for item in SHOWN[:-1]]
    revision = decide(rapport, lead, office.meeting, office.row().revision, choices).revision
    confirm(rapport, lead, office.meeting, revision, SHOWN)
    assert (waiting(office, "lead"), waiting(office, "emp")) == ([], [WaitingFor.answer])
    clock.move(days=400)
    (found,) = read_team(rapport, lead).members
    assert found.mine == Promises()
    assert found.theirs == Promises(1, 1)
    assert found.talks == ()
    assert found.last_talk == clock().date() - timedelta(days=400)
    assert [one.meeting.id for one in search(rapport, lead, "emp").meetings] == [office.meeting]
    with rapport.database.write(office.ids["org"]) as work:
        measured = {
            "open_questions": {"value": 3.0, "evidence": [1, 4, 6]},
            "facts": {"value": None, "evidence": []},
        }
        keep_indicators(work, work.one(Meeting, office.meeting), {"feedback_quality": measured})
    trend = {
        name: [(one.value, one.evidence) for one in found]
        for name, found in feedback_trend(rapport, lead, 24).items()
    }
    assert trend == {"open_questions": [(3.0, 3)]}


def test_hr_is_told_of_requests_of_others_and_admins_of_none(office):
    lead = office.actor("lead")
    revision = decide(
        office.rapport,
        lead,
        office.meeting,
        office.row().revision,
        [Choice(i, Verdict.accept) for i in SHOWN[:-1]],
    ).revision
    confirm(office.rapport, lead, office.meeting, revision, SHOWN)
    asked = ask_access(office.rapport, office.actor("hr", "hr"), office.meeting, "audit")
    for name, roles, found in (("hr", ["hr"], []), ("hr2", ["hr"], [asked.id]), ("hr2", ["hr", "admin"], [])):
        permits = what_waits(office.rapport, office.actor(name, *roles)).permits
        assert [one.id for one in permits] == found
    assert WaitingFor.knowing in waiting(office, "lead")
