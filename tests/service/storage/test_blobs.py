from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from service.storage.blobs import BlobStore, Parts, Stored
from service.storage.errors import BadName, DamagedBlob, Erased, MissingBlob, StorageUnavailable
from service.storage.objects import new_name
from tests.service.storage.conftest import Place

MARKER = b"the zebra of Thursday plays the bassoon"
MIB = 2**20


def pattern(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311


def pieces(content: bytes, size: int = 300_000):
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, 7 * MIB + 5])
def test_what_is_put_is_read(shelf, size):
    key_id = shelf.keys.create()
    stored = shelf.blobs.put(key_id, pieces(pattern(size)))
    assert stored.size_bytes == size
    with shelf.blobs.open(key_id, stored.name) as stream:
        assert stream.read() == pattern(size)


def test_one_large_chunk_and_empty_chunks(shelf):
    key_id = shelf.keys.create()
    stored = shelf.blobs.put(key_id, [b"", pattern(3 * MIB), b"", b"end"])
    with shelf.blobs.open(key_id, stored.name) as stream:
        assert stream.read() == pattern(3 * MIB) + b"end"


def test_a_failing_upload_stores_nothing_and_tells_its_own_failure(shelf):
    def breaking(size):
        yield pattern(size)
        raise ConnectionResetError("the browser went away") if size else KeyError("x")

    key_id = shelf.keys.create()
    for size, kind in ((0, KeyError), (100, ConnectionResetError), (16 * MIB, ConnectionResetError)):
        with pytest.raises(kind):
            shelf.blobs.put(key_id, breaking(size))
    assert list(shelf.place.open().names()) == []


def read_all(shelf, key_id, name):
    with shelf.blobs.open(key_id, name) as stream:
        return stream.read()


