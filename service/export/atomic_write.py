"""Files that are either whole or not there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from service.errors import CannotWrite


def write_atomically(path: Path, content: bytes) -> None:
    """Writes to a temporary file in the same folder, forces it to disk and renames it over `path`.

    Makes missing folders. Raises CannotWrite; what stood at `path` before then stays as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp makes private files; minutes of a meeting stay readable for their owner only.
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise CannotWrite.of(path, error) from error
