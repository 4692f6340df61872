"""What is known of a person: who reads it, who changes which part, and that it lies encrypted."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from service.db.tables import Profile
from service.storage.errors import Erased

OWN = {
    "interest": "data",
    "completed": ["sql-101"],
    "ratings": [{"skill": "SQL", "value": 2, "by": "self", "on": "2026-03-01"}],
}
MANAGERS = {"role": "Analyst", "expected": {"SQL": 4}, "budget": 500.0}


@pytest.fixture
def at(people):
    return f"/api/v1/people/{people.ids['ana']}/profile"


def test_a_person_and_their_manager_fill_in_one_profile(ana, lead, at):
    assert ana.get(at).json() == {"profile": {}}
    assert ana.patch(at, json=OWN).status_code == 200
    rating = {"skill": "SQL", "value": 3, "by": "manager", "on": "2026-04-01"}
    told = lead.patch(at, json={**MANAGERS, "ratings": [*OWN["ratings"], rating]})
    assert told.status_code == 200, told.text
    whole = {**OWN, **MANAGERS, "ratings": [*OWN["ratings"], rating]}
    assert ana.get(at).json()["profile"] == lead.get(at).json()["profile"] == whole
    cleared = ana.patch(at, json={"interest": None}).json()["profile"]
    assert "interest" not in cleared


@pytest.mark.parametrize(
    ("who", "values"),
    [
        ("ana", {"expected": {"SQL": 1}}),
        ("ana", {"ratings": [{"skill": "SQL", "value": 5, "by": "manager", "on": "2026-04-01"}]}),
        ("lead", {"interest": "what I want"}),
        ("lead", {"ratings": [{"skill": "SQL", "value": 5, "by": "self", "on": "2026-04-01"}]}),
        ("lead", {"ratings": []}),
    ],
)
def test_nobody_speaks_for_the_other(people, ana, at, who, values):
    assert ana.patch(at, json=OWN).status_code == 200
    told = people.sign_in(who).patch(at, json=values)
    assert (told.status_code, told.json()["code"]) == (422, "not_editable")
    assert ana.get(at).json()["profile"] == OWN


@pytest.mark.parametrize("who", ["boss", "hr", "admin", "li"])
def test_everybody_else_is_shut_out(people, ana, at, who):
    assert ana.patch(at, json=OWN).status_code == 200
    other = people.sign_in(who)
    for answer in (other.get(at), other.patch(at, json={"interest": "x"}), other.delete(at)):
        assert answer.status_code in (403, 404)
    assert people.sign_in("outsider").get(at).status_code == 404
    assert people.visitor().get(at).status_code == 401
    assert ana.get(at).json()["profile"] == OWN


def test_the_person_sees_that_the_manager_looked(people, ana, lead, at):
    ana.patch(at, json=OWN)
    lead.get(at)
    looks = ana.get("/api/v1/privacy/looks").json()["items"]
    assert [(one["viewer_name"], one["thing"]) for one in looks] == [("Dana Moss", "profile")]


def test_two_tabs_do_not_overwrite_each_other(ana, at):
    seen = ana.get(at).headers["etag"]
    assert ana.patch(at, json=OWN, headers={"If-Match": seen}).status_code == 200
    late = ana.patch(at, json={"interest": "late"}, headers={"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "version_changed")


def test_nothing_of_it_stands_in_the_database_and_the_person_destroys_it(people, ana, lead, at):
    ana.patch(at, json={"interest": "MARKER OF AN INTEREST"})
    with people.rapport.database.read(people.organisation_id) as work:
        row = work.session.scalars(work.rows(Profile)).one()
        written = work.session.execute(text("SELECT * FROM profile")).one()
    assert "MARKER" not in repr(written)
    assert lead.delete(at).status_code == 403
    assert ana.delete(at).status_code == 204
    assert ana.get(at).json() == {"profile": {}}
    with pytest.raises(Erased):
        people.rapport.documents.read(row.key_id, row.blob)
