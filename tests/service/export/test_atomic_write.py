from __future__ import annotations

import pytest

from service.errors import CannotWrite
from service.export.atomic_write import write_atomically


def test_writes_into_a_new_folder_and_replaces(tmp_path):
    path = tmp_path / "new" / "a.json"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["a.json"]


def test_below_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(CannotWrite) as refused:
        write_atomically(tmp_path / "file" / "a.json", b"x")
    assert "a.json" in refused.value.line("en")


def test_over_a_folder_leaves_no_temporary_file(tmp_path):
    (tmp_path / "a.json").mkdir()
    with pytest.raises(CannotWrite):
        write_atomically(tmp_path / "a.json", b"x")
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]
