"""Typed errors of the encrypted store.

StorageError
├── Erased                the key of a meeting was destroyed: its bytes can never be read again
├── MissingBlob           no object has this name
├── BadName               a name that this store never gave
├── DamagedBlob           bytes that are not the ones written: changed, cut off or exchanged
├── TooLarge              a document beyond the bound
├── StorageUnavailable    disk, network or server (a retry can help)
├── UnsafeKeyStore        the place of the keys keeps what is deleted
└── MasterKeyProblem      missing, unreadable, malformed, open to others, or the wrong one
"""

from __future__ import annotations

from models.wording import Wording
from service.errors import Broken


class StorageError(Broken):
    """An error of the encrypted store."""

    wording = Wording.beside(__file__, "errors.toml")


class Erased(StorageError):
    """The key was destroyed; nothing brings the content back."""


class MissingBlob(StorageError):
    """No object has this name, in a store that is there."""


class BadName(StorageError):
    """Not the form of a name that this store gives."""


class DamagedBlob(StorageError):
    """The bytes are not the ones that were written under this name."""


class TooLarge(StorageError):
    """A document beyond the bound."""


class StorageUnavailable(StorageError):
    """The disk, the network or the server does not answer as it should."""

    retry_can_help = True


class UnsafeKeyStore(StorageError):
    """A place where destroyed keys would stay readable."""


class MasterKeyProblem(StorageError):
    """The master key cannot be used."""
