"""Objects as files of a local folder: two-letter folders, private to the owner, durable.

obstore's LocalStore does not force anything to disk, so the files are written here.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from filelock import FileLock

from service.storage.errors import MissingBlob, StorageError, StorageUnavailable
from service.storage.folders import sync_folder, zero
from service.storage.objects import MARKER, Source, is_name, sharded


class FolderObjects:
    """An ObjectStore (objects.py) in a folder, made with the first object."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._lasting: set[Path] = set()
        """Folders whose own names this process has forced to disk."""

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Temporary file, fsync, rename, fsync of the folders."""
        path, source = self._path(name), Source(chunks)
        with self._failures(source):
            self._mark()
            self._write(path, source)

    def put_new(self, name: str, content: bytes) -> bool:
        """One at a time."""
        with self._failures():
            self._mark()
            with self._lock():
                if self._path(name).exists():
                    return False
                self._write(self._path(name), [content])
                return True

    def update(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """One at a time; the old bytes are zeroed."""
        with self._failures(), self._lock():
            try:
                with self._path(name).open("r+b") as old:
                    content = old.read()
                    changed = change(content)
                    if changed != content:
                        self._write(self._path(name), [changed])
                        zero(old, len(content))
            except FileNotFoundError as error:
                raise self._missing(name) from error

    def open(self, name: str) -> io.RawIOBase:
        """An unbuffered file."""
        with self._failures():
            try:
                return self._path(name).open("rb", buffering=0)
            except FileNotFoundError as error:
                raise self._missing(name) from error

    def exists(self, name: str) -> bool:
        """One look at the file system."""
        with self._failures():
            there = self._path(name).exists()
            if not there:
                self._require_store()
            return there

    def delete(self, name: str) -> None:
        """Removes the file."""
        path = self._path(name)
        with self._failures():
            self._require_store()
            with self._lock(), contextlib.suppress(FileNotFoundError):
                path.unlink()
                sync_folder(path.parent)

    def blank(self, name: str) -> None:
        """Zeros reach the old bytes only where file system and disk write in place."""
        path = self._path(name)
        with self._failures():
            self._require_store()
            with self._lock():
                try:
                    with path.open("r+b") as file:
                        zero(file, os.fstat(file.fileno()).st_size or 1)
                except FileNotFoundError:
                    self._write(path, [b"\0"])

    def names(self) -> Iterator[str]:
        """Walks the folder."""
        with self._failures():
            yield from (path.name for path in self._paths())

    def old_names(self, age: timedelta) -> Iterator[str]:
        """By the times of the files."""
        with self._failures():
            before = self._now_s() - age.total_seconds()
            for path in self._paths():
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    if path.stat().st_mtime < before:
                        yield path.name

    def keeps_versions(self, name: str) -> bool:
        """Never."""
        return False

    def sweep(self, age: timedelta) -> int:
        """Removes temporary files that a killed process left."""
        swept = 0
        with self._failures():
            before = self._now_s() - age.total_seconds()
            for path in self._incoming.glob("*"):
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        path.unlink()
                        swept += 1
        return swept

    def _paths(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("??/*") if is_name(path.name))

    def _now_s(self) -> float:
        """The clock that stamps the files: on a network drive that of its server. 0 without a store."""
        if not (self._folder / MARKER).exists():
            return 0.0
        with tempfile.TemporaryFile(dir=self._incoming) as probe:
            probe.write(b"0")
            probe.flush()
            return os.fstat(probe.fileno()).st_mtime

    def _path(self, name: str) -> Path:
        return self._folder / sharded(name)

    def _write(self, path: Path, chunks: Iterable[bytes]) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
            path.parent.mkdir(mode=0o700, exist_ok=True)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        if path.parent not in self._lasting:
            sync_folder(self._folder)
            self._lasting.add(path.parent)

    def _mark(self) -> None:
        if not (self._folder / MARKER).exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._incoming.mkdir(mode=0o700, exist_ok=True)
            (self._folder / MARKER).touch(mode=0o600)

    def _lock(self) -> FileLock:
        return FileLock(self._folder / ".lock", mode=0o600)

    def _missing(self, name: str) -> StorageError:
        self._require_store()
        return MissingBlob("missing_blob", name=name)

    def _require_store(self) -> None:
        if not (self._folder / MARKER).exists():
            raise StorageUnavailable("no_store", place=self._folder)

    @contextlib.contextmanager
    def _failures(self, source: Source | None = None) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if source and source.failure:
                raise
            reason = error.strerror or type(error).__name__
            raise StorageUnavailable("unavailable", place=self._folder, reason=reason) from error
