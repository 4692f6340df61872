"""Files whose changes last: a new, renamed or removed name only once its folder is on disk too."""

from __future__ import annotations

import os
from io import BufferedRandom
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Forces the names in a folder to disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def zero(file: BufferedRandom, size_bytes: int) -> None:
    """Writes zeros over the beginning of an open file and forces them to disk. Raises OSError."""
    file.seek(0)
    file.write(bytes(size_bytes))
    file.flush()
    os.fsync(file.fileno())
