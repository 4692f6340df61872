"""Templates over HTTP: everybody reads them, an administrator changes them and goes back."""

from __future__ import annotations

import pytest

CHECK_IN = "/api/v1/templates/check_in/zh"
OURS = {
    "agenda": [{"title": "近况", "minutes": 15, "questions": ["<b>最近怎么样？</b>"]}],
    "sections": [{"title": "约定", "holds": ["agreements", "action_items"]}],
}


@pytest.fixture
def admin(people):
    return people.sign_in("admin")


def test_everybody_reads_what_ships_in_both_languages(people):
    ana = people.sign_in("ana")
    for language, title in (("en", "Progress and highlights"), ("zh", "进展与亮点")):
        items = ana.get(f"/api/v1/templates?language={language}").json()["items"]
        assert len(items) == 7
        assert not any(one["own"] for one in items)
        assert items[0]["template"]["agenda"][0]["title"] == title


def test_an_organisation_writes_its_own_and_goes_back(people, admin):
    shipped = admin.get(CHECK_IN)
    written = admin.put(CHECK_IN, json=OURS, headers={"If-Match": shipped.headers["etag"]})
    assert (written.status_code, written.json()["own"]) == (200, True)
    assert people.sign_in("ana").get(CHECK_IN).json()["template"] == OURS
    assert people.sign_in("outsider").get(CHECK_IN).json() == shipped.json()
    assert admin.get("/api/v1/templates/check_in/en").json()["own"] is False
    late = admin.put(CHECK_IN, json=OURS, headers={"If-Match": shipped.headers["etag"]})
    assert (late.status_code, late.json()["code"]) == (412, "version_changed")
    assert admin.delete(CHECK_IN).json() == shipped.json()
    assert admin.get(CHECK_IN).json() == shipped.json()


def test_a_template_that_repeats_itself_is_refused(admin):
    twice = {**OURS, "sections": OURS["sections"] * 2}
    answer = admin.put(CHECK_IN, json=twice)
    assert (answer.status_code, answer.json()["code"]) == (422, "held_twice")


@pytest.mark.parametrize("who", ["ana", "lead", "hr"])
def test_nobody_else_changes_templates(people, who):
    client = people.sign_in(who)
    assert client.put(CHECK_IN, json=OURS).status_code == 403
    assert client.delete(CHECK_IN).status_code == 403
