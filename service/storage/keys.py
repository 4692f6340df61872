"""A key for each meeting, wrapped by the master key, in a store of its own outside database and backups.

Erasing a meeting destroys its key: whatever copies of its bytes exist, nobody reads them again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import BinaryIO

import tink
from google.protobuf.message import DecodeError
from tink import json_proto_keyset_format, proto_keyset_format, secret_key_access, streaming_aead
from tink.aead import aead_key_templates
from tink.proto import tink_pb2
from tink.streaming_aead import StreamingAead, streaming_aead_key_templates

from service.storage.errors import Erased, MasterKeyProblem, MissingBlob, UnsafeKeyStore
from service.storage.master import MasterKey, RootKey, hkdf
from service.storage.objects import ObjectStore, is_blank, new_name

CACHED_KEYS = 64
SERVICE_KEY = hashlib.sha256(b"rapport service").hexdigest()[:32]
"""The one key whose name is known beforehand."""

_READ_BYTES = 2**20


class MeetingKey:
    """An open key: encrypts the meeting's objects and hashes their content."""

    def __init__(self, handle: tink.KeysetHandle) -> None:
        self.primitive: StreamingAead = handle.primitive(StreamingAead)
        keyset = tink_pb2.Keyset.FromString(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
        self._secret: bytes = keyset.key[0].key_data.value

    def __repr__(self) -> str:
        return "MeetingKey(...)"

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled")

    def derive(self, label: str, length: int = 32) -> bytes:
        """A secret of `length` bytes for one purpose; it stays the same when the master key changes."""
        return hkdf(self._secret, f"rapport {label}", length)

    def keyed_hash(self, stream: BinaryIO) -> str:
        """HMAC-SHA256 of the whole stream, hexadecimal: equal within this meeting only for equal content."""
        digest = hmac.new(self.derive("duplicates"), digestmod=hashlib.sha256)
        while chunk := stream.read(_READ_BYTES):
            digest.update(chunk)
        return digest.hexdigest()


class KeyStore:
    """The wrapped keys, one object each; its name is the key's id and is bound to it.

    Every method raises StorageUnavailable where the store is not there: that is never taken for an erasure.
    """

    def __init__(self, objects: ObjectStore, master: MasterKey) -> None:
        streaming_aead.register()
        self._objects = objects
        self._master = master
        self._open: OrderedDict[str, MeetingKey] = OrderedDict()
        self._service: RootKey | None = None
        self._guard = Lock()

    def create(self) -> str:
        """A new key, durable on return; its id. Raises UnsafeKeyStore where destroyed keys would stay."""
        key_id = new_name()
        handle = tink.new_keyset_handle(streaming_aead_key_templates.AES256_GCM_HKDF_1MB)
        self._objects.put(key_id, [_wrap(handle, key_id, self._master)])
        if self._objects.keeps_versions(key_id):
            self._objects.delete(key_id)
            raise UnsafeKeyStore("keeps_versions")
        return key_id

    def load(self, key_id: str) -> MeetingKey:
        """The open key. Raises Erased, or MasterKeyProblem where the master key does not open it.

        Looks into the store each time: a key that another process destroyed is gone here too.
        """
        wrapped = self._read(key_id)
        if is_blank(wrapped):
            self._forget(key_id)
            raise Erased("erased")
        with self._guard:
            if key_id in self._open:
                self._open.move_to_end(key_id)
                return self._open[key_id]
        key = MeetingKey(_unwrap(wrapped, key_id, self._master))
        with self._guard:
            self._open[key_id] = key
            if len(self._open) > CACHED_KEYS:
                self._open.popitem(last=False)
        return key

    def destroy(self, key_id: str) -> None:
        """Makes everything under this key unreadable for ever; durable on return, fine to repeat.

        The blank that stays under its name is the record of it, which no backup of the database undoes.
        """
        self._forget(key_id)
        self._objects.blank(key_id)

    def is_destroyed(self, key_id: str) -> bool:
        """Whether `destroy` was called for it; a key that is merely not there was not."""
        wrapped = self._read(key_id)
        return bool(wrapped) and is_blank(wrapped)

    def service_key(self, may_make: Callable[[], bool]) -> RootKey:
        """The one of the whole service, which stays when the master key changes.

        `may_make`: asked once whether this service just begins, and has none yet. Raises MasterKeyProblem.
        """
        with self._guard:
            if self._service is None:
                if may_make():
                    new = tink.new_keyset_handle(aead_key_templates.AES256_GCM)
                    self._objects.put_new(SERVICE_KEY, _wrap(new, SERVICE_KEY, self._master))
                wrapped = self._read(SERVICE_KEY)
                if is_blank(wrapped):
                    raise MasterKeyProblem("no_service_key")
                self._service = RootKey(_unwrap(wrapped, SERVICE_KEY, self._master))
            return self._service

    def rewrap(self, new: MasterKey) -> int:
        """Wraps every key anew and returns how many; repeat it after an interruption.

        Run it while no other process uses the store. The bytes of the meetings stay as they are.
        """
        old, done = self._master, 0
        for key_id in self._objects.names():

            def change(wrapped: bytes, key_id: str = key_id) -> bytes:
                with suppress(MasterKeyProblem):
                    _unwrap(wrapped, key_id, new)
                    return wrapped
                return _wrap(_unwrap(wrapped, key_id, old), key_id, new)

            with suppress(MissingBlob, Erased):
                self._objects.update(key_id, change)
                done += 1
        self._master = new
        return done

    def _read(self, key_id: str) -> bytes:
        """The wrapped key; blank where there is none."""
        try:
            with self._objects.open(key_id) as stream:
                return stream.read()
        except MissingBlob:
            return b""

    def _forget(self, key_id: str) -> None:
        with self._guard:
            self._open.pop(key_id, None)


def _wrap(handle: tink.KeysetHandle, key_id: str, master: MasterKey) -> bytes:
    wrapped: str = json_proto_keyset_format.serialize_encrypted(handle, master.aead, key_id.encode())
    return wrapped.encode()


def _unwrap(wrapped: bytes, key_id: str, master: MasterKey) -> tink.KeysetHandle:
    if is_blank(wrapped):
        raise Erased("erased")
    try:
        return json_proto_keyset_format.parse_encrypted(wrapped.decode(), master.aead, key_id.encode())
    except (tink.TinkError, DecodeError, ValueError) as error:
        raise MasterKeyProblem("wrong_master_key") from error
