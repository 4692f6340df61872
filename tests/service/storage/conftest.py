"""The stores of the storage tests: a folder, or a bucket of a local S3 server."""

from __future__ import annotations

import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from service.storage.blobs import BlobStore
from service.storage.keys import KeyStore
from service.storage.locations import open_objects
from service.storage.master import create_master_key
from service.storage.objects import sharded


@pytest.fixture(scope="session")
def s3_server():
    command = [sys.executable, str(Path(__file__).with_name("s3_server.py"))]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()
        process.wait(20)


@dataclass
class Place:
    """Where a store lies, and raw access to its objects as a thief or a broken disk would have."""

    place: str
    options: dict[str, str] = field(default_factory=dict)

    def open(self):
        return open_objects(self.place, self.options)

    def raw(self, name: str) -> bytes:
        with self.open().open(name) as stream:
            return stream.read()

    def overwrite(self, name: str, content: bytes) -> None:
        if not self.options:
            (Path(self.place) / sharded(name)).write_bytes(content)
        else:
            self.open().put(name, [content])


@pytest.fixture
def bucket(s3_server):
    """Makes buckets: bucket() is the place of a new one."""

    def make() -> Place:
        name = f"b{secrets.token_hex(6)}"
        httpx.put(f"{s3_server}/{name}").raise_for_status()
        options = {
            "endpoint": s3_server,
            "access_key_id": "id",
            "secret_access_key": "s",
            "region": "us-east-1",
        }
        return Place(f"s3://{name}/some/prefix", options)

    return make


@pytest.fixture(params=["folder", "bucket"])
def new_place(request, tmp_path):
    """Makes empty places of one kind."""
    if request.param == "bucket":
        return request.getfixturevalue("bucket")
    return lambda: Place(str(tmp_path / secrets.token_hex(6)))


@dataclass
class Shelf:
    """A whole storage with its places."""

    blobs: BlobStore
    keys: KeyStore
    place: Place
    key_place: Place


def shelf_at(place: Place, key_place: Place, master) -> Shelf:
    keys = KeyStore(key_place.open(), master)
    return Shelf(BlobStore(place.open(), keys), keys, place, key_place)


@pytest.fixture
def master(tmp_path):
    return create_master_key(tmp_path / "master.json")


@pytest.fixture
def shelf(new_place, master):
    return shelf_at(new_place(), new_place(), master)


@pytest.fixture
def folder_shelf(tmp_path, master):
    return shelf_at(Place(str(tmp_path / "blobs")), Place(str(tmp_path / "keys")), master)
