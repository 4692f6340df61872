"""Webhooks against a real receiver on this machine, and addresses that an attacker would try."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from service.outgoing.webhook import WebhookFailed, WebhookRefused, Webhooks, check, is_public

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SECRET = b"s" * 32


@pytest.fixture
def receiver():
    """(port, requests): answers 204, or redirects what is sent to /moved, or 500 for /broken."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, dict(self.headers), body))
            self.send_response({"/moved": 302, "/broken": 500}.get(self.path, 204))
            if self.path == "/moved":
                self.send_header("location", "/hook")
            self.end_headers()

        def log_message(self, *args):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, got
    server.shutdown()
    server.server_close()


def local():
    """Webhooks that may reach this machine, whatever the name says."""
    return Webhooks(lambda host, port: ["127.0.0.1"], lambda address: True, plain=True)


def test_the_receiver_can_verify_what_it_gets(receiver):
    port, got = receiver
    told = {"type": "meeting.state", "data": {"a": 1}}
    local().send(f"http://hooks.example:{port}/hook", SECRET, "m1", AT, told)
    ((path, headers, body),) = got
    assert path == "/hook"
    assert headers["host"] == f"hooks.example:{port}"
    assert json.loads(body) == told
    signed = f"m1.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_a_redirect_is_not_followed(receiver):
    port, got = receiver
    with pytest.raises(WebhookFailed):
        local().send(f"http://hooks.example:{port}/moved", SECRET, "m1", AT, {})
    assert [path for path, _, _ in got] == ["/moved"]


@pytest.mark.parametrize("path", ["/broken"])
def test_a_failing_receiver_is_tried_again(receiver, path):
    with pytest.raises(WebhookFailed) as failed:
        local().send(f"http://hooks.example:{receiver[0]}{path}", SECRET, "m1", AT, {})
    assert failed.value.retry_can_help


INSIDE = """127.0.0.1 10.0.0.7 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 ::1 fe80::1%eth0
fc00::1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 224.0.0.1 :: ::127.0.0.1 fec0::1 64:ff9b:1::7f00:1
::ffff:0:7f00:1 fd00:ec2::254 ::ffff:169.254.169.254 4000::1"""


@pytest.mark.parametrize("address", INSIDE.split())
def test_no_address_inside_is_reached(receiver, address):
    port, got = receiver
    assert not is_public(address)
    with pytest.raises(WebhookRefused):
        Webhooks(lambda host, p: ["93.184.215.14", address], plain=True).send(
            f"http://hooks.example:{port}/hook", SECRET, "m1", AT, {}
        )
    assert got == []


def test_a_name_that_changes_after_the_check_changes_nothing(receiver):
    port, got = receiver
    answers = iter([["127.0.0.1"], ["203.0.113.9"]])
    hooks = Webhooks(lambda host, p: next(answers), lambda address: True, plain=True)
    hooks.send(f"http://hooks.example:{port}/hook", SECRET, "m1", AT, {})
    assert len(got) == 1


WRONG = """http://hooks.example/ ftp://hooks.example/ file:///etc/passwd https://user:pw@hooks.example/
https:///nowhere gopher://x https://hooks.example/#part javascript:alert(1) https://[::1 https://hooks.example:0/"""


@pytest.mark.parametrize(
    "url",
    [
        *WRONG.split(),
        "",
        "https://hooks.example/" + "a" * 2000,
        "https://hooks.example/" + "é" * 1000,
        "https://a.example/\r\nx: y",
    ],
)
def test_only_an_https_address_can_be_told(url):
    with pytest.raises(WebhookRefused):
        check(url)


def test_an_answer_that_comes_letter_by_letter_does_not_keep_others_waiting():
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            connection, _ = listening.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
                while not over.wait(0.05):
                    connection.sendall(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        hooks = Webhooks(lambda host, port: ["127.0.0.1"], lambda address: True, plain=True, longest_s=0.1)
        with pytest.raises(WebhookFailed):
            hooks.send(f"http://hooks.example:{listening.getsockname()[1]}/", SECRET, "m1", AT, {})
        assert dripping.is_alive()
        over.set()
        dripping.join()
