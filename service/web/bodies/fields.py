"""Kinds of values that several bodies share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, StringConstraints

_LINE = "^[^\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$"
"""One line of text: no control characters, none that turns the direction of writing."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not a time zone") from error
    return name


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("before or after all time") from error


Id = Annotated[str, StringConstraints(pattern="^[0-9a-f-]{36}$")]
IdPath = Annotated[str, Path(pattern="^[0-9a-f-]{36}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_LINE)]
ShortName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=_LINE)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=320, pattern=_LINE)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern="^[A-Za-z0-9_=-]*$")]
Locale = Annotated[str, StringConstraints(max_length=10, pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,6})?$")]
TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_zone)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
