"""People from a table, with their units."""

from __future__ import annotations

import pytest

IMPORT = "/api/v1/people/import"
TABLE = """name,e-mail,unit,aliases,language
Ana Maria Ruiz,ana@firm.example,Sales / North,Annie;小安,en
王芳,wang@firm.example,Sales / North,,zh
Tom,,Sales,,
"""


@pytest.fixture
def admin(people):
    return people.sign_in("admin")


def send(client, table, **query):
    content = table if isinstance(table, bytes) else table.encode()
    return client.post(IMPORT, content=content, params=query, headers={"Content-Type": "text/csv"})


def names(client):
    return {one["display_name"] for one in client.get("/api/v1/people?limit=200").json()["items"]}


def counts(told):
    return told["added"], told["changed"], told["units"], told["problem_count"]


def test_people_are_added_and_changed_and_units_made(people, admin):
    before = names(admin)
    shown = send(admin, TABLE, preview=True).json()
    assert counts(shown) == (2, 1, 2, 0)
    told = [(one["line"], one["name"], one["is_new"]) for one in shown["people"]]
    assert told == [(2, "Ana Maria Ruiz", False), (3, "王芳", True), (4, "Tom", True)]
    assert names(admin) == before
    assert send(admin, TABLE).json() == shown
    assert counts(send(admin, TABLE).json()) == (0, 3, 0, 0)
    ana = admin.get(f"/api/v1/people/{people.ids['ana']}").json()
    units = {one["id"]: one for one in admin.get("/api/v1/units").json()["items"]}
    north = units[ana["unit_id"]]
    assert (ana["display_name"], ana["aliases"]) == ("Ana Maria Ruiz", ["Annie", "小安"])
    assert (north["name"], units[north["parent_id"]]["name"]) == ("North", "Sales")
    assert ana["email"] == "ana@firm.example"


def test_a_chinese_table_is_read_as_spreadsheets_save_it(admin):
    table = "姓名;部门\n赵敏;研发部 / 平台组\n".encode("gb18030")
    assert counts(send(admin, table).json()) == (1, 0, 2, 0)
    assert admin.get("/api/v1/people", params={"q": "zhao"}).json()["items"][0]["display_name"] == "赵敏"


def test_with_a_problem_nothing_is_kept_and_each_line_is_told(admin):
    table = "name,e-mail,time zone\nEva,eva@firm.example,\n,x@firm.example,\nBob,bob,\nKai,,Mars/Base\n"
    before = names(admin)
    told = send(admin, table).json()
    assert [one["line"] for one in told["problems"]] == [3, 4, 5]
    assert all(one["detail"] for one in told["problems"])
    assert told["problem_count"] == 3
    assert names(admin) == before


@pytest.mark.parametrize("table", ["", "a,b\n1,2\n", "name,name\nx,y\n", 'name\n"open\n', b"name\n\xff\xff"])
def test_what_is_no_table_of_people_is_refused(admin, table):
    answer = send(admin, table)
    assert (answer.status_code, answer.json()["code"].startswith("people_")) == (422, True)


@pytest.mark.parametrize("who", ["ana", "lead", "hr"])
def test_nobody_else_imports_people(people, who):
    assert send(people.sign_in(who), TABLE).status_code == 403


def test_another_organisation_is_not_touched(people, admin):
    send(people.sign_in("outsider"), TABLE)
    assert admin.get(f"/api/v1/people/{people.ids['ana']}").json()["display_name"] == "Ana Ruiz"
    assert admin.get("/api/v1/units").json()["items"] == []
