from __future__ import annotations

import pytest


@pytest.fixture
def written(tmp_path):
    """A function name, text -> path of a file with it."""

    def write(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write
