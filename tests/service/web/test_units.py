"""Teams and departments: an administrator keeps the tree, members see it."""

from __future__ import annotations

import pytest

UNITS = "/api/v1/units"


@pytest.fixture
def admin(people):
    return people.sign_in("admin")


def make(admin, name, parent_id=None):
    answer = admin.post(UNITS, json={"name": name, "parent_id": parent_id})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def refused(answer):
    return answer.status_code, answer.json()["code"]


def test_units_are_made_renamed_moved_and_seen_by_members(people, admin):
    sales = make(admin, "Sales")
    north = make(admin, "北区", sales)
    service = make(admin, "Service")
    read = admin.get(f"{UNITS}/{north}")
    change = {"name": "North", "parent_id": service}
    moved = admin.patch(f"{UNITS}/{north}", json=change, headers={"If-Match": read.headers["etag"]})
    assert (moved.json()["name"], moved.json()["parent_id"]) == ("North", service)
    late = admin.patch(f"{UNITS}/{north}", json={"name": "X"}, headers={"If-Match": read.headers["etag"]})
    assert refused(late) == (412, "version_changed")
    listed = people.sign_in("ana").get(UNITS).json()["items"]
    assert [one["name"] for one in listed] == ["North", "Sales", "Service"]
    assert admin.patch(f"{UNITS}/{north}", json={"parent_id": None}).json()["parent_id"] is None


def test_a_tree_stays_a_tree_and_names_are_told_apart(admin):
    sales = make(admin, "Sales")
    north = make(admin, "North", sales)
    assert refused(admin.patch(f"{UNITS}/{sales}", json={"parent_id": north})) == (422, "unit_in_itself")
    assert refused(admin.patch(f"{UNITS}/{sales}", json={"parent_id": sales})) == (422, "unit_in_itself")
    assert refused(admin.post(UNITS, json={"name": "SALES"})) == (409, "unit_exists")
    top = make(admin, "north")
    assert refused(admin.patch(f"{UNITS}/{top}", json={"parent_id": sales})) == (409, "unit_exists")
    unknown = "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f"
    assert admin.post(UNITS, json={"name": "X", "parent_id": unknown}).status_code == 404


def test_people_are_assigned_and_a_unit_in_use_is_not_retired(people, admin):
    sales = make(admin, "Sales")
    north = make(admin, "North", sales)
    body = {"people": [people.ids["ana"], people.ids["li"]]}
    assert admin.post(f"{UNITS}/{north}/people", json=body).status_code == 204
    assert admin.get(f"/api/v1/people/{people.ids['ana']}").json()["unit_id"] == north
    for unit in (sales, north):
        assert refused(admin.patch(f"{UNITS}/{unit}", json={"retired": True})) == (409, "unit_in_use")
    for name in ("ana", "li"):
        admin.patch(f"/api/v1/people/{people.ids[name]}", json={"unit_id": None})
    assert admin.patch(f"{UNITS}/{north}", json={"retired": True}).json()["retired_on"] == "2026-05-04"
    change = {"unit_id": north}
    assert refused(admin.patch(f"/api/v1/people/{people.ids['ana']}", json=change)) == (422, "unit_retired")
    assert refused(admin.post(f"{UNITS}/{north}/people", json=body)) == (422, "unit_retired")
    make(admin, "North", sales)
    assert refused(admin.patch(f"{UNITS}/{north}", json={"retired": False})) == (409, "unit_exists")


@pytest.mark.parametrize("who", ["ana", "hr", "lead", "outsider"])
def test_nobody_else_changes_units(people, admin, who):
    sales = make(admin, "Sales")
    client = people.sign_in(who)
    foreign = who == "outsider"
    answers = [
        client.patch(f"{UNITS}/{sales}", json={"name": "Mine"}),
        client.post(f"{UNITS}/{sales}/people", json={"people": [people.ids["ana"]]}),
    ]
    assert {answer.status_code for answer in answers} == {404 if foreign else 403}
    if foreign:
        assert client.get(UNITS).json()["items"] == []
        assert client.get(f"{UNITS}/{sales}").status_code == 404
    else:
        assert client.post(UNITS, json={"name": "Mine"}).status_code == 403
    assert [one["name"] for one in admin.get(UNITS).json()["items"]] == ["Sales"]
