from __future__ import annotations

import os
import subprocess
import sys

import pytest

from service.storage.blobs import Parts
from service.storage.errors import DamagedBlob
from service.storage.memory_file import memory_file


def open_files() -> set[str]:
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208


def test_a_child_reads_the_recording_at_its_path_and_nothing_is_left(folder_shelf):
    key_id = folder_shelf.keys.create()
    parts = [folder_shelf.blobs.put(key_id, [text]) for text in (b"RIFF", b" and more")]
    before = open_files()
    with memory_file(Parts(folder_shelf.blobs, key_id, parts).chunks()) as (fd, path):
        program = "import sys; print(open(sys.argv[1], 'rb').read())"
        for _ in range(2):
            command = [sys.executable, "-c", program, path]
            ran = subprocess.run(command, pass_fds=[fd], capture_output=True, text=True, check=True)
            assert ran.stdout == "b'RIFF and more'\n"
        without = subprocess.run([sys.executable, "-c", program, path], capture_output=True, check=False)
        assert without.returncode != 0
        assert "memfd" in os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115
        assert os.read(fd, 4) == b"RIFF"
    assert open_files() == before


def test_a_damaged_recording_gives_no_file(folder_shelf):
    key_id = folder_shelf.keys.create()
    part = folder_shelf.blobs.put(key_id, [b"RIFF"])
    folder_shelf.place.overwrite(part.name, folder_shelf.place.raw(part.name)[:-1])
    before = open_files()
    chunks = Parts(folder_shelf.blobs, key_id, [part]).chunks()
    with pytest.raises(DamagedBlob), memory_file(chunks):
        pytest.fail("it was given")
    assert open_files() == before
