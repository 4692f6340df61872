"""What people said, made safe to stand in a prompt: one line, behind a mark that nobody can have said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from models.parsing.answers import one_line

_BARE = str.maketrans({"<": "\uff1c", ">": "\uff1e"})
"""So that no word that was said can look like the end of the fence."""


def fence(texts: Iterable[str]) -> str:
    """A mark made of all that was said, so that no part of it can hold the mark."""
    digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"transcript-{digest[:16]}"


def bare(text: str) -> str:
    """One line without marks that could be taken for the fence's, and without control characters."""
    return one_line(text).translate(_BARE)
