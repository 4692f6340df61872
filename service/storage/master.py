"""The master key: it wraps the key of every meeting, and the secrets of the service are derived from it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import tink
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from google.protobuf.message import DecodeError
from tink import aead, json_proto_keyset_format, proto_keyset_format, secret_key_access
from tink.proto import aes_gcm_pb2, tink_pb2

from service.storage.errors import MasterKeyProblem
from service.storage.folders import sync_folder

COMMAND_LIMIT_S = 30
_KEY_BYTES = 32


def hkdf(secret: bytes, label: str, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt: `length` bytes, independent for each label."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=label.encode()).derive(secret)


class MasterKey:
    """A Tink keyset whose primary key is AES256_GCM. Raises MasterKeyProblem where the text is none."""

    def __init__(self, keyset_json: str, source: str = "The setting") -> None:
        aead.register()
        try:
            handle = json_proto_keyset_format.parse(keyset_json, secret_key_access.TOKEN)
            self.aead: aead.Aead = handle.primitive(aead.Aead)
            self._secret = _primary_key(handle)
        except (tink.TinkError, DecodeError, ValueError) as error:
            # Not chained: the words of the parser can hold parts of the key.
            problem = MasterKeyProblem("master_key_malformed", source=source)
            raise problem.with_traceback(error.__traceback__) from None

    def __repr__(self) -> str:
        return "MasterKey(...)"

    def __reduce__(self) -> str:
        raise TypeError("a master key is never pickled")

    def derive(self, label: str, length: int = 32) -> bytes:
        """A secret of `length` bytes for one purpose; it changes when the primary key changes."""
        return hkdf(self._secret, label, length)

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
    descriptor, temporary = tempfile.mkstemp(prefix=".master-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)  # unlike a rename, this refuses a path that is taken
    except FileExistsError as error:
        raise MasterKeyProblem("master_key_exists", path=path) from error
    finally:
        Path(temporary).unlink()
    sync_folder(path.parent)


def _primary_key(handle: tink.KeysetHandle) -> bytes:
    serialized = proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    keyset = tink_pb2.Keyset.FromString(serialized)
    data = next(key.key_data for key in keyset.key if key.key_id == keyset.primary_key_id)
    secret: bytes = aes_gcm_pb2.AesGcmKey.FromString(data.value).key_value
    if not data.type_url.endswith(".AesGcmKey") or len(secret) != _KEY_BYTES:
        raise ValueError("not an AES256_GCM key")
    return secret


def _unreadable(path: Path, error: OSError) -> MasterKeyProblem:
    return MasterKeyProblem("master_key_unreadable", path=path, reason=error.strerror or type(error).__name__)
