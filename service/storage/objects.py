"""Objects under random names, wherever they lie. What they hold is encrypted above this file."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Protocol

from service.storage.errors import BadName

_NAME = re.compile(r"[0-9a-f]{32}")
MARKER = "rapport-store"
"""Lies in every store that was ever written to: tells a missing object from a disk that is not mounted."""


def new_name() -> str:
    """32 hexadecimal digits: 128 random bits, so that no two objects ever meet."""
    return secrets.token_hex(16)


def sharded(name: str) -> str:
    """Where an object lies: "ab/ab12...". Raises BadName for all but a name of `new_name`."""
    if not is_name(name):
        raise BadName("bad_name")
    return f"{name[:2]}/{name}"


def is_blank(content: bytes) -> bool:
    """Whether it is what `blank` leaves."""
    return not content.strip(b"\0")


def is_name(name: str) -> bool:
    """Whether it has the form of `new_name`; nothing else becomes part of a path."""
    return _NAME.fullmatch(name) is not None


class Source:
    """Chunks that remember their own failure, lest it is taken for one of the store."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.failure: BaseException | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._chunks
        except BaseException as error:
            self.failure = error
            raise


class ObjectStore(Protocol):
    """Whole objects by name. Every method raises StorageUnavailable where the store is not there or fails."""

    def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """Durable on return; an error or a crash before then leaves nothing under the name."""

    def put_new(self, name: str, content: bytes) -> bool:
        """The same for a name that no object has yet; False, and nothing done, where one has it."""

    def update(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Replaces the content at once; never brings back an object deleted meanwhile: MissingBlob."""

    def open(self, name: str) -> io.RawIOBase:
        """The bytes as a stream. Raises MissingBlob."""

    def exists(self, name: str) -> bool:
        """Whether an object has the name; one look at the store."""

    def delete(self, name: str) -> None:
        """Durable on return; a name without an object is fine."""

    def blank(self, name: str) -> None:
        """Replaces the content by zeros, on a disk in its very place; a name without an object gets some."""

    def names(self) -> Iterator[str]:
        """All names, in no order."""

    def old_names(self, age: timedelta) -> Iterator[str]:
        """Names of objects that were written longer ago than `age`, by the store's own clock."""

    def sweep(self, age: timedelta) -> int:
        """Removes what writes that were cut off left longer ago than `age`; how many."""

    def keeps_versions(self, name: str) -> bool:
        """Whether the store keeps what is deleted or replaced."""
