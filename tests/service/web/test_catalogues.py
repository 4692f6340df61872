"""Catalogue and competencies over HTTP: seen by all members, imported by an administrator, whole or not."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import func, select

from service.db.tables import CatalogueEntry

AT = "/api/v1/catalogues/resources"
CSV = (
    "id,title,kind,skills,description\n"
    'sql-1,SQL basics,course,SQL,"Tables, joins"\n'
    "mentor-1,谈判导师,mentor,谈判,面对面\n"
    "=cmd,bad id,course,,\n"
)
GOOD = CSV.replace("=cmd,bad id", "f-1,=1+1")
LIST = "id,name,name_zh,aliases\nstory,Story mapping,故事地图,user story maps\n"


@pytest.fixture
def admin(people):
    return people.sign_in("admin")


def imported(admin, content=GOOD, at=AT):
    seen = admin.post(f"{at}/preview", content=content.encode())
    assert seen.status_code == 200, seen.text
    done = admin.put(at, content=content.encode(), headers={"If-Match": seen.headers["etag"]})
    assert done.status_code == 200, done.text
    return done.json()


def ids(answer):
    return [one["id"] for one in answer.json()["items"]]


def test_the_starter_catalogue_is_there_until_one_is_imported(people, admin, ana, queue):
    before = ana.get(AT).json()
    assert before["standing"]["own"] is False
    assert before["standing"]["entries"] == 140
    assert imported(admin)["counts"] == {"new": 3, "changed": 0, "removed": 0}
    after = ana.get(AT)
    assert ids(after) == ["sql-1", "mentor-1", "f-1"]
    assert after.json()["standing"] == {"own": True, "entries": 3, "ready_share": 0.0, "reason": None}
    assert queue.shelves == [people.organisation_id]
    removed = admin.delete(AT, headers={"If-Match": after.headers["etag"]})
    assert removed.status_code == 204
    assert ana.get(AT).json()["standing"] == before["standing"]


def test_a_preview_names_what_changes_and_changes_nothing(admin, ana):
    imported(admin)
    lines = GOOD.splitlines()
    changed = "\n".join([lines[0], lines[1].replace("basics", "for all"), lines[2], "new-1,New,course,,"])
    told = admin.post(f"{AT}/preview", content=changed.encode()).json()
    assert (told["new"], told["changed"], told["removed"]) == (["new-1"], ["sql-1"], ["f-1"])
    assert ids(ana.get(AT)) == ["sql-1", "mentor-1", "f-1"]


def test_every_wrong_place_is_told_and_nothing_imported(admin, ana):
    broken = f"{CSV}sql-1,Twice,,,\n,No id,,,\n"
    for answer in (
        admin.put(AT, content=broken.encode()),
        admin.post(f"{AT}/preview", content=broken.encode(), headers={"Accept-Language": "zh"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "several_problems")
        assert [str(line) in told for line, told in zip((4, 5, 6), answer.json()["problems"], strict=True)]
    assert ana.get(AT).json()["standing"]["own"] is False


def test_an_import_meant_for_another_list_is_refused(admin):
    seen = admin.post(f"{AT}/preview", content=GOOD.encode()).headers["etag"]
    imported(admin, "id,title\na,A\n")
    late = admin.put(AT, content=GOOD.encode(), headers={"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "version_changed")
    assert ids(admin.get(AT)) == ["a"]


def test_a_search_finds_words_in_both_languages_page_by_page(admin, ana):
    assert ids(ana.get(AT, params={"q": "sql", "limit": 200}))
    imported(admin)
    assert ids(ana.get(AT, params={"q": "JOINS"})) == ["sql-1"]
    assert ids(ana.get(AT, params={"q": "谈判"})) == ["mentor-1"]
    assert ids(ana.get(AT, params={"q": "%"})) == []
    first = ana.get(AT, params={"limit": 2})
    assert ids(first) == ["sql-1", "mentor-1"]
    second = ana.get(AT, params={"limit": 2, "after": first.json()["next"]})
    assert (ids(second), second.json()["next"]) == (["f-1"], None)


@pytest.mark.parametrize("form", ["csv", "jsonl", "jsonld"])
def test_an_export_can_be_imported_again_and_runs_no_formula(admin, ana, form):
    imported(admin)
    file = ana.get(f"{AT}/export", params={"format": form})
    assert file.status_code == 200
    told = admin.post(f"{AT}/preview", params={"format": form}, content=file.content).json()
    assert (told["new"], told["removed"]) == ([], [])
    # schema.org has fields of its own, which are kept beside the others.
    assert (told["changed"] == []) is (form != "jsonld")
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig"))) for cell in row]
        assert "'=1+1" in cells


def test_competencies_are_kept_in_the_same_way(admin, ana):
    at = "/api/v1/catalogues/competencies"
    assert ana.get(at).json()["items"] == []
    imported(admin, LIST, at)
    (one,) = ana.get(at, params={"q": "地图"}).json()["items"]
    assert one["name"] == "Story mapping"
    told = admin.post(f"{at}/preview", content=ana.get(f"{at}/export").content).json()
    assert told["counts"] == {"new": 0, "changed": 0, "removed": 0}
    assert ana.get(f"{at}/export", params={"format": "jsonl"}).status_code == 422


def test_only_an_administrator_imports_and_nobody_sees_another_organisation(people, admin, ana):
    imported(admin)
    for who in (ana, people.sign_in("lead"), people.sign_in("hr")):
        assert who.put(AT, content=GOOD.encode()).status_code == 403
        assert who.post(f"{AT}/preview", content=GOOD.encode()).status_code == 403
        assert who.delete(AT).status_code == 403
    assert people.visitor().get(AT).status_code == 401
    outsider = people.sign_in("outsider")
    assert outsider.get(AT).json()["standing"]["own"] is False
    imported(outsider, "id,title\nb,B\n")
    assert ids(ana.get(AT)) == ["sql-1", "mentor-1", "f-1"]


def test_a_second_import_leaves_no_row_of_the_first(people, admin):
    imported(admin)
    imported(admin, json.dumps({"id": "only", "title": "Only\u2028one\x00"}))
    with people.rapport.database.read(people.organisation_id) as work:
        assert work.session.scalar(select(func.count()).select_from(CatalogueEntry)) == 1
