from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import httpx
import pytest

from service.storage.errors import (
    Erased,
    MasterKeyProblem,
    MissingBlob,
    StorageError,
    StorageUnavailable,
    UnsafeKeyStore,
)
from service.storage.keys import CACHED_KEYS, SERVICE_KEY, KeyStore
from service.storage.locations import open_objects
from service.storage.master import create_master_key
from service.storage.objects import new_name, sharded


@pytest.fixture
def other_master(tmp_path):
    return create_master_key(tmp_path / "other.json")


def test_a_key_is_the_same_for_every_process(shelf, master):
    key_id = shelf.keys.create()
    elsewhere = KeyStore(shelf.key_place.open(), master)
    assert elsewhere.load(key_id).derive("x") == shelf.keys.load(key_id).derive("x")
    assert shelf.keys.load(shelf.keys.create()).derive("x") != shelf.keys.load(key_id).derive("x")


def test_a_key_destroyed_by_another_process_is_gone_from_the_cache(shelf, master):
    key_id = shelf.keys.create()
    shelf.keys.load(key_id)
    elsewhere = KeyStore(shelf.key_place.open(), master)
    elsewhere.destroy(key_id)
    elsewhere.destroy(key_id)
    with pytest.raises(Erased):
        shelf.keys.load(key_id)


def test_more_keys_than_the_cache_holds(folder_shelf):
    ids = [folder_shelf.keys.create() for _ in range(CACHED_KEYS + 3)]
    secrets = [folder_shelf.keys.load(key_id).derive("x") for key_id in ids]
    assert [folder_shelf.keys.load(key_id).derive("x") for key_id in ids] == secrets
    assert len(set(secrets)) == len(ids)


def test_another_master_key_opens_nothing(shelf, other_master):
    key_id = shelf.keys.create()
    with pytest.raises(MasterKeyProblem, match="does not open"):
        KeyStore(shelf.key_place.open(), other_master).load(key_id)


def test_exchanged_and_changed_keys_are_refused(shelf, master):
    first, second = shelf.keys.create(), shelf.keys.create()
    wrapped = shelf.key_place.raw(first)
    for content in (shelf.key_place.raw(second), wrapped[:-20], b"", b"{}", b"\xff", b"[]"):
        shelf.key_place.overwrite(first, content)
        with pytest.raises((MasterKeyProblem, Erased)):
            KeyStore(shelf.key_place.open(), master).load(first)


def test_a_new_master_key_opens_everything_and_the_old_one_nothing(shelf, master, other_master):
    key_id, gone = shelf.keys.create(), shelf.keys.create()
    name = shelf.blobs.put(key_id, [b"text"]).name
    shelf.keys.destroy(gone)
    assert KeyStore(shelf.key_place.open(), master).rewrap(other_master) == 1
    assert KeyStore(shelf.key_place.open(), master).rewrap(other_master) == 1
    after = KeyStore(shelf.key_place.open(), other_master)
    assert after.load(key_id).derive("x") == shelf.keys.load(key_id).derive("x")
    with pytest.raises(MasterKeyProblem):
        KeyStore(shelf.key_place.open(), master).load(key_id)
    with pytest.raises(Erased):
        after.load(gone)
    with shelf.blobs.open(key_id, name) as stream:
        assert stream.read() == b"text"


def test_an_interrupted_change_of_the_master_key_is_taken_up_again(folder_shelf, master, other_master):
    ids = [folder_shelf.keys.create() for _ in range(3)]
    kept = folder_shelf.key_place.raw(ids[1])
    folder_shelf.keys.rewrap(other_master)
    folder_shelf.key_place.overwrite(ids[1], kept)
    keys = KeyStore(folder_shelf.key_place.open(), master)
    assert keys.rewrap(other_master) == 3
    assert all(keys.load(key_id) for key_id in ids)


def test_an_update_never_brings_back_what_was_deleted_meanwhile(bucket):
    objects, other = (place := bucket()).open(), place.open()
    name = new_name()
    objects.put(name, [b"old"])

    def change(content: bytes) -> bytes:
        other.delete(name)
        return b"new"

    with pytest.raises(MissingBlob):
        objects.update(name, change)
    assert not objects.exists(name)


def test_two_updates_at_once_both_count(bucket):
    objects, other = (place := bucket()).open(), place.open()
    name = new_name()
    objects.put(name, [b"0"])
    between = iter([lambda: other.update(name, lambda content: content + b"1")])
    objects.update(name, lambda content: (next(between, bool)(), content + b"2")[1])
    assert place.raw(name) == b"012"


