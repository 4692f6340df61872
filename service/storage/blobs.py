"""Encrypted blobs under random names, and recordings that are ordered lists of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import BinaryIO

from service.storage.ciphertext import Decrypted, encrypted
from service.storage.errors import DamagedBlob
from service.storage.keys import KeyStore
from service.storage.objects import ObjectStore, new_name

READ_BYTES = 2**20
SWEPT_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """A blob: its name, and the bytes that it holds once decrypted."""

    name: str
    size_bytes: int


class BlobStore:
    """Blobs of meetings. Methods with a key's id raise Erased once that key was destroyed."""

    def __init__(self, objects: ObjectStore, keys: KeyStore) -> None:
        self._objects = objects
        self._keys = keys

    def put(self, key_id: str, chunks: Iterable[bytes]) -> Stored:
        """Encrypts and stores as the chunks come; durable on return, nothing is stored if they fail."""
        name, size_bytes = new_name(), 0

        def counted() -> Iterator[bytes]:
            nonlocal size_bytes
            for chunk in chunks:
                size_bytes += len(chunk)
                yield chunk

        self._objects.put(name, encrypted(self._keys.load(key_id).primitive, name, counted()))
        return Stored(name, size_bytes)

    def open(self, key_id: str, name: str) -> BinaryIO:
        """The content as a stream of verified bytes. Raises MissingBlob and, while reading, DamagedBlob."""
        key = self._keys.load(key_id)
        return io.BufferedReader(Decrypted(key.primitive, name, self._objects.open(name)), READ_BYTES)

    def delete(self, name: str) -> None:
        """Durable on return; a name without a blob is fine."""
        self._objects.delete(name)

    def sweep(self, age: timedelta, named: Callable[[Collection[str]], Collection[str]]) -> int:
        """Deletes blobs older than `age` that `named` does not know, and what cut-off writes left; how many.

        `named`: asked some hundred names at a time, gives those that something refers to.
        """
        count = self._objects.sweep(age)
        old = self._objects.old_names(age)
        while names := set(islice(old, SWEPT_AT_ONCE)):
            for name in names - {*named(names)}:
                self._objects.delete(name)
                count += 1
        return count

    def check(self) -> None:
        """Raises StorageUnavailable where the store does not answer, or was never written to."""
        self._objects.exists(new_name())

    def keyed_hash(self, key_id: str, stream: BinaryIO) -> str:
        """Tells a duplicate within the meeting (MeetingKey.keyed_hash)."""
        return self._keys.load(key_id).keyed_hash(stream)


class Parts:
    """A recording that came in pieces: several blobs of one meeting, read as one stream."""

    def __init__(self, blobs: BlobStore, key_id: str, parts: Sequence[Stored]) -> None:
        self._blobs = blobs
        self._key_id = key_id
        self._parts = tuple(parts)
        self.size_bytes = sum(part.size_bytes for part in parts)

    def open(self, start: int = 0, end: int | None = None) -> BinaryIO:
        """The bytes [start, end) as a stream; parts outside are not touched. Raises like BlobStore.open."""
        return io.BufferedReader(_Chunks(self.chunks(start, end)), READ_BYTES)

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The same in pieces of at most 1 MiB."""
        end = self.size_bytes if end is None else min(end, self.size_bytes)
        at = 0
        for part in self._parts:
            first, last = max(start - at, 0), min(end - at, part.size_bytes)
            at += part.size_bytes
            if first < last:
                yield from self._part(part, first, last)

    def _part(self, part: Stored, first: int, last: int) -> Iterator[bytes]:
        at = 0
        with self._blobs.open(self._key_id, part.name) as stream:
            while at < last:
                chunk = stream.read(min(READ_BYTES, last - at))
                if not chunk:
                    raise DamagedBlob("damaged", name=part.name)
                if at + len(chunk) > first:
                    yield chunk[max(first - at, 0) :]
                at += len(chunk)
            # A blob longer than the list says was not written with that list.
            if last == part.size_bytes and stream.read(1):
                raise DamagedBlob("damaged", name=part.name)


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
