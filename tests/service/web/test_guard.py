"""The outermost layer: headers on every answer, bounded requests, and defects that tell nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.responses import Response

from service.hosting import hosting
from service.web.guard import BODY_BYTES, POLICY, Guard

SECRET = "what Dana said to Luis"  # noqa: S105


def test_every_answer_says_what_the_browser_may_do(people):
    answers = [
        people.visitor().get("/api/v1/me"),
        people.sign_in("ana").get("/api/v1/me"),
        people.visitor().get("/nowhere"),
        people.visitor().get("/api/v1/me", headers={"host": "evil.example"}),
    ]
    for answer in answers:
        assert answer.headers["content-security-policy"] == POLICY
        assert "unsafe" not in POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers


def test_files_of_pages_are_kept_by_version_and_scripts_asked_for_anew(people):
    page = people.visitor().get("/sign-in").text
    style = re.search(r'href="(/static/css/base[^"]+)"', page)[1]
    script = re.search(r'src="(/static/js/calls[^"]+)"', page)[1]
    assert "immutable" in people.visitor().get(style).headers["cache-control"]
    asked = people.visitor().get(script)
    assert asked.headers["cache-control"] == "no-cache"
    again = people.visitor().get(script, headers={"if-none-match": asked.headers["etag"]})
    assert again.status_code == 304
    # The name by which other scripts import it, or it would run a second time.
    assert script == "/static/js/calls.js"


def test_a_defect_tells_nothing_but_a_number_that_the_log_has(app, client, caplog):
    @app.get("/defect")
    def defect():
        raise ValueError(SECRET)

    caplog.set_level(logging.DEBUG)
    answer = client.get("/defect", headers={"accept-language": "zh"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["title"]) == (500, "broken", "故障")
    assert SECRET not in answer.text + caplog.text
    assert problem["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert answer.headers["x-request-id"] in caplog.text


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/octet-stream"])
def test_a_body_beyond_the_limit_is_refused_before_it_is_read_whole(client, kind):
    sent = []

    def chunks():
        for _ in range(1000):
            sent.append(1)
            yield b" " * 64 * 1024

    answer = client.post("/api/v1/session", content=chunks(), headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_big")
    just = client.post("/api/v1/session", content=b" " * BODY_BYTES, headers={"content-type": kind})
    assert just.status_code in (400, 422)


@pytest.mark.parametrize("path", ["/api/v1/people?q=%00", "/api/v1/people/%00", "/%00"])
def test_no_zero_byte_reaches_a_database(people, path):
    assert people.sign_in("ana").get(path).status_code == 400


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.1, zh-TW;q=0.2", "zh"),
        ("fr, de;q=0.5", "en"),
        ("zh;q=0", "en"),
        ("zh;q=x", "en"),
        ("", "en"),
    ],
)
def test_refusals_speak_the_language_that_is_asked_for(client, header, language):
    answer = client.get("/api/v1/me", headers={"accept-language": header})
    assert answer.headers["content-language"] == language
    assert ("登录" in answer.json()["detail"]) == (language == "zh")


def test_every_operation_names_its_errors_and_what_it_is_called(app):
    document = app.openapi()
    names = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            for kind in ("4XX", "5XX"):
                assert "application/problem+json" in operation["responses"][kind]["content"], (method, path)
    assert len(names) == len(set(names))
    assert "Problem" in document["components"]["schemas"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_the_web_process_loads_no_model_library_and_stays_small():
    code = (
        "import sys; import service.web.app\n"
        "heavy = ('torch', 'onnxruntime', 'transformers', 'faster_whisper', 'pypinyin', 'authlib', 'dbos')\n"
        "print([name for name in heavy if name in sys.modules])\n"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(int(status['VmHWM'].split()[0]) // 1024)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, megabytes = ran.stdout.splitlines()
    assert loaded == "[]"
    assert int(megabytes) < 150


async def slow_request(path, **limits):
    """What a client gets that sends the beginning of a body and then nothing, and what the route got."""
    sent, got, begun = [], [], asyncio.Event()

    async def app(scope, receive, send):
        got.append(await receive())
        got.append(await receive())
        await Response()(scope, receive, send)

    async def receive():
        if begun.is_set():
            await asyncio.Event().wait()
        begun.set()
        return {"type": "http.request", "body": b'{"a', "more_body": True}

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    guard = Guard(app, hosting({}), ["/streamed"], **limits)
    await guard({**scope, "headers": headers, "state": {}}, receive, send)
    return sent, got


def test_a_body_that_does_not_arrive_is_not_waited_for():
    sent, got = asyncio.run(slow_request("/whole", body_s=0.01))
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"], got) == (400, "too_slow", [])


def test_a_streamed_body_that_pauses_counts_as_broken_off():
    _, got = asyncio.run(slow_request("/streamed", pause_s=0.01))
    assert [message["type"] for message in got] == ["http.request", "http.disconnect"]
