"""A backup: the database of one moment and every blob, encrypted as they are. The keys stay where they are.

What is erased later stays unreadable in every backup, since its key is in none of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import Any

from service.db.dump import dump, kind, load
from service.db.migrate import upgrade
from service.errors import CannotWrite, WrongUsage
from service.storage.errors import MissingBlob
from service.storage.folder import FolderObjects
from service.storage.objects import ObjectStore

SCHEMA = "rapport.backup/1"
DATABASE, BLOBS, MANIFEST = "database", "blobs", "backup.json"
READ_BYTES = 2**20


def write_backup(database_url: str, blobs: ObjectStore, folder: Path) -> int:
    """Writes into a new or empty folder, its manifest last; the number of blobs.

    The database comes first: what it names is in the store by then. Raises WrongUsage, CannotWrite,
    DumpFailed.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise WrongUsage("backup_in_the_way", path=folder)
    except OSError as error:
        raise CannotWrite.of(folder, error) from error
    at = datetime.now(UTC).isoformat(timespec="seconds")
    dump(database_url, folder / DATABASE)
    count = _copy(blobs, FolderObjects(folder / BLOBS))
    manifest = {
        "schema": SCHEMA,
        "at": at,
        "database": kind(database_url),
        "sha256": _sha256(folder / DATABASE),
        "blobs": count,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return count


def read_backup(folder: Path, database_url: str, blobs: ObjectStore) -> int:
    """Fills an empty database and adds the blobs; the number of blobs. Then the tables are migrated.

    Raises WrongUsage for a folder that holds no whole backup of this kind of database, DumpFailed.
    """
    manifest = _manifest(folder)
    if manifest["database"] != kind(database_url):
        raise WrongUsage("backup_of_other_kind", path=folder, kind=manifest["database"])
    stored = FolderObjects(folder / BLOBS)
    whole = _sha256(folder / DATABASE) == manifest["sha256"]
    if not whole or sum(1 for _ in stored.names()) != manifest["blobs"]:
        raise WrongUsage("no_backup", path=folder)
    load(folder / DATABASE, database_url)
    count = _copy(stored, blobs)
    upgrade(database_url)
    return count


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["schema"] != SCHEMA or not {"database", "sha256", "blobs"} <= manifest.keys():
            raise WrongUsage("no_backup", path=folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WrongUsage("no_backup", path=folder) from error
    return dict(manifest)


def _copy(source: ObjectStore, target: ObjectStore) -> int:
    count = 0
    for name in source.names():
        try:
            with source.open(name) as stream:
                target.put(name, _chunks(stream))
        except MissingBlob:  # erased meanwhile
            continue
        count += 1
    return count


def _chunks(stream: RawIOBase) -> Iterator[bytes]:
    while chunk := stream.read(READ_BYTES):
        yield chunk


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WrongUsage("no_backup", path=path.parent) from error
