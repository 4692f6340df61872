"""The first start: whoever reads the data folder becomes administrator, once."""

from __future__ import annotations

import threading

import pytest
from starlette.testclient import TestClient

from service.usecases.setup import code_file, setup_code
from tests.service.office import PASSWORD

FIRST = {"organisation": "Acme", "name": "王芳", "email": "Fang@Firm.example ", "password": PASSWORD}


def body(rapport, **changes):
    return {"code": setup_code(rapport), **FIRST, **changes}


def test_the_code_lies_in_a_file_of_the_operator_until_it_is_used(app, rapport):
    with TestClient(app, base_url=rapport.hosting.base_url) as client:
        assert code_file(rapport).stat().st_mode & 0o777 == 0o600
        assert client.get("/api/v1/setup").json() == {"needed": True}
        code = code_file(rapport).read_text().strip()
        made = client.post("/api/v1/setup", json=body(rapport, code=code, locale="zh-CN"))
        assert made.status_code == 201
        assert not code_file(rapport).exists()
        assert client.get("/api/v1/setup").json() == {"needed": False}
        me = client.get("/api/v1/me").json()
        assert (me["roles"], me["person"]["sort_key"]) == (["admin", "member"], "wang fang")
        assert me["person"]["email"] == "fang@firm.example"


def test_there_is_no_second_first_administrator(client, rapport):
    assert client.post("/api/v1/setup", json=body(rapport)).status_code == 201
    again = client.post("/api/v1/setup", json=body(rapport, email="other@firm.example"))
    assert (again.status_code, again.json()["code"]) == (409, "already_set_up")


@pytest.mark.parametrize("code", ["", "AAAA", "é"])
def test_a_wrong_code_makes_nothing(client, rapport, code):
    refused = client.post("/api/v1/setup", json=body(rapport, code=code))
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_code")
    assert client.get("/api/v1/setup").json() == {"needed": True}


def test_two_at_once_make_one_organisation(app, rapport):
    def ask(number):
        client = TestClient(app, base_url=rapport.hosting.base_url)
        sent = body(rapport, email=f"first{number}@firm.example")
        statuses.append(client.post("/api/v1/setup", json=sent).status_code)

    statuses = []
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_short"),
        ("aaaaaaaaaaaaaaaa", "password_plain"),
        ("my fang password", "password_plain"),
        ("x1!" * 100, "password_long"),
    ],
)
def test_passwords_that_are_guessed_are_not_taken(client, rapport, password, code):
    refused = client.post("/api/v1/setup", json=body(rapport, password=password))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
