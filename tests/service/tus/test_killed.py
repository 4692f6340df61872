"""kill -9 of the web process during an upload, on each database and each kind of store."""

from __future__ import annotations

import secrets

import httpx
import pytest

from service.bootstrap import objects
from service.hosting import hosting
from service.storage.master import create_master_key
from tests.service.conftest import postgresql_database
from tests.service.storage.conftest import s3_server  # noqa: F401
from tests.service.tus.conftest import on_sqlite, serve
from tests.service.tus.talk import MARKER, MIB, offset_of, patching
from tests.service.web.meeting_plans import begin, send


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "bucket"])
def web_process(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    if request.param == "postgresql":
        create_master_key(folder / "master.key")
        with postgresql_database(request.getfixturevalue("migrated_postgresql")) as url:
            key = {"RAPPORT_MASTER_KEY_FILE": str(folder / "master.key")}
            yield from serve({"RAPPORT_DATA": str(folder), "RAPPORT_DATABASE": url, **key})
        return
    environ = on_sqlite(folder, request.getfixturevalue("migrated_sqlite"))
    if request.param == "bucket":
        environ |= in_a_bucket(request.getfixturevalue("s3_server"))
    yield from serve(environ)


def in_a_bucket(address):
    """Settings that put the blobs into a new bucket."""
    name = f"b{secrets.token_hex(6)}"
    httpx.put(f"{address}/{name}").raise_for_status()
    store = {"ENDPOINT": address, "REGION": "us-east-1", "KEY": "id", "SECRET": "s"}
    return {"RAPPORT_BLOBS": f"s3://{name}/prefix", **{f"RAPPORT_S3_{k}": v for k, v in store.items()}}


def test_nothing_is_lost_or_made_up(server, recording):
    with server.client() as client:
        place = begin(client, server.meeting, len(recording)).headers["location"]
    connection = patching(server, place, len(recording))
    connection.send(recording[: 17 * MIB])
    told = offset_of(server, place, at_least=8 * MIB)
    server.kill()
    connection.close()
    server.start()
    offset = offset_of(server, place)
    assert told <= offset <= 17 * MIB
    with server.client() as client:
        assert send(client, place, offset, recording[offset:]).status_code == 204
    assert server.sound() == recording
    assert readable(server, MARKER) == []


def readable(server, marker):
    """Files and objects of the service that hold the marker."""
    files = [path for path in server.data.rglob("*") if path.is_file() and marker in path.read_bytes()]
    parts = hosting(server.environ)
    store = objects(parts, parts.blobs)
    return [*files, *(name for name in store.names() if marker in whole(store, name))]


def whole(store, name):
    with store.open(name) as stream:
        return stream.read()
