"""People, accounts, relations and settings, as an administrator and as others."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import select

from service.db.tables import AuditEntry, OutboxMessage
from service.usecases.person_names import sort_key
from tests.service.office import PASSWORD


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("张三",), "zhang san"),
        (("单雄信",), "shan xiong xin"),
        (("Zoë Ångström", "Ångström", "Zoë"), "angstrom zoe"),
        (("尉迟恭",), "yu chi gong"),
        (("曾 国藩", "曾", "国藩"), "zeng guo fan"),
        (("O'Neil-Smith",), "o neil smith"),
    ],
)
def test_names_are_ordered_as_a_telephone_book_would(names, key):
    assert sort_key(*names) == key


def test_people_come_in_pages_in_order_of_their_names(people):
    client = people.sign_in("ana")
    names, after = [], None
    while True:
        page = client.get("/api/v1/people", params={"limit": 2, **({"after": after} if after else {})}).json()
        names += [one["display_name"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert names == ["Ada Byron", "Ana Ruiz", "Dana Moss", "Hannah Reeve", "李雷", "林静", "张三"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("zhang", ["张三"]),
        ("三", ["张三"]),
        ("Dana", ["Dana Moss"]),
        ("老林", ["林静"]),
        ("%", []),
        ("_", []),
    ],
)
def test_people_are_found_by_name_alias_or_pinyin(people, search, found):
    admin = people.sign_in("admin")
    admin.patch(f"/api/v1/people/{people.ids['boss']}", json={"aliases": ["老林", "Linda"]})
    listed = people.sign_in("ana").get("/api/v1/people", params={"q": search}).json()["items"]
    assert [one["display_name"] for one in listed] == found


@pytest.mark.parametrize("after", ["x", "AAAA", base64.urlsafe_b64encode(b"a\0/x").decode(), "é"])
def test_a_cursor_of_ones_own_making_is_refused(people, after):
    refused = people.sign_in("ana").get("/api/v1/people", params={"after": after})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_cursor")


def test_an_administrator_adds_somebody_who_joins_by_mail(people, rapport):
    admin = people.sign_in("admin")
    person = admin.post("/api/v1/people", json={"display_name": "王芳", "locale": "zh"}).json()
    assert person["sort_key"] == "wang fang"
    address = f"/api/v1/people/{person['id']}/account"
    opened = admin.post(address, json={"email": "Wang@firm.example", "roles": ["hr"]})
    assert (opened.status_code, opened.json()["roles"]) == (201, ["hr", "member"])
    assert admin.post(address, json={"email": "wang@firm.example"}).json()["code"] == "account_exists"
    secret = _link(rapport, person["id"])
    visitor = people.visitor()
    body = {"secret": secret, "purpose": "join", "password": PASSWORD}
    assert visitor.post("/api/v1/password", json={**body, "purpose": "reset"}).status_code == 404
    assert visitor.post("/api/v1/password", json={**body, "password": "short"}).status_code == 422
    assert visitor.post("/api/v1/password", json=body).status_code == 200
    assert visitor.get("/api/v1/me").json()["person"]["display_name"] == "王芳"
    assert people.visitor().post("/api/v1/password", json=body).status_code == 404


def _link(rapport, person_id):
    with rapport.database.read() as work:
        message = work.session.scalar(select(OutboxMessage).where(OutboxMessage.person_id == person_id))
    key = rapport.keys.service_key(bool)
    return key.aead.decrypt(base64.b64decode(message.values["sealed"]), b"invitation").decode()


def test_roles_count_at_once_in_open_sessions_and_are_in_the_log(people, rapport):
    admin, ana = people.sign_in("admin"), people.sign_in("ana")
    assert ana.get(f"/api/v1/people/{people.ids['li']}/account").status_code == 403
    address = f"/api/v1/people/{people.ids['ana']}/account"
    assert admin.patch(address, json={"roles": ["admin"]}).status_code == 200
    assert ana.get(f"/api/v1/people/{people.ids['li']}/account").status_code == 200
    assert admin.patch(address, json={"active": False}).status_code == 200
    assert ana.get("/api/v1/me").status_code == 401
    with rapport.database.read() as work:
        entries = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "change_account")).all()
    assert [one.codes for one in entries] == [
        {"admin": 1, "hr": 0, "active": 1},
        {"admin": 1, "hr": 0, "active": 0},
    ]


def test_the_address_of_an_account_in_use_is_not_the_administrators(people):
    admin = people.sign_in("admin")
    taken = admin.patch(f"/api/v1/people/{people.ids['ana']}", json={"email": "spy@firm.example"})
    assert (taken.status_code, taken.json()["code"]) == (403, "address_is_theirs")


def test_addresses_are_for_administrators_and_oneself(people):
    path = f"/api/v1/people/{people.ids['ana']}"
    assert "email" in people.sign_in("ana").get(path).json()
    assert "email" in people.sign_in("admin").get(path).json()
    assert "email" not in people.sign_in("lead").get(path).json()
    assert "email" not in people.sign_in("lead").get("/api/v1/people").text


def test_people_choose_their_own_language(people):
    ana = people.sign_in("ana")
    assert ana.patch("/api/v1/me", json={"locale": "zh-CN", "time_zone": "Asia/Shanghai"}).status_code == 200
    refused = ana.get(f"/api/v1/people/{people.ids['li']}/account", headers={"Accept-Language": "en"})
    assert refused.headers["Content-Language"] == "zh"
    assert "您无权" in refused.json()["detail"]
    assert ana.patch("/api/v1/me", json={"time_zone": "../etc/passwd"}).status_code == 422
    assert ana.patch("/api/v1/me", json={"display_name": "Boss"}).status_code == 422


def relation(people, manager, employee, **more):
    day = {"from_day": "2026-05-04"}
    return {"manager_id": people.ids[manager], "employee_id": people.ids[employee], **day, **more}


def test_relations_are_dated_and_shown_to_those_concerned(people):
    admin = people.sign_in("admin")
    made = admin.post("/api/v1/relations", json=relation(people, "boss", "ana"))
    assert (made.status_code, made.json()["made_by"]) == (201, people.ids["admin"])
    twice = admin.post("/api/v1/relations", json=relation(people, "boss", "ana", from_day="2027-01-01"))
    assert (twice.status_code, twice.json()["code"]) == (409, "relation_exists")
    ended = admin.patch(f"/api/v1/relations/{made.json()['id']}", json={"until_day": "2026-12-31"})
    assert ended.json()["until_day"] == "2026-12-31"
    again = admin.post("/api/v1/relations", json=relation(people, "boss", "ana", from_day="2027-01-01"))
    assert again.status_code == 201
    own = people.sign_in("ana").get("/api/v1/relations").json()["items"]
    assert {one["manager_id"] for one in own} == {people.ids["boss"], people.ids["lead"]}
    others = people.sign_in("ana").get("/api/v1/relations", params={"person": people.ids["zhang"]}).json()
    assert others == {"items": []}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"manager": "ana"}, 422, "same_person"),
        ({"until_day": "2026-01-01"}, 422, "days_reversed"),
        ({"manager": "outsider"}, 404, "not_found"),
        ({"manager": "admin"}, 403, "not_for_oneself"),
        ({"employee": "admin"}, 403, "not_for_oneself"),
        ({"kind": "successor"}, 422, "not_valid"),
    ],
)
def test_relations_that_cannot_be(people, changes, status, code):
    who = {"manager": "lead", "employee": "ana"} | {
        k: v for k, v in changes.items() if k in ("manager", "employee")
    }
    more = {k: v for k, v in changes.items() if k not in who}
    refused = people.sign_in("admin").post("/api/v1/relations", json=relation(people, **who, **more))
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_settings_are_bounded_and_keep_what_is_not_named(people):
    admin = people.sign_in("admin")
    path = "/api/v1/organisation"
    changed = admin.patch(path, json={"retention": {"transcript_days": 100}, "name": "Acme 二"}).json()
    assert (changed["name"], changed["retention"]["transcript_days"]) == ("Acme 二", 100)
    assert changed["retention"]["audio_days"] == 180
    assert admin.patch(path, json={"retention": {"audio_days": 181}}).status_code == 422
    assert admin.patch(path, json={"retention": {"tone_flags_days": 0}}).status_code == 422
    assert admin.patch(path, json={"open_everything": True}).status_code == 422
    assert people.sign_in("ana").patch(path, json={"name": "Mine"}).status_code == 403
    assert people.sign_in("ana").get(path).json() == admin.get(path).json()


def test_the_wording_of_consent_is_the_organisations_own_in_each_language(people):
    admin, path = people.sign_in("admin"), "/api/v1/organisation"
    assert admin.get(path).json()["consent_wording"] == {"en": "", "zh": ""}
    admin.patch(path, json={"consent_wording": {"zh": " 我们会录音。\n您可以拒绝。 "}})
    changed = admin.patch(path, json={"consent_wording": {"en": "We record."}}).json()
    assert changed["consent_wording"] == {"en": "We record.", "zh": "我们会录音。\n您可以拒绝。"}
    assert admin.patch(path, json={"consent_wording": {"en": ""}}).json()["consent_wording"]["en"] == ""
    for text in ("x" * 4001, "a\x07b", "  "):
        assert admin.patch(path, json={"consent_wording": {"en": text}}).status_code == 422


@pytest.mark.parametrize("kind", ["person", "account", "organisation"])
def test_two_tabs_cannot_overwrite_each_other(people, kind):
    admin, ana = people.sign_in("admin"), f"/api/v1/people/{people.ids['ana']}"
    path, first, second = {
        "person": (ana, {"given_name": "Ana"}, {"given_name": "Anna"}),
        "account": (f"{ana}/account", {"roles": ["hr"]}, {"roles": []}),
        "organisation": ("/api/v1/organisation", {"name": "One"}, {"name": "Two"}),
    }[kind]
    seen = {"if-match": admin.get(path).headers["etag"]}
    assert admin.patch(path, json=first, headers=seen).status_code == 200
    late = admin.patch(path, json=second, headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "version_changed")
    again = {"if-match": admin.get(path).headers["etag"]}
    assert admin.patch(path, json=second, headers=again).status_code == 200
