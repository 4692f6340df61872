"""The master key: it wraps all other keys; cookies and the setup code are derived from it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import tink
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from google.protobuf.message import DecodeError
from tink import aead, json_proto_keyset_format, proto_keyset_format, secret_key_access
from tink.proto import aes_gcm_pb2, tink_pb2

from service.storage.errors import MasterKeyProblem
from service.storage.folders import sync_folder, zero

COMMAND_LIMIT_S = 30
_KEY_BYTES = 32


def hkdf(secret: bytes, label: str, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt: `length` bytes, independent for each label."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=label.encode()).derive(secret)


class RootKey:
    """A Tink keyset whose primary key is AES256_GCM: it seals, and other secrets are derived from it.

    Raises ValueError, TinkError for another keyset.
    """

    def __init__(self, handle: tink.KeysetHandle) -> None:
        self.aead: aead.Aead = handle.primitive(aead.Aead)
        self._secret = _primary_key(handle)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled")

    def derive(self, label: str, length: int = 32) -> bytes:
        """A secret of `length` bytes for one purpose; it changes when the primary key changes."""
        return hkdf(self._secret, label, length)


class MasterKey(RootKey):
    """What the operator keeps. Raises MasterKeyProblem where the text is no keyset of this kind."""

    def __init__(self, keyset_json: str, source: str = "The setting") -> None:
        aead.register()
        try:
            handle = json_proto_keyset_format.parse(keyset_json, secret_key_access.TOKEN)
            super().__init__(handle)
        except (tink.TinkError, DecodeError, ValueError) as error:
            # Not chained: the words of the parser can hold parts of the key.
            problem = MasterKeyProblem("master_key_malformed", source=source)
            raise problem.with_traceback(error.__traceback__) from None
        self._keyset = _keyset(handle)

    @property
    def is_changing(self) -> bool:
        """Whether it still holds an older key besides the primary one."""
        return len(self._keyset.key) > 1

    def with_new_primary(self) -> MasterKey:
        """A new key that wraps from now on, beside those that still open what they wrapped."""
        new = _keyset(tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM))
        new.key.extend(self._keyset.key)
        return _master_of(new)

    def primary_alone(self) -> MasterKey:
        """The same without the older keys."""
        kept = [key for key in self._keyset.key if key.key_id == self._keyset.primary_key_id]
        return _master_of(tink_pb2.Keyset(primary_key_id=self._keyset.primary_key_id, key=kept))

    def replace(self, path: Path) -> None:
        """Takes the place of the key in that file, at once. Raises MasterKeyProblem."""
        text = json_proto_keyset_format.serialize(_handle(self._keyset), secret_key_access.TOKEN)
        try:
            with path.open("r+b") as old:
                _write(path, text, Path.replace)
                zero(old, os.fstat(old.fileno()).st_size)
        except OSError as error:
            raise _unreadable(path, error) from error

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The keyset in a file that only its owner may read. Raises MasterKeyProblem."""
        try:
            with path.open(encoding="utf-8") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    raise MasterKeyProblem("master_key_open", path=path)
                return cls(file.read(), source=str(path))
        except FileNotFoundError as error:
            raise MasterKeyProblem("no_master_key", path=path) from error
        except UnicodeDecodeError:
            raise MasterKeyProblem("master_key_malformed", source=path) from None
        except OSError as error:
            raise _unreadable(path, error) from error

    @classmethod
    def from_command(cls, command: Sequence[str], limit_s: float = COMMAND_LIMIT_S) -> Self:
        """The keyset that a program prints: a password manager or a key service. Raises MasterKeyProblem."""
        program = command[0]
        try:
            ran = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit_s, check=True
            )
            return cls(ran.stdout.decode(), source=program)
        except UnicodeDecodeError:
            raise MasterKeyProblem("master_key_malformed", source=program) from None
        except subprocess.CalledProcessError as error:
            reason = f"exit code {error.returncode}"
        except subprocess.TimeoutExpired:
            reason = f"> {limit_s:g} s"
        except OSError as error:
            reason = error.strerror or type(error).__name__
        # Raised outside the handlers: their errors hold what the program printed.
        raise MasterKeyProblem("master_key_command", program=program, reason=reason)


def create_master_key(path: Path) -> MasterKey:
    """Writes a new one, readable for its owner only; whole or not at all. Raises MasterKeyProblem."""
    aead.register()
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    keyset_json = json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    try:
        _write_new(path, keyset_json)
    except OSError as error:
        raise _unreadable(path, error) from error
    return MasterKey(keyset_json)


def _write_new(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Unlike a rename, this refuses a path that is taken.
        _write(path, text, lambda temporary, target: target.hardlink_to(temporary))
    except FileExistsError as error:
        raise MasterKeyProblem("master_key_exists", path=path) from error


def _write(path: Path, text: str, put: Callable[[Path, Path], object]) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".master-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        put(Path(temporary), path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    sync_folder(path.parent)


def _keyset(handle: tink.KeysetHandle) -> tink_pb2.Keyset:
    return tink_pb2.Keyset.FromString(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))


def _handle(keyset: tink_pb2.Keyset) -> tink.KeysetHandle:
    return proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)


def _master_of(keyset: tink_pb2.Keyset) -> MasterKey:
    return MasterKey(json_proto_keyset_format.serialize(_handle(keyset), secret_key_access.TOKEN))


def _primary_key(handle: tink.KeysetHandle) -> bytes:
    keyset = _keyset(handle)
    data = next(key.key_data for key in keyset.key if key.key_id == keyset.primary_key_id)
    secret: bytes = aes_gcm_pb2.AesGcmKey.FromString(data.value).key_value
    if not data.type_url.endswith(".AesGcmKey") or len(secret) != _KEY_BYTES:
        raise ValueError("not an AES256_GCM key")
    return secret


def _unreadable(path: Path, error: OSError) -> MasterKeyProblem:
    return MasterKeyProblem("master_key_unreadable", path=path, reason=error.strerror or type(error).__name__)
