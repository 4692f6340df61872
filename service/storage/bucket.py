"""Objects of an S3-compatible bucket, through obstore.

Uploads cut off by a crash stay hidden in the bucket: give it a lifecycle rule that aborts incomplete
multipart uploads.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, cast

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from service.storage.errors import MissingBlob, StorageError, StorageUnavailable
from service.storage.objects import MARKER, Source, is_name, sharded

if TYPE_CHECKING:
    from obstore import ReadableFile, UpdateVersion
    from obstore.store import S3Config

PART_BYTES = 5 * 2**20
"""The smallest part that S3 takes; smaller objects go up in one request."""

CLOCK = "rapport-clock"
"""An object whose time tells the server's clock."""


class BucketObjects:
    """An ObjectStore (objects.py) at s3://bucket/prefix.

    `options` are those of obstore's S3Store, as text: endpoint, access_key_id, secret_access_key, region...
    """

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        self._url = url
        self._marked = False
        try:
            self._store = S3Store.from_url(
                url,
                config=cast("S3Config", dict(options)),
                client_options={"allow_http": options.get("endpoint", "").startswith("http://")},
                retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=30)},
            )
        except (BaseError, ValueError) as error:
            reason = type(error).__name__
            raise StorageError("bad_location", place=url, reason=reason) from error

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """One request, or a multipart upload that appears only when it is complete."""
        path = sharded(name)
        source = Source(chunks)
        with self._failures(source):
            self._mark()
            parts = iter(source)
            first, size = [], 0
            for chunk in parts:
                first.append(chunk)
                size += len(chunk)
                if size >= PART_BYTES:
                    break
            if size < PART_BYTES:
                obstore.put(self._store, path, b"".join(first))
                return
            obstore.put(self._store, path, chain(first, parts), chunk_size=PART_BYTES, max_concurrency=2)

    def put_new(self, name: str, content: bytes) -> bool:
        """The server decides (If-None-Match)."""
        with self._failures():
            self._mark()
            try:
                obstore.put(self._store, sharded(name), content, mode="create")
            except AlreadyExistsError:
                return False
            return True

    def update(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Replaces only the version that was read (If-Match)."""
        with self._failures():
            try:
                got = obstore.get(self._store, sharded(name))
                content, tag = bytes(got.bytes()), got.meta["e_tag"]
                changed = change(content)
                if changed == content:
                    return
                obstore.put(self._store, sharded(name), changed, mode=cast("UpdateVersion", {"e_tag": tag}))
            except FileNotFoundError as error:
                raise self._missing(name) from error
            except PreconditionError:
                self.update(name, change)

    def open(self, name: str) -> io.RawIOBase:
        """Reads by ranges, so that no request outlasts its time limit."""
        with self._failures():
            try:
                reader = obstore.open_reader(self._store, sharded(name), buffer_size=PART_BYTES)
            except FileNotFoundError as error:
                raise self._missing(name) from error
        return _Stream(reader, self._failures)

    def exists(self, name: str) -> bool:
        """One HEAD request."""
        with self._failures():
            there = self._has(sharded(name))
            if not there:
                self._require_store()
            return there

    def delete(self, name: str) -> None:
        """What the server does with the bytes is its own affair: it must keep no versions."""
        path = sharded(name)
        with self._failures():
            self._require_store()
            with contextlib.suppress(FileNotFoundError):
                obstore.delete(self._store, path)

    def blank(self, name: str) -> None:
        """One request; like `delete` it leaves the old bytes to the server."""
        with self._failures():
            self._require_store()
            obstore.put(self._store, sharded(name), b"\0")

    def names(self) -> Iterator[str]:
        """Lists the bucket."""
        yield from (name for name, _ in self._list())

    def old_names(self, age: timedelta) -> Iterator[str]:
        """By the times that the server gives, against the time that it gives a new object."""
        with self._failures():
            if not self._has(MARKER):
                return
            obstore.put(self._store, CLOCK, b"")
            before = obstore.head(self._store, CLOCK)["last_modified"] - age
        yield from (name for name, written in self._list() if written < before)

    def sweep(self, age: timedelta) -> int:
        """Nothing: parts of uploads that were cut off are the business of a lifecycle rule."""
        return 0

    def keeps_versions(self, name: str) -> bool:
        """Whether the server gave the object a version of its own."""
        with self._failures():
            return obstore.head(self._store, sharded(name))["version"] not in {None, "null"}

    def _list(self) -> Iterator[tuple[str, datetime]]:
        with self._failures():
            for page in obstore.list(self._store):
                for meta in page:
                    name = meta["path"].rpartition("/")[2]
                    if is_name(name) and meta["path"] == sharded(name):
                        yield name, meta["last_modified"]

    def _has(self, path: str) -> bool:
        try:
            obstore.head(self._store, path)
        except FileNotFoundError:
            return False
        return True

    def _mark(self) -> None:
        if not self._marked:
            if not self._has(MARKER):
                obstore.put(self._store, MARKER, b"")
            self._marked = True

    def _require_store(self) -> None:
        if not self._has(MARKER):
            raise StorageUnavailable("no_store", place=self._url)

    def _missing(self, name: str) -> StorageError:
        self._require_store()
        return MissingBlob("missing_blob", name=name)

    @contextlib.contextmanager
    def _failures(self, source: Source | None = None) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            if source and source.failure:
                raise source.failure from error
            if isinstance(
                error, FileNotFoundError
            ):  # the bucket itself: a missing object is told apart before
                raise StorageUnavailable("no_store", place=self._url) from error
            # Only the kind: the words of the client can hold addresses and parts of requests.
            reason = type(error).__name__
            raise StorageUnavailable("unavailable", place=self._url, reason=reason) from error


class _Stream(io.RawIOBase):
    def __init__(
        self, reader: ReadableFile, failures: Callable[[], contextlib.AbstractContextManager[None]]
    ) -> None:
        super().__init__()
        self._reader = reader
        self._failures = failures

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        with self._failures():
            return bytes(self._reader.read(None if size is None or size < 0 else size))
