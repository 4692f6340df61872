"""What forms let one choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

LANGUAGES = (("en", "English"), ("zh", "简体中文"))
TAGS = {"en": "en", "zh": "zh-Hans"}
"""What a part of a page says in `lang` (BCP 47)."""


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """Names of the IANA database, without those for machines."""
    left_out = ("Etc/", "SystemV/", "posix/", "right/")
    names = (one for one in available_timezones() if "/" in one and not one.startswith(left_out))
    return ("UTC", "UTC"), *((one, one.replace("_", " ")) for one in sorted(names))
