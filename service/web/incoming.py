"""Bodies that are too large to hold: read piece by piece, each encrypted and safe before the next is read."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from service.db.tables import RecordingPart
from service.errors import ServiceError
from service.usecases import uploads
from service.usecases.actor import Actor
from service.usecases.meeting_errors import UploadTooBig, WrongChecksum
from service.usecases.rapport import Rapport
from service.usecases.uploads import PIECE_BYTES, SMALL_BYTES, Upload
from service.web.errors import BadRequest

Chunks = AsyncIterator[bytes]

_AROUND_BYTES = 64 * 1024
"""What a form may hold besides its file."""


async def pieces(chunks: Chunks, size: int = PIECE_BYTES) -> Chunks:
    """The same bytes in pieces of `size`; what came before the connection broke, then ClientDisconnect."""
    buffer = bytearray()
    broken: ClientDisconnect | None = None
    try:
        async for chunk in chunks:
            buffer += chunk
            while len(buffer) >= size:
                yield bytes(buffer[:size])
                del buffer[:size]
    except ClientDisconnect as error:
        broken = error
    if buffer:
        yield bytes(buffer)
    if broken is not None:
        raise broken


class Checksum:
    """The checksum that came with a request (tus: algorithm, digest)."""

    def __init__(self, algorithm: str, digest: bytes) -> None:
        self._hash = hashlib.new(algorithm, usedforsecurity=False)
        self._digest = digest

    def update(self, piece: bytes) -> None:
        """Takes the next bytes."""
        self._hash.update(piece)

    def require(self) -> None:
        """Raises WrongChecksum."""
        if self._hash.digest() != self._digest:
            raise WrongChecksum("wrong_checksum")


async def receive(rapport: Rapport, actor: Actor, upload: Upload, chunks: Chunks) -> Upload:
    """Counts every piece as it is safe; a broken connection keeps what came."""
    try:
        async for piece in pieces(chunks):
            part = await run_in_threadpool(uploads.store, rapport, upload, (), piece)
            upload = await run_in_threadpool(uploads.keep, rapport, actor, upload, (part,))
    except ClientDisconnect:
        pass
    return upload


async def receive_checked(
    rapport: Rapport, actor: Actor, upload: Upload, chunks: Chunks, checksum: Checksum
) -> Upload:
    """Counts all of the request, or nothing of it. Raises WrongChecksum."""
    stored: list[RecordingPart] = []
    try:
        async for piece in pieces(chunks):
            checksum.update(piece)
            stored.append(await run_in_threadpool(uploads.store, rapport, upload, tuple(stored), piece))
        checksum.require()
    except ClientDisconnect:
        await run_in_threadpool(uploads.drop, rapport, stored)
        return upload
    except ServiceError:
        await run_in_threadpool(uploads.drop, rapport, stored)
        raise
    if not stored:
        return upload
    return await run_in_threadpool(uploads.keep, rapport, actor, upload, tuple(stored))


async def receive_form(rapport: Rapport, actor: Actor, upload: Upload, file: Chunks) -> Upload:
    """A file whose size is known at its end. An upload that breaks off is erased: it cannot be resumed."""
    held = b""
    try:
        async for piece in pieces(file):
            if held:
                part = await run_in_threadpool(uploads.store, rapport, upload, (), held)
                upload = await run_in_threadpool(uploads.keep, rapport, actor, upload, (part,))
            held = piece
        upload = uploads.resized(upload, upload.received + len(held))
        part = await run_in_threadpool(uploads.store, rapport, upload, (), held)
        return await run_in_threadpool(uploads.keep, rapport, actor, upload, (part,))
    except BaseException:
        await run_in_threadpool(uploads.abandon, rapport, actor, upload)
        raise


async def bounded(chunks: Chunks, most: int) -> Chunks:
    """The same chunks. Raises UploadTooBig beyond `most` bytes, BadRequest where they break off."""
    taken = 0
    try:
        async for chunk in chunks:
            taken += len(chunk)
            if taken > most:
                raise UploadTooBig("small_too_big", most=most)
            yield chunk
    except ClientDisconnect as error:
        raise BadRequest("bad_request") from error


def require_small(announced: int | None) -> int:
    """The announced length of a form, or the most there can be. Raises UploadTooBig before a byte is read."""
    if announced is not None and announced > SMALL_BYTES + _AROUND_BYTES:
        raise UploadTooBig("small_too_big", most=SMALL_BYTES)
    return announced or SMALL_BYTES


async def file_in_form(content_type: str, chunks: Chunks) -> Chunks:
    """The bytes of the first file in a form (RFC 7578). Raises BadRequest, UploadTooBig."""
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:
        raise BadRequest("bad_request")
    reader = _FirstFile(boundary)
    async for chunk in bounded(chunks, SMALL_BYTES + _AROUND_BYTES):
        if found := reader.feed(chunk):
            yield found
    if not reader.ended:
        raise BadRequest("bad_request")


class _FirstFile:
    """Reads a multipart body as it comes and keeps nothing but the bytes of its first file."""

    def __init__(self, boundary: bytes) -> None:
        self.ended = False
        self._around = 0
        self._files, self._inside = 0, False
        self._field, self._found = b"", bytearray()
        callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }
        self._value = b""
        self._parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type]

    def feed(self, chunk: bytes) -> bytes:
        """The bytes of the file in this chunk. Raises BadRequest."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise BadRequest("bad_request") from error
        found = bytes(self._found)
        self._found.clear()
        self._around += len(chunk) - len(found)
        if self._around > _AROUND_BYTES:
            raise BadRequest("bad_request")
        return found

    def _begin(self) -> None:
        self._field, self._value = b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if (
            self._field.lower() == b"content-disposition"
            and b"filename" in parse_options_header(self._value)[1]
        ):
            self._files += 1
            self._inside = self._files == 1
        self._field, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self._found += data[start:end]

    def _end(self) -> None:
        self._inside = False

    def _finish(self) -> None:
        self.ended = True
