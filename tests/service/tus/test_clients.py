"""Uploads to a real web process: two clients, broken connections, kill -9, no byte readable."""

from __future__ import annotations

import http.client
import io
import json
import subprocess
import threading
import time

import pytest
from tusclient.client import TusClient

from tests.service.web.meeting_plans import STREAM, TUS, begin, send, sound

MIB = 2**20
MARKER = b"the marker that nobody may read on a disk"


@pytest.fixture(scope="module")
def recording():
    """20 MiB and a bit, with a marker at both ends and across a border of pieces."""
    content = bytearray(sound(b"\5\6" * (10 * MIB + 617)))
    for at in (100, 8 * MIB - 10, len(content) - len(MARKER)):
        content[at : at + len(MARKER)] = MARKER
    return bytes(content)


def state(server):
    with server.client() as client:
        return client.get(f"/api/v1/meetings/{server.meeting}").json()["state"]


def test_the_python_client_is_interrupted_and_resumes(server, recording):
    file = io.BytesIO(recording)
    client = TusClient(f"{server.base}/api/v1/uploads", headers=server.headers)
    pairs = {"meeting": server.meeting, "filename": "../../../etc/passwd"}
    first = client.uploader(file_stream=file, chunk_size=5 * MIB, metadata=pairs, upload_checksum=True)
    first.upload_chunk()
    second = client.uploader(file_stream=file, chunk_size=5 * MIB, url=first.url, upload_checksum=True)
    assert second.offset == 5 * MIB
    second.upload()
    assert server.sound() == recording
    assert state(server) == "uploaded"


def test_the_javascript_client_is_interrupted_and_resumes(server, recording, tmp_path, tus_js):
    file = tmp_path / "talk.wav"
    file.write_bytes(recording[: 3 * MIB])
    command = ["node", "upload.js", f"{server.base}/api/v1/uploads", server.token, server.meeting, str(file)]
    ran = subprocess.run(command, cwd=tus_js, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["resumedFrom"] >= MIB
    assert server.sound() == recording[: 3 * MIB]
    assert state(server) == "uploaded"


def test_nothing_is_lost_or_made_up_when_the_web_process_is_killed(server, recording):
    with server.client() as client:
        place = begin(client, server.meeting, len(recording)).headers["location"]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {**STREAM, **server.headers, "Upload-Offset": "0", "Content-Length": str(len(recording))}
    connection.putrequest("PATCH", place)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(recording[: 17 * MIB])
    assert offset_of(server, place, at_least=16 * MIB) == 16 * MIB
    server.kill()
    connection.close()
    server.start()
    assert offset_of(server, place) == 16 * MIB
    with server.client() as client:
        assert send(client, place, 16 * MIB, recording[16 * MIB :]).status_code == 204
    assert server.sound() == recording
    assert readable(server, MARKER) == []


def test_a_broken_connection_keeps_what_came(server, recording):
    with server.client() as client:
        place = begin(client, server.meeting, len(recording)).headers["location"]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("PATCH", place)
    for name, value in (
        {**STREAM, **server.headers, "Upload-Offset": "0", "Content-Length": str(len(recording))}
    ).items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(recording[: 15 * MIB])
    assert offset_of(server, place, at_least=8 * MIB) == 8 * MIB
    connection.close()
    offset = offset_of(server, place, at_least=8 * MIB + 1)
    assert 8 * MIB < offset <= 15 * MIB
    with server.client() as client:
        assert send(client, place, offset, recording[offset:]).status_code == 204
    assert server.sound() == recording


def test_of_two_requests_at_once_one_wins(server, recording):
    with server.client() as client:
        place = begin(client, server.meeting, len(recording)).headers["location"]
    answers, together = [], threading.Barrier(2)

    def patch():
        with server.client() as client:
            together.wait()
            answers.append(send(client, place, 0, recording).status_code)

    threads = [threading.Thread(target=patch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 409 in answers
    at = offset_of(server, place)
    if at < len(recording):
        with server.client() as client:
            assert send(client, place, at, recording[at:]).status_code == 204
    assert server.sound() == recording


def offset_of(server, place, at_least=0):
    """Where the upload stands, once it stands there or beyond."""
    deadline = time.monotonic() + 20
    with server.client() as client:
        while True:
            answer = client.head(place, headers=TUS)
            assert answer.status_code == 200
            offset = int(answer.headers["upload-offset"])
            if offset >= at_least or time.monotonic() > deadline:
                return offset


def readable(server, marker):
    """Files of the service that hold the marker."""
    return [path for path in server.data.rglob("*") if path.is_file() and marker in path.read_bytes()]
