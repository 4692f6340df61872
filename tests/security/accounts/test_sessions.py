"""Attacks on the session of a browser: planted, forged, stolen, used by another site."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from itsdangerous import Signer

from service.web.app import create_app
from service.web.deps import CSRF_HEADER
from tests.service.office import PASSWORD, email, open_office

SAFE = {"get", "head", "options"}
OPEN = {
    ("post", "/api/v1/session"),
    ("post", "/api/v1/setup"),
    ("get", "/api/v1/setup"),
    ("post", "/api/v1/password"),
    ("post", "/api/v1/password/forgotten"),
    ("get", "/api/v1/single-sign-on"),
    ("get", "/api/v1/single-sign-on/callback"),
    ("get", "/api/v1/calendars/{secret}.ics"),
}
"""What somebody who is not signed in may ask."""


def closed_routes(app):
    """(method, address, path) of everything that asks who it is. A one-time link is asked by its secret."""
    return [
        (method, re.sub(r"{\w+}", "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f", path), path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if (method, path) not in OPEN and not path.startswith("/api/v1/invitations/")
    ]


TUS = {"tus-resumable": "1.0.0"}
"""Without it an upload is refused before anything else."""


def sign_in(client):
    return client.post("/api/v1/session", json={"email": email("ana"), "password": PASSWORD})


def test_every_address_asks_who_it_is(people, app):
    # An OPTIONS of an upload tells limits.
    visitor = people.visitor()
    for method, address, path in closed_routes(app):
        if method == "options":
            continue
        answer = visitor.request(method, address, headers=TUS)
        assert answer.status_code == 401, (method, path, answer.text)


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(people):
    attacker, victim = people.sign_in("lead"), people.visitor()
    for name, value in attacker.cookies.items():
        victim.cookies.set(name, value)
    answer = sign_in(victim)
    assert answer.status_code == 200
    assert victim.cookies.get("rapport", domain="127.0.0.1") not in attacker.cookies.values()
    assert attacker.get("/api/v1/me").status_code == 401


def test_a_secret_of_ones_own_making_never_becomes_a_session(people, rapport):
    cookies = people.app.state.cookies
    client = people.visitor()
    for value in ("x" * 43, cookies._session.sign("x" * 43).decode()):
        client.cookies.set(cookies.name, value)
        assert client.get("/api/v1/me").status_code == 401
        assert sign_in(client).status_code == 200
        kept = client.cookies.get(cookies.name, domain="127.0.0.1")
        assert "x" * 43 not in kept
        client.cookies.clear()


def test_a_changed_cookie_is_no_cookie(people):
    client = people.sign_in("ana")
    name, value = next(iter(client.cookies.items()))
    secret = value.rpartition(".")[0]
    forged = [
        value[:-9] + ("A" if value[-9] != "A" else "B") + value[-8:],
        ("A" if value[0] != "A" else "B") + value[1:],
        secret,
        secret + ".",
        "." + value,
        value + value,
        Signer(b"a key of mine", salt="session").sign(secret).decode(),
        Signer(b"", salt="session").sign(secret).decode(),
    ]
    for one in forged:
        visitor = people.visitor()
        visitor.cookies.set(name, one)
        assert visitor.get("/api/v1/me").status_code == 401, one


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(people):
    said = sign_in(people.visitor()).headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "domain" not in said


def test_with_https_the_cookie_belongs_to_this_host_alone(rapport):
    secure = replace(rapport, hosting=replace(rapport.hosting, base_url="https://rapport.firm.example"))
    people = open_office(create_app(secure), secure)
    answer = sign_in(people.visitor())
    said = answer.headers["set-cookie"]
    assert said.startswith("__Host-rapport=")
    assert {"secure", "path=/"} <= {part.strip().lower() for part in said.split(";")}
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("token", [None, "é"])
def test_nothing_changes_without_the_token_of_the_page(people, app, token):
    client = people.sign_in("admin")
    del client.headers[CSRF_HEADER]
    headers = TUS if token is None else {**TUS, CSRF_HEADER: token.encode()}
    for method, address, path in closed_routes(app):
        if method in SAFE:
            continue
        answer = client.request(method, address, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (method, path)


def test_the_token_of_another_session_is_none(people):
    mine, other = people.sign_in("ana"), people.sign_in("ana")
    mine.headers[CSRF_HEADER] = other.headers[CSRF_HEADER]
    assert mine.patch("/api/v1/me", json={"locale": "zh"}).json()["code"] == "csrf"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {"origin": "https://127.0.0.1:8000"},
        {"origin": "http://127.0.0.1:9000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_another_site_changes_nothing_and_signs_nobody_in(people, headers):
    client = people.sign_in("ana")
    changed = client.patch("/api/v1/me", json={"locale": "zh"}, headers=headers)
    signed_in = people.visitor().post(
        "/api/v1/session", json={"email": email("ana"), "password": PASSWORD}, headers=headers
    )
    for answer in (changed, signed_in):
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        assert "set-cookie" not in answer.headers


def test_our_own_pages_are_not_another_site(people):
    headers = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    assert (
        people.sign_in("ana").patch("/api/v1/me", json={"locale": "zh"}, headers=headers).status_code == 200
    )


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "", "[", "127.0.0.1@evil.example"]
)
def test_another_host_name_is_refused(people, host):
    forwarded = {"host": host, "x-forwarded-host": "127.0.0.1:8000"}
    answer = people.sign_in("ana").get("/api/v1/me", headers=forwarded)
    assert answer.status_code == 421
    assert "evil" not in answer.text