def test_any_changed_byte_is_refused(folder_shelf):
    shelf = folder_shelf
    key_id = shelf.keys.create()
    name = shelf.blobs.put(key_id, [b"a short text"]).name
    whole = shelf.place.raw(name)
    for at in range(len(whole)):
        shelf.place.overwrite(name, whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(DamagedBlob):
            read_all(shelf, key_id, name)


def test_changes_in_a_long_blob_are_refused_and_no_wrong_byte_is_passed_on(shelf):
    key_id = shelf.keys.create()
    content = pattern(3 * MIB)
    name = shelf.blobs.put(key_id, [content]).name
    whole = shelf.place.raw(name)
    second, third = whole[MIB : 2 * MIB], whole[2 * MIB : 3 * MIB]
    damaged = {
        "cut at a segment": whole[: 2 * MIB],
        "cut inside": whole[: 2 * MIB + 77],
        "cut by one": whole[:-1],
        "nothing left": b"",
        "longer": whole + b"x",
        "flipped late": whole[: 2 * MIB + 9] + b"?" + whole[2 * MIB + 10 :],
        "segments exchanged": whole[:MIB] + third + second + whole[3 * MIB :],
    }
    for what, broken in damaged.items():
        shelf.place.overwrite(name, broken)
        got = b""
        with shelf.blobs.open(key_id, name) as stream:
            with pytest.raises(DamagedBlob):
                while chunk := stream.read1(65536):
                    got += chunk
            with pytest.raises(DamagedBlob):
                stream.read(1)
        assert content.startswith(got), what
    shelf.place.overwrite(name, whole)
    assert read_all(shelf, key_id, name) == content


class Failing(io.RawIOBase):
    """A disk or a network that fails after some bytes."""

    def __init__(self, stream, error, good_bytes):
        self.stream, self.error, self.good_bytes = stream, error, good_bytes

    def readable(self):
        return True

    def read(self, size=-1):
        if self.stream.tell() >= self.good_bytes:
            raise self.error
        return self.stream.read(min(size, 1000))

    def close(self):
        self.stream.close()
        super().close()


@pytest.mark.parametrize("good_bytes", [0, 10, MIB + 5])
@pytest.mark.parametrize("error", [OSError(5, "I/O error"), StorageUnavailable("no_store", place="x")])
def test_a_failing_disk_is_not_taken_for_damage(folder_shelf, good_bytes, error):
    key_id = folder_shelf.keys.create()
    name = folder_shelf.blobs.put(key_id, [pattern(2 * MIB)]).name
    objects = folder_shelf.place.open()

    class Broken:
        def open(self, name):
            return Failing(objects.open(name), error, good_bytes)

    with (
        pytest.raises(StorageUnavailable),
        BlobStore(Broken(), folder_shelf.keys).open(key_id, name) as stream,
    ):
        stream.read()


def test_a_file_where_the_folder_should_be(folder_shelf, tmp_path):
    (tmp_path / "file").touch()
    objects = Place(str(tmp_path / "file" / "blobs")).open()
    blobs = BlobStore(objects, folder_shelf.keys)
    with pytest.raises(StorageUnavailable, match="Not a directory"):
        blobs.put(folder_shelf.keys.create(), [b"text"])


def test_exchanged_blobs_are_refused(shelf):
    key_id = shelf.keys.create()
    first, second = (shelf.blobs.put(key_id, [text]).name for text in (b"first", b"other"))
    shelf.place.overwrite(first, shelf.place.raw(second))
    with pytest.raises(DamagedBlob):
        read_all(shelf, key_id, first)
    assert read_all(shelf, key_id, second) == b"other"


def test_the_key_of_another_meeting_opens_nothing(shelf):
    key_id, other = shelf.keys.create(), shelf.keys.create()
    name = shelf.blobs.put(key_id, [b"text"]).name
    with pytest.raises(DamagedBlob):
        read_all(shelf, other, name)


def test_missing_and_deleted_blobs(shelf):
    key_id = shelf.keys.create()
    name = shelf.blobs.put(key_id, [b"text"]).name
    with pytest.raises(MissingBlob) as caught:
        shelf.blobs.open(key_id, new_name())
    assert not caught.value.retry_can_help
    shelf.blobs.delete(name)
    shelf.blobs.delete(name)
    with pytest.raises(MissingBlob):
        shelf.blobs.open(key_id, name)


@pytest.mark.parametrize(
    "name",
    ["", "../master.json", "/etc/passwd", "A" * 32, "0" * 31, "0" * 32 + "\n", "0" * 30 + "/.", "é" * 32],
)
def test_no_other_path_can_be_named(shelf, name):
    key_id = shelf.keys.create()
    for call in (
        lambda: shelf.blobs.open(key_id, name),
        lambda: shelf.blobs.delete(name),
        lambda: shelf.keys.load(name),
        lambda: shelf.keys.destroy(name),
    ):
        with pytest.raises(BadName):
            call()


def test_nothing_is_readable_in_any_file_and_files_are_private(folder_shelf, tmp_path):
    key_id = folder_shelf.keys.create()
    folder_shelf.blobs.put(key_id, [MARKER * 3, MARKER])
    folder_shelf.blobs.delete(folder_shelf.blobs.put(key_id, [MARKER]).name)
    paths = list(tmp_path.rglob("*"))
    assert not any(MARKER in path.read_bytes() for path in paths if path.is_file())
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths), paths


def test_parts_read_as_one_stream_and_by_range(shelf):
    key_id = shelf.keys.create()
    content = pattern(2 * MIB + 500)
    cuts = [0, 0, 1000, MIB + 7, MIB + 7, len(content)]
    parts = [shelf.blobs.put(key_id, [content[a:b]]) for a, b in pairwise(cuts)]
    recording = Parts(shelf.blobs, key_id, parts)
    assert recording.size_bytes == len(content)
    ends = [(0, None), (0, 10), (999, 1001), (1000, MIB + 7), (500, 2 * MIB), (MIB + 7, None), (9, 9), (5, 2)]
    ends += [(len(content) - 1, None), (len(content), None), (0, 2**40), (2**40, None)]
    for start, end in ends:
        with recording.open(start, end) as stream:
            assert stream.read() == content[start:end], (start, end)


def test_a_range_does_not_touch_other_parts(shelf):
    key_id = shelf.keys.create()
    kept = shelf.blobs.put(key_id, [b"0123456789"])
    parts = [Stored(new_name(), 1000), kept, Stored(new_name(), 1000)]
    with Parts(shelf.blobs, key_id, parts).open(1002, 1010) as stream:
        assert stream.read() == b"23456789"
    with pytest.raises(MissingBlob):
        list(Parts(shelf.blobs, key_id, parts).chunks())


@pytest.mark.parametrize("size", [9, 11])
def test_a_part_of_another_size_than_told_is_refused(folder_shelf, size):
    key_id = folder_shelf.keys.create()
    stored = folder_shelf.blobs.put(key_id, [b"0123456789"])
    with pytest.raises(DamagedBlob):
        list(Parts(folder_shelf.blobs, key_id, [Stored(stored.name, size)]).chunks())


