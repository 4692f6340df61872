"""A recording as a file in memory, for programs that want a path: no sound lies on disk in the clear."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple


class MemoryFile(NamedTuple):
    """An open file without a name; a child that gets `fd` by `pass_fds` opens it at `path`."""

    fd: int
    path: str


@contextmanager
def memory_file(chunks: Iterable[bytes]) -> Iterator[MemoryFile]:
    """The chunks as a file until the end of the block. Linux may swap its pages out: encrypt the swap space.

    Elsewhere it is a file on disk that loses its name before the first byte is written.
    """
    fd = _nameless()
    try:
        with os.fdopen(fd, "wb", closefd=False) as file:
            file.writelines(chunks)
        os.lseek(fd, 0, os.SEEK_SET)
        yield MemoryFile(fd, f"/proc/self/fd/{fd}" if sys.platform == "linux" else f"/dev/fd/{fd}")
    finally:
        os.close(fd)


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("recording", os.MFD_CLOEXEC)
    fd, name = tempfile.mkstemp()  # mode 0600, closed in children that are not given it
    os.unlink(name)  # noqa: PTH108
    return fd
