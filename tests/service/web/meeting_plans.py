"""Meetings planned over HTTP, with the consent that a recording needs, and sound to upload."""

from __future__ import annotations

import base64
import io
import wave

TUS = {"Tus-Resumable": "1.0.0"}
STREAM = {**TUS, "Content-Type": "application/offset+octet-stream"}


def plan(client, employee_id, *, kind="check_in", held_on="2026-05-04", **more):
    """A planned meeting; its body."""
    people = [{"person_id": employee_id, "role": "employee"}]
    body = {"kind": kind, "held_on": held_on, "participants": people, **more}
    answer = client.post("/api/v1/meetings", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def plan_agreed(client, employee_id, **more):
    """A planned meeting whose employee agreed, as the manager says; its id."""
    meeting = plan(client, employee_id, **more)["id"]
    assert client.post(f"/api/v1/meetings/{meeting}/consents/e/attest").status_code == 204
    return meeting


def sound(content=b"\0\1" * 4000):
    """A WAV file around these samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(content)
    return file.getvalue()


def metadata(**pairs):
    """The header Upload-Metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def begin(client, meeting, size, **pairs):
    """The answer to a new upload."""
    told = metadata(meeting=meeting, **pairs)
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": told}
    return client.post("/api/v1/uploads", headers=headers)


def send(client, place, offset, content, **headers):
    """The answer to the next bytes."""
    return client.patch(place, content=content, headers={**STREAM, "Upload-Offset": str(offset), **headers})


def upload(client, meeting, content, **pairs):
    """A whole upload; its address."""
    begun = begin(client, meeting, len(content), **pairs)
    assert begun.status_code == 201, begun.text
    place = begun.headers["location"]
    answer = send(client, place, 0, content)
    assert answer.status_code == 204, answer.text
    return place
