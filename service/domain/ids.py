"""Public ids: UUID version 7 (RFC 9562) in lower case, so that ids made later sort later."""

from __future__ import annotations

import re

import uuid_utils

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id() -> str:
    """A new id, 36 characters."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether the text is an id as `new_id` writes it."""
    return _UUID7.fullmatch(text) is not None
