"""Uploads to a real web process: two clients, broken connections, two at once."""

from __future__ import annotations

import io
import json
import subprocess
import threading

from tusclient.client import TusClient

from tests.service.tus.talk import MIB, offset_of, patching
from tests.service.web.meeting_plans import begin, send


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


def test_a_broken_connection_keeps_what_came(server, recording):
    with server.client() as client:
        place = begin(client, server.meeting, len(recording)).headers["location"]
    connection = patching(server, place, len(recording))
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
