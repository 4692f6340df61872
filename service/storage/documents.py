"""JSON documents of a meeting (transcript, draft, minutes) as encrypted blobs, never changed once written."""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from service.storage.blobs import BlobStore
from service.storage.errors import DamagedBlob, TooLarge

MOST_BYTES = 64 * 2**20
"""A transcript of a whole day has some 10 MB."""


def canonical(value: dict[str, Any] | list[Any]) -> bytes:
    """RFC 8785 (JCS), or compact JSON for whole numbers beyond 2**53. Raises ValueError for NaN, infinity."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return text.encode()


class DocumentStore:
    """Documents by random name; errors are those of BlobStore."""

    def __init__(self, blobs: BlobStore, most_bytes: int = MOST_BYTES) -> None:
        self._blobs = blobs
        self._most_bytes = most_bytes

    def write(self, key_id: str, value: dict[str, Any] | list[Any]) -> str:
        """Stores a document, durable on return, and gives its name. Raises TooLarge."""
        content = canonical(value)
        if len(content) > self._most_bytes:
            raise TooLarge("document_too_large", size_bytes=len(content), most_bytes=self._most_bytes)
        return self._blobs.put(key_id, [content]).name

    def read(self, key_id: str, name: str) -> Any:  # noqa: ANN401  # a JSON document
        """The document; a number without a fraction comes back as int: JSON has one kind of number."""
        return json.loads(self.text(key_id, name))

    def text(self, key_id: str, name: str) -> bytes:
        """The document as the JSON text that is stored, for whoever only passes it on."""
        with self._blobs.open(key_id, name) as stream:
            content = stream.read(self._most_bytes + 1)
        if len(content) > self._most_bytes:
            raise DamagedBlob("damaged", name=name)
        return content

    def delete(self, name: str) -> None:
        """Durable on return; a name without a document is fine."""
        self._blobs.delete(name)
