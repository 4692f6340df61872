"""What an attacker sends over HTTP: nothing answers it with content, with a defect, or with our insides."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import time
import zlib

import pytest

TRAVERSALS = (
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fmaster.key",
    "..%5c..%5cwin.ini",
    "%252e%252e%252frapport.db",
    "....%2f%2f",
    "%c0%ae%c0%ae%2f",
    "C:%5cwindows",
    "~root",
    "file:%2f%2f%2fetc%2fpasswd",
    "'%20OR%20'1'='1",
    "%25s%25n%7b0%7d",
    "{{7*7}}",
    "%F0%9F%92%A9",
    "-",
    "a" * 5000,
)
INSIDES = re.compile(
    r"Traceback|File \"|site-packages|\.py\b|sqlite|sqlalchemy|psycopg|SELECT |/tmp/|rapport\.db|root:x",
    re.IGNORECASE,
)
PEOPLE = ("nobody", "lead", "emp", "admin")


def operations(town):
    """(method, path, operation) of the whole OpenAPI document."""
    paths = town.client.app.openapi()["paths"]
    return [
        (method.upper(), path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete", "head", "options"}
    ]


def with_parameters(town, path, evil):
    """The path with one of its parameters replaced in turn, and honest values for the others."""
    names = re.findall(r"{(\w+)}", path)
    for chosen in names:
        made = path
        for name in names:
            made = made.replace(f"{{{name}}}", evil if name == chosen else honest(town, name))
        yield made


def honest(town, name):
    return {"meeting_id": town.meetings["confirmed"], "version": "1", "format": "md"}.get(name, "x")


def assert_tells_nothing(answer):
    assert not INSIDES.search(answer.text), (answer.request.url, answer.text[:300])


def test_no_path_parameter_leads_anywhere(town):
    tried = 0
    for (method, path, _), evil in itertools.product(operations(town), TRAVERSALS):
        for made in with_parameters(town, path, evil):
            answer = town.ask("lead", method, made)
            assert 400 <= answer.status_code < 500, (method, made[:120], answer.status_code)
            assert_tells_nothing(answer)
            tried += 1
    assert tried > 10 * len(TRAVERSALS)


def test_dots_and_slashes_in_the_path_are_no_way_around(town):
    for path in (
        "/api/v1/../../etc/passwd",
        "//etc/passwd",
        "/static/../../master.key",
        "/api/v1//me",
        "/./api/v1/me/",
    ):
        answer = town.ask("lead", "GET", f"http://127.0.0.1:8000{path}")
        assert answer.status_code == 404, path
        assert_tells_nothing(answer)


def test_nobody_is_redirected(town):
    targets = (
        "//evil.example/",
        "/%2fevil.example",
        "/\\evil.example",
        "/api/v1/people/",
        "/https://evil.example",
    )
    for target, name in itertools.product(targets, ("next", "return_to", "redirect_uri", "url")):
        answer = town.ask("lead", "GET", f"http://127.0.0.1:8000{target}?{name}=https://evil.example")
        assert not 300 <= answer.status_code < 400, target
    for method, path, _ in operations(town):
        if method == "GET" and "{" not in path:
            answer = town.ask("nobody", "GET", f"{path}?next=https://evil.example&return_to=//evil.example")
            assert "evil.example" not in answer.headers.get("location", ""), path


@pytest.mark.parametrize(
    "headers",
    [
        {"x-long": "a" * 20_000},
        {f"x-{n}": "1" for n in range(100)},
        {"cookie": "rapport=" + "a" * 40_000},
        {"authorization": "Bearer " + "a" * 40_000},
    ],
    ids=["long", "many", "cookie", "token"],
)
def test_too_many_or_too_long_headers_are_refused(town, headers):
    answer = town.ask("nobody", "GET", "/api/v1/me", headers=headers)
    assert answer.status_code == 431
    assert answer.json()["code"] == "headers_too_big"


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "x," * 6000},
        {"accept-language": "en;q=nan, zh;q=1e999, *;q=-1"},
        {"cookie": "rapport=; rapport=\xff.\xff; a=b; $Version=1"},
        {"authorization": "Bearer \xff\xfe"},
        {"authorization": "Basic YTpi"},
        {"if-match": '"9' + "9" * 90 + '"'},
        {"if-match": 'W/"\xb2"'},
        {"range": "bytes=-1,0-,5-1," * 200},
        {"content-length": "0", "x-forwarded-for": "' OR 1=1 --"},
        {"x-csrf-token": "\xfc"},
    ],
    ids=str,
)
def test_odd_headers_break_nothing(town, headers):
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    for method, path in (("GET", "/api/v1/me"), ("PATCH", "/api/v1/me")):
        for who in ("nobody", "lead"):
            answer = town.ask(who, method, path, headers=raw, content=b"{}" if method == "PATCH" else None)
            assert answer.status_code < 500
            assert_tells_nothing(answer)


def bodies():
    """Name, content type, bytes."""
    json_type = "application/json"
    yield "deep list", json_type, b"[" * 100_000 + b"]" * 100_000
    yield "deep object", json_type, b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    yield "deep, unclosed", json_type, b'{"display_name":' * 60_000
    yield "NUL", json_type, b'{"display_name": "a\\u0000b"}'
    yield "raw NUL", json_type, b'{"display_name": "a\x00b"}'
    yield "half a character", json_type, b'{"display_name": "\\ud800"}'
    yield "not UTF-8", json_type, b'{"display_name": "\xff\xfe"}'
    yield "overlong UTF-8", json_type, b'{"display_name": "\xc0\xaf"}'
    yield "UTF-16", "application/json; charset=utf-16", '{"display_name": "x"}'.encode("utf-16")
    yield "NaN", json_type, b'{"display_name": NaN}'
    yield "huge number", json_type, b'{"display_name": 1' + b"0" * 100_000 + b"}"
    yield "huge float", json_type, b'{"display_name": 1e999999}'
    yield "two values", json_type, b'{"display_name": "a"}{"display_name": "b"}'
    yield "not an object", json_type, b'"text"'
    yield "as text", "text/plain", b'{"display_name": "x"}'
    yield "as form", "application/x-www-form-urlencoded", b"display_name=x"
    yield "as JSON that is a form", json_type, b"display_name=x"
    yield "as XML", "application/xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    yield (
        "multipart without end",
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"',
    )
    yield "multipart, many parts", "multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n" * 20_000 + b"--x--"
    yield "unknown field", json_type, b'{"display_name": "x", "organisation_id": "y", "__class__": "z"}'


@pytest.mark.parametrize(("kind", "body"), [b[1:] for b in bodies()], ids=[b[0] for b in bodies()])
def test_broken_bodies_are_refused_in_words(town, kind, body):
    begun = time.monotonic()
    answer = town.ask("admin", "POST", "/api/v1/people", content=body, headers={"content-type": kind})
    assert answer.status_code in (400, 413, 415, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert_tells_nothing(answer)
    assert time.monotonic() - begun < 5


def test_every_route_with_a_body_survives_broken_ones(town):
    rough = [body for body in bodies() if len(body[2]) < 100_000]
    for method, path, operation in operations(town):
        if "requestBody" not in operation:
            continue
        made = re.sub(r"{(\w+)}", lambda found: honest(town, found[1]), path)
        for name, kind, body in rough:
            headers = {"content-type": kind, "if-match": '"1"'}
            answer = town.ask("lead", method, made, content=body, headers=headers)
            assert answer.status_code < 500, (method, path, name)
            assert_tells_nothing(answer)


def test_packed_bodies_are_not_unpacked(town):
    bomb = gzip.compress(b" " * 200_000_000, 9)
    packed = {
        "gzip": gzip.compress(b'{"display_name": "packed"}'),
        "deflate": zlib.compress(b'{"display_name": "packed"}'),
        "gzip, gzip": bomb,
        "br": b"\x0b\x02\x80",
    }
    for encoding, body in packed.items():
        headers = {"content-type": "application/json", "content-encoding": encoding}
        answer = town.ask("admin", "POST", "/api/v1/people", content=body, headers=headers)
        assert answer.status_code in (400, 413, 415), encoding
    found = town.ask("admin", "GET", "/api/v1/people?q=packed").json()
    assert found["items"] == []


@pytest.mark.parametrize("header", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_a_header_does_not_change_the_method(town, header):
    answer = town.ask("lead", "GET", "/api/v1/me?_method=DELETE", headers={header: "DELETE"})
    assert answer.status_code == 200
    answer = town.ask("lead", "GET", "/api/v1/session", headers={header: "DELETE"})
    assert answer.status_code in (404, 405)
    assert town.ask("lead", "GET", "/api/v1/me").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "X" * 200, "TRACK"])
def test_unknown_methods_are_refused(town, method):
    answer = town.ask("lead", method, "/api/v1/me")
    assert answer.status_code in (404, 405)
    assert "cookie" not in answer.text.lower()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "", "[::1", "a@127.0.0.1 b"]
)
def test_another_host_name_is_refused(town, host):
    answer = town.ask("lead", "GET", "/api/v1/me", headers={"host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"x-csrf-token": ""},
        {"x-csrf-token": "a" * 43},
    ],
    ids=str,
)
def test_another_site_cannot_change_anything(town, headers):
    before = town.ask("admin", "GET", "/api/v1/me").json()["person"]["locale"]
    headers = {"content-type": "application/json", **headers}
    answer = town.ask("admin", "PATCH", "/api/v1/me", headers=headers, content=b'{"locale": "zh"}')
    assert answer.status_code == 403
    assert town.ask("admin", "GET", "/api/v1/me").json()["person"]["locale"] == before == "en"


def test_another_site_may_read_nothing(town):
    answer = town.ask("lead", "GET", "/api/v1/me", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_private_answers_are_kept_by_nobody(town):
    for who, (method, path, _) in itertools.product(PEOPLE, operations(town)):
        made = re.sub(r"{(\w+)}", lambda found: honest(town, found[1]), path)
        if method != "GET" or "events" in path:
            continue
        answer = town.ask(who, method, made)
        assert "no-store" in answer.headers["cache-control"], path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert "default-src 'self'" in answer.headers["content-security-policy"], path
        assert answer.headers["x-frame-options"] == "DENY"
        assert_tells_nothing(answer) if answer.status_code >= 400 else None


def test_error_pages_echo_nothing(town):
    script = "<script>alert(1)</script>"
    asked = [
        ("GET", f"/api/v1/{script}", None),
        ("GET", f"/api/v1/people?limit={script}", None),
        ("GET", f"/{script}", None),
        ("POST", "/api/v1/people", json.dumps({script: 1, "display_name": script + "\n"})),
    ]
    for method, path, body in asked:
        answer = town.ask("admin", method, path, content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500, path
        assert answer.headers["content-type"] == "application/problem+json"
        if "limit" not in path:
            assert answer.json()["detail"]
        assert "alert(1)" not in answer.json()["detail"]


WEBHOOKS = (
    "http://127.0.0.1/",
    "http://hooks.example.com/",
    "https://user:secret@hooks.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_MAIL",
    "https://hooks.example.com/#x",
    "https://",
    "//hooks.example.com",
    "javascript:alert(1)",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:99999/",
    "https://[::1",
)


@pytest.mark.parametrize("url", WEBHOOKS)
def test_webhooks_take_public_https_alone(town, url):
    answer = town.ask("admin", "POST", "/api/v1/webhooks", json={"url": url, "events": []})
    assert answer.status_code == 422
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/",
        "https://localhost/",
    ],
)
def test_webhooks_reach_no_machine_of_the_house(address):
    from datetime import UTC, datetime

    from service.outgoing.webhook import WebhookFailed, WebhookRefused, Webhooks

    with pytest.raises((WebhookRefused, WebhookFailed)):
        Webhooks().send(address, b"k" * 32, "id", datetime.now(UTC), {})


def test_a_database_that_is_gone_is_a_sentence(tmp_path, town):
    from dataclasses import replace

    from starlette.testclient import TestClient

    from service.db.database import Database
    from service.web.app import create_app

    broken = replace(town.rapport, database=Database(f"sqlite:///{tmp_path / 'empty.db'}"))
    client = TestClient(create_app(broken), base_url="http://127.0.0.1:8000")
    answer = client.get("/api/v1/me", headers=town.headers["lead"])
    broken.database.close()
    assert answer.status_code in (500, 503)
    assert answer.headers["content-type"] == "application/problem+json"
    assert_tells_nothing(answer)
