"""Typed errors of the database.

DatabaseError
├── DatabaseUnavailable   the server or the file does not answer (a retry can help)
├── WrongSchema           the tables are older or newer than this version of Rapport
└── DumpFailed            a backup of the database cannot be written or read
"""

from __future__ import annotations

from models.wording import Wording
from service.errors import Broken


class DatabaseError(Broken):
    """An error of the database."""

    wording = Wording.beside(__file__, "errors.toml")


class DatabaseUnavailable(DatabaseError):
    """The server or the file does not answer."""

    retry_can_help = True


class WrongSchema(DatabaseError):
    """The tables are not those of this version."""


class DumpFailed(DatabaseError):
    """A backup of the database cannot be written or read."""
