"""A chat endpoint on this machine that answers as a test tells it to, over real sockets."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes, dict[str, str]]
Behaviour = Callable[[dict[str, Any], int], Reply | None]
"""(request body, number of the request from 0) -> reply, or None to hang until the server is closed."""


def said(text: object, finish: str = "stop", **more: object) -> Reply:
    """A well-formed answer."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return 200, json.dumps({"choices": [choice], **more}).encode(), {"Content-Type": "application/json"}


def status(code: int, content: bytes = b"", **headers: str) -> Reply:
    return code, content, {name.replace("_", "-"): value for name, value in headers.items()}


class Stub:
    """What was asked, and where."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.closing = threading.Event()
        self.port = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Stub]:
    stub = Stub(behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            number = len(stub.bodies)
            stub.bodies.append(json.loads(content))
            stub.headers.append({name.lower(): value for name, value in self.headers.items()})
            stub.paths.append(self.path)
            reply = stub.behaviour(stub.bodies[-1], number)
            if reply is None:
                stub.closing.wait(30)
                self.close_connection = True
                return
            code, body, headers = reply
            if code == 0:
                self.wfile.write(body)
                self.close_connection = True
                return
            self.send_response(code)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            stub.paths.append(f"GET {self.path}")
            self.send_error(405)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        stub.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
