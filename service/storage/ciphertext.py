"""One encrypted object: AES-256-GCM in segments of 1 MiB, each verified before a byte of it is passed on.

Format: Tink's AES256_GCM_HKDF_1MB streaming AEAD. The object's name is the associated data, so an object
under another name is refused, as are segments changed, moved or cut off.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from tink import TinkError
from tink.streaming_aead import StreamingAead

from service.storage.errors import DamagedBlob, StorageError, StorageUnavailable

SEGMENT_BYTES = 2**20


def encrypted(primitive: StreamingAead, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The ciphertext of all chunks in order, holding a few segments at a time."""
    sink = _Sink()
    with primitive.new_encrypting_stream(sink, name.encode()) as stream:
        for chunk in chunks:
            view = memoryview(chunk)
            for start in range(0, len(view), SEGMENT_BYTES):
                stream.write(view[start : start + SEGMENT_BYTES])
                yield from sink.drained()
    yield from sink.drained()


class Decrypted(io.RawIOBase):
    """The plaintext as it is verified. Raises DamagedBlob, and again at every read after that."""

    def __init__(self, primitive: StreamingAead, name: str, source: io.RawIOBase) -> None:
        super().__init__()
        self._name = name
        self._source = _Watched(source, name)
        self._failure: StorageError | None = None
        self._stream = primitive.new_decrypting_stream(self._source, name.encode())

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # io.RawIOBase takes any writable buffer
        """Fills the buffer as far as the plaintext goes; 0 at its verified end."""
        if self._failure:
            raise self._failure
        try:
            plain = self._stream.read(len(buffer))
        except TinkError as error:
            self._failure = self._source.failure or DamagedBlob("damaged", name=self._name)
            raise self._failure from error
        buffer[: len(plain)] = plain
        return len(plain)

    def close(self) -> None:
        """Closes the ciphertext too."""
        if not self.closed:
            self._stream.close()
        super().close()


class _Sink(io.RawIOBase):
    def __init__(self) -> None:
        super().__init__()
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401
        self._chunks.append(bytes(data))
        return len(data)

    def drained(self) -> Iterator[bytes]:
        chunks, self._chunks = self._chunks, []
        yield from chunks


class _Watched(io.RawIOBase):
    """The source, remembering the failure that Tink would report as a wrong key."""

    def __init__(self, source: io.RawIOBase, name: str) -> None:
        super().__init__()
        self._source = source
        self._name = name
        self.failure: StorageError | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes | None:
        try:
            return self._source.read(size)
        except StorageError as error:
            self.failure = error
            raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.failure = StorageUnavailable("unavailable", place=self._name, reason=reason)
            raise

    def close(self) -> None:
        self._source.close()
        super().close()
