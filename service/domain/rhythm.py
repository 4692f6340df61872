"""How often two people talk, and when their next talk is due."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

NONE = "none"
_DAYS: Mapping[str, int] = MappingProxyType({"weekly": 7, "biweekly": 14})
_MONTHS: Mapping[str, int] = MappingProxyType({"monthly": 1, "quarterly": 3})
RHYTHMS = (*_DAYS, *_MONTHS, NONE)
"""The closest first."""


def closest(rhythms: Iterable[str]) -> str:
    """The closest of the rhythms of several series; `NONE` where there is none."""
    return min(rhythms, key=RHYTHMS.index, default=NONE)


def next_talk(rhythm: str, last: date) -> date | None:
    """The day by which the talk after `last` is due; None without a rhythm. A month that is shorter has the
    talk on its last day.
    """
    if rhythm in _DAYS:
        return last + timedelta(days=_DAYS[rhythm])
    if rhythm not in _MONTHS:
        return None
    years, month = divmod(last.month - 1 + _MONTHS[rhythm], 12)
    year, month = last.year + years, month + 1
    return date(year, month, min(last.day, calendar.monthrange(year, month)[1]))
