"""A backup holds the database and the blobs but no key; it comes back on both databases."""

from __future__ import annotations

import json

import pytest

from service.db.database import Database
from service.db.errors import DumpFailed
from service.db.migrate import at_head
from service.db.tables import Organisation
from service.errors import WrongUsage
from service.storage.blobs import BlobStore
from service.storage.errors import Erased
from service.storage.folder import FolderObjects
from service.storage.keys import KeyStore
from service.storage.master import create_master_key
from service.usecases.backup import read_backup, write_backup

MARKER = b"the rain in spain"


@pytest.fixture
def stored(tmp_path, database):
    """Blobs of two meetings beside a database with one organisation: (blobs, objects, [(key, name)])."""
    keys = KeyStore(FolderObjects(tmp_path / "keys"), create_master_key(tmp_path / "master.key"))
    objects = FolderObjects(tmp_path / "blobs")
    blobs = BlobStore(objects, keys)
    names = [(key, blobs.put(key, [MARKER, bytes(3_000_000)]).name) for key in (keys.create(), keys.create())]
    with database.write() as work:
        work.session.add(Organisation(name="Acme", created_at=work.now))
    return keys, objects, names


def test_what_is_restored_is_what_was_there(database, stored, empty_url, tmp_path, clock):
    keys, objects, names = stored
    folder = tmp_path / "backup"
    with database.write() as work:  # the service goes on while the backup is made
        work.session.add(Organisation(name="Later", created_at=work.now))
        assert write_backup(database.url, objects, folder) == 2
    new = FolderObjects(tmp_path / "new-blobs")
    assert read_backup(folder, empty_url, new) == 2
    restored = Database(empty_url, lambda is_new: b"k" * 32, clock)
    with restored.read() as work:
        assert [row.name for row in work.session.query(Organisation)] == ["Acme"]
    assert at_head(restored.engine)
    restored.close()
    key, name = names[0]
    with BlobStore(new, keys).open(key, name) as stream:
        assert stream.read(len(MARKER)) == MARKER


def test_a_backup_holds_no_key_and_nothing_readable_and_erasure_reaches_it(database, stored, tmp_path):
    keys, objects, names = stored
    folder = tmp_path / "backup"
    write_backup(database.url, objects, folder)
    held = {path.name for path in folder.rglob("*") if path.is_file()}
    assert not held & {key for key, _ in names}
    assert not any(MARKER in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    key, name = names[0]
    keys.destroy(key)
    with pytest.raises(Erased):
        BlobStore(FolderObjects(folder / "blobs"), keys).open(key, name)


def test_nothing_is_replaced(database, stored, tmp_path):
    _, objects, _ = stored
    folder = tmp_path / "backup"
    write_backup(database.url, objects, folder)
    with pytest.raises(WrongUsage) as error:
        write_backup(database.url, objects, folder)
    assert error.value.key == "backup_in_the_way"
    with pytest.raises(DumpFailed) as refused:
        read_backup(folder, database.url, objects)
    assert refused.value.key == "not_empty"


def test_half_a_backup_is_none(database, stored, empty_url, tmp_path):
    _, objects, _ = stored
    folder = tmp_path / "backup"
    write_backup(database.url, objects, folder)
    next((folder / "blobs").glob("??/*")).unlink()
    with pytest.raises(WrongUsage) as error:
        read_backup(folder, empty_url, objects)
    assert error.value.key == "no_backup"


@pytest.mark.parametrize("content", ["", "{}", "[]", json.dumps({"schema": "other"})])
def test_other_folders_are_no_backup(tmp_path, content):
    (tmp_path / "backup.json").write_text(content)
    with pytest.raises(WrongUsage) as error:
        read_backup(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", FolderObjects(tmp_path / "blobs"))
    assert error.value.key == "no_backup"


def test_a_backup_of_the_other_database_is_refused(tmp_path):
    manifest = {"schema": "rapport.backup/1", "database": "postgresql", "sha256": "", "blobs": 0}
    (tmp_path / "backup.json").write_text(json.dumps(manifest))
    with pytest.raises(WrongUsage) as error:
        read_backup(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", FolderObjects(tmp_path / "blobs"))
    assert error.value.key == "backup_of_other_kind"
