"""A recording and the way it is sent, byte by byte where a client would not stop."""

from __future__ import annotations

import http.client
import time

from tests.service.web.meeting_plans import STREAM, TUS, sound

MIB = 2**20
MARKER = b"the marker that nobody may read on a disk"


def long_recording():
    """20 MiB and a bit, with a marker at both ends and across a border of pieces."""
    content = bytearray(sound(b"\5\6" * (10 * MIB + 617)))
    for at in (100, 8 * MIB - 10, len(content) - len(MARKER)):
        content[at : at + len(MARKER)] = MARKER
    return bytes(content)


def patching(server, place, size):
    """A connection on which so many bytes are announced and none is sent yet."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("PATCH", place)
    for name, value in {
        **STREAM,
        **server.headers,
        "Upload-Offset": "0",
        "Content-Length": str(size),
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection


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
