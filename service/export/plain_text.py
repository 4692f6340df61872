"""Text of people made safe to show: no control characters, nothing that reorders or hides what is written."""

from __future__ import annotations

import re

# C0 and C1 controls (also what XML 1.0 forbids), bidirectional overrides, noncharacters, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text on one line: unsafe characters removed, white space collapsed."""
    return " ".join(_UNSAFE.sub("", text.replace("\r", "\n")).split())


def clock(time_s: float | None) -> str:
    """Seconds from the start as 1:02:03 or 2:03; empty for None."""
    if time_s is None:
        return ""
    minutes, second = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"
