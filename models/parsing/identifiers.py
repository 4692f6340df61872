"""Ids of meetings and people: short, plain, and safe as a part of a file name."""

from __future__ import annotations

import re
import unicodedata

from models.errors import UnusableInput

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that open a device instead of a file on Windows."""


def is_id(text: str) -> bool:
    """Whether the text is an id: a letter or digit, then at most 63 of letters, digits and `._-`."""
    return ID.fullmatch(text) is not None


def meeting_id(name: str) -> str:
    """The id that a file name without its ending turns into: "Q3 review (2)" becomes "Q3-review-2".

    Han characters become pinyin. Raises UnusableInput when nothing usable is left.
    """
    plain = unicodedata.normalize("NFKC", name)
    if any("\u3400" <= character <= "\u9fff" for character in plain):
        plain = _pinyin(plain)
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", folded)
    found = re.sub(r"^[^A-Za-z0-9]+", "", words)[:64].rstrip("-._")
    if not is_id(found) or RESERVED.fullmatch(found):
        raise UnusableInput("no_id_in_name", name=name)
    return found


def _pinyin(text: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - a dictionary of some megabytes, only Han names need it

    return "-".join(part.strip() for part in lazy_pinyin(text) if part.strip())