def test_duplicates_are_found_within_a_meeting_only(folder_shelf):
    key_id, other = folder_shelf.keys.create(), folder_shelf.keys.create()

    def hashed(key, content):
        return folder_shelf.blobs.keyed_hash(key, io.BytesIO(content))

    content = pattern(2 * MIB)
    assert hashed(key_id, content) == hashed(key_id, content)
    assert len({hashed(key_id, content), hashed(other, content), hashed(key_id, content[:-1])}) == 3
    assert len(hashed(key_id, b"")) == 64


PUT_FOREVER = """
import sys
from itertools import pairwise
from pathlib import Path
from service.storage.blobs import BlobStore
from service.storage.keys import KeyStore
from service.storage.locations import open_objects
from service.storage.master import MasterKey
folder, key_id = Path(sys.argv[1]), sys.argv[2]
keys = KeyStore(open_objects(str(folder / "keys")), MasterKey.from_file(folder / "master.json"))
def chunks():
    for number in range(10**9):
        yield bytes(2**20)
        if number == 20:
            print("in the middle", flush=True)
BlobStore(open_objects(str(folder / "blobs")), keys).put(key_id, chunks())
"""


def test_a_killed_upload_leaves_no_blob_and_its_rest_is_swept(folder_shelf, tmp_path):
    key_id = folder_shelf.keys.create()
    kept = folder_shelf.blobs.put(key_id, [b"kept"]).name
    command = [sys.executable, "-c", PUT_FOREVER, str(tmp_path), key_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout.readline() == b"in the middle\n"
        os.kill(process.pid, signal.SIGKILL)
    objects = folder_shelf.place.open()
    assert list(objects.names()) == [kept]
    assert objects.sweep(timedelta(hours=1)) == 0
    assert objects.sweep(-timedelta(seconds=1)) == 1
    assert read_all(folder_shelf, key_id, kept) == b"kept"


PUT_MUCH = """
import resource, sys
from pathlib import Path
from service.storage.blobs import BlobStore
from service.storage.keys import KeyStore
from service.storage.locations import open_objects
from service.storage.master import MasterKey
folder, key_id = Path(sys.argv[1]), sys.argv[2]
keys = KeyStore(open_objects(str(folder / "keys")), MasterKey.from_file(folder / "master.json"))
blobs = BlobStore(open_objects(str(folder / "blobs")), keys)
blobs.put(key_id, [b"warm"])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
stored = blobs.put(key_id, (bytes(2**20) for _ in range(200)))
with blobs.open(key_id, stored.name) as stream:
    size = sum(len(chunk) for chunk in iter(lambda: stream.read(2**20), b""))
print(size, peak() - before)
"""


def test_memory_stays_bounded(folder_shelf, tmp_path):
    key_id = folder_shelf.keys.create()
    command = [sys.executable, "-c", PUT_MUCH, str(tmp_path), key_id]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    size, grown_mib = map(int, ran.stdout.split())
    assert size == 200 * MIB
    assert grown_mib < 40, f"{grown_mib} MiB"


def test_after_its_key_is_destroyed_nothing_reads_a_copy(shelf, new_place, master, tmp_path):
    key_id = shelf.keys.create()
    name = shelf.blobs.put(key_id, [MARKER]).name
    copy = shelf.place.raw(name)
    shelf.keys.destroy(key_id)
    shelf.place.overwrite(name, copy)
    for call in (
        lambda: shelf.blobs.open(key_id, name),
        lambda: shelf.blobs.put(key_id, [b"more"]),
        lambda: shelf.blobs.keyed_hash(key_id, io.BytesIO(b"")),
    ):
        with pytest.raises(Erased):
            call()


def test_blobs_that_nothing_names_go_once_they_are_old(shelf):
    key_id = shelf.keys.create()
    kept, _orphan = (shelf.blobs.put(key_id, [b"text"]).name for _ in range(2))
    for age, swept in ((timedelta(minutes=5), 0), (-timedelta(minutes=5), 1), (-timedelta(minutes=5), 0)):
        assert shelf.blobs.sweep(age, lambda names: {kept} & {*names}) == swept
    assert list(shelf.place.open().names()) == [kept]
    assert read_all(shelf, key_id, kept) == b"text"


def test_a_store_that_is_not_there_has_nothing_to_sweep(new_place):
    assert new_place().open().sweep(timedelta(0)) == 0
    assert list(new_place().open().old_names(timedelta(0))) == []
