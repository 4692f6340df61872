"""What a row looks like in short, so that a change can say which state of it was seen (If-Match)."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import inspect

from service.db.base import Identified
from service.domain.errors import VersionChanged

_OF_ITSELF = frozenset({"failures", "locked_until"})
"""Columns that change without an edit."""


def fingerprint(row: Identified) -> str:
    """The first 128 bits of SHA-256 over the row's columns, in hex."""
    columns = inspect(type(row)).column_attrs.keys()
    values = {name: getattr(row, name) for name in columns if name not in _OF_ITSELF}
    text = json.dumps(values, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def require_same(row: Identified, seen: str | None) -> None:
    """Raises VersionChanged where another state was seen; None: whoever asks does not say."""
    if seen is not None and seen != fingerprint(row):
        raise VersionChanged("version_changed")
