"""From the place in the settings to the store that lies there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from service.storage.bucket import BucketObjects
from service.storage.errors import StorageError
from service.storage.folder import FolderObjects
from service.storage.objects import ObjectStore


def open_objects(place: str, options: Mapping[str, str] | None = None) -> ObjectStore:
    """A folder, or `s3://bucket/prefix` with the options of obstore's S3Store. Raises StorageError."""
    if place.startswith("s3://"):
        return BucketObjects(place, options or {})
    if "://" in place or not place:
        raise StorageError("bad_location", place=place, reason="scheme")
    return FolderObjects(Path(place))