def test_destroying_overwrites_the_bytes_on_disk(folder_shelf, tmp_path):
    key_id = folder_shelf.keys.create()
    path = Path(folder_shelf.key_place.place) / sharded(key_id)
    (tmp_path / "same file").hardlink_to(path)
    folder_shelf.keys.destroy(key_id)
    assert set(path.read_bytes()) == {0}
    assert set((tmp_path / "same file").read_bytes()) == {0}


def test_a_destroy_that_was_cut_off_counts_as_done(folder_shelf):
    key_id = folder_shelf.keys.create()
    folder_shelf.key_place.overwrite(key_id, bytes(400))
    with pytest.raises(Erased):
        folder_shelf.keys.load(key_id)


def test_a_destroyed_key_is_recorded_and_a_missing_one_was_not_destroyed(shelf):
    destroyed, never, kept = shelf.keys.create(), new_name(), shelf.keys.create()
    shelf.keys.destroy(destroyed)
    lost = shelf.keys.create()
    shelf.key_place.open().delete(lost)
    assert [shelf.keys.is_destroyed(one) for one in (destroyed, lost, never, kept)] == [
        True,
        False,
        False,
        False,
    ]
    shelf.keys.destroy(lost)
    assert shelf.keys.is_destroyed(lost)


def test_the_key_of_the_service_is_made_once_and_outlives_the_master_key(shelf, master, other_master):
    with pytest.raises(StorageUnavailable):
        shelf.keys.service_key(lambda: False)
    secret = shelf.keys.service_key(lambda: True).derive("x")
    elsewhere = KeyStore(shelf.key_place.open(), master)
    assert elsewhere.service_key(lambda: True).derive("x") == secret
    KeyStore(shelf.key_place.open(), master).rewrap(other_master)
    assert KeyStore(shelf.key_place.open(), other_master).service_key(lambda: False).derive("x") == secret
    shelf.key_place.open().delete(SERVICE_KEY)
    with pytest.raises(MasterKeyProblem, match="audit log"):
        KeyStore(shelf.key_place.open(), other_master).service_key(lambda: False)


def test_a_disk_that_is_not_mounted_is_no_erasure(folder_shelf):
    key_id = folder_shelf.keys.create()
    shutil.move(folder_shelf.key_place.place, folder_shelf.key_place.place + ".away")
    for call in (folder_shelf.keys.load, folder_shelf.keys.destroy):
        with pytest.raises(StorageUnavailable) as caught:
            call(key_id)
        assert caught.value.retry_can_help
    Path(folder_shelf.key_place.place).mkdir()
    with pytest.raises(StorageUnavailable):
        folder_shelf.keys.load(key_id)


def test_a_bucket_that_is_not_there_or_does_not_answer_is_no_erasure(s3_server, bucket, master):
    options = bucket().options
    missing = open_objects("s3://no-such-bucket/prefix", options)
    with pytest.raises(StorageUnavailable):
        KeyStore(missing, master).load(new_name())
    with pytest.raises(StorageUnavailable, match="holds no storage"):
        KeyStore(missing, master).create()
    silent = open_objects("s3://bucket/prefix", options | {"endpoint": "http://127.0.0.1:9"})
    with pytest.raises(StorageUnavailable, match="does not answer"):
        KeyStore(silent, master).load(new_name())


def test_keys_do_not_go_into_a_bucket_that_keeps_versions(s3_server, bucket, master):
    place = bucket()
    name = place.place.split("/")[2]
    rule = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    httpx.put(f"{s3_server}/{name}?versioning", content=rule).raise_for_status()
    with pytest.raises(UnsafeKeyStore):
        KeyStore(place.open(), master).create()


@pytest.mark.parametrize("place", ["", "ftp://x/y", "s3://"])
def test_a_place_that_cannot_be_used(place):
    with pytest.raises(StorageError, match="cannot be used"):
        open_objects(place)


def test_unknown_options_are_refused():
    with pytest.raises(StorageError, match="cannot be used"):
        open_objects("s3://bucket", {"colour": "red"})


def test_open_keys_do_not_leak_by_accident(folder_shelf, master):
    key = folder_shelf.keys.load(folder_shelf.keys.create())
    assert repr(key) == "MeetingKey(...)"
    for secret in (key, master):
        with pytest.raises(TypeError):
            pickle.dumps(secret)
