"""Values of catalogue fields in spreadsheet cells and JSON; a reader gives None for what it cannot read.

A cell is text; JSON brings numbers, lists and schema.org objects (https://schema.org/Course) as well.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from models.parsing.checking import is_date
from models.parsing.identifiers import is_id

WORKING_DAY_HOURS = 8
"""A day of effort. Weeks and months say how long a course runs, not how much work it is: not read."""

MOST_HOURS, MOST_MONEY, MOST_SEATS = 10_000, 1e9, 1_000_000

LONGEST_DURATION = 40
"""Characters; more is prose, and would keep the expressions below busy for long."""

YES = ("yes", "y", "true", "1", "是", "同意")
NO = ("no", "n", "false", "0", "否", "不同意")
FREE = ("free", "免费")
SEPARATORS = re.compile(r"[;；,，、|]")

_NUMBER = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_UNITS = {
    1.0: ("h", "hr", "hrs", "hour", "hours", "小时", "个小时"),
    1 / 60: ("min", "mins", "minute", "minutes", "分钟", "分"),
    WORKING_DAY_HOURS: ("d", "day", "days", "天", "日"),
}
_HOURS_OF = {name: hours for hours, names in _UNITS.items() for name in names}
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z\u4e00-\u9fff]+)\s*")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f/?#@\\]+([/?#][^\s\x00-\x1f]*)?", re.IGNORECASE)
_ISO_DURATION = re.compile(
    r"P(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII | re.IGNORECASE,
)


def json_value(text: str) -> Any:  # noqa: ANN401 - JSON
    """The value of a JSON text. ValueError (with `lineno`, `colno` when JSONDecodeError) or RecursionError.

    NaN, Infinity and half surrogate pairs, which Python would take, are no JSON and cannot be written again.
    """
    value = json.loads(text, parse_constant=_no_constant)
    if "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()  # UnicodeEncodeError is a ValueError
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def plain(value: object) -> str:
    """Text of a cell, of a number, of a list, of the name of a schema.org object; else empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(plain, value)))
    if isinstance(value, Mapping):
        names = ("name", "audienceType", "value", "@value", "termCode", "@id")
        return next((plain(value[name]) for name in names if name in value), "")
    return ""


def text(value: object) -> str | None:
    """Text that is not empty."""
    return plain(value) or None


def last_segment(address: str) -> str:
    """What an address ends with, as an id: https://learn.example/courses/sql-1 gives sql-1."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", address.rstrip("/").rsplit("/", 1)[-1]).strip("-._")[:64]


def id_of(value: object) -> str | None:
    """The id of an entry that is referred to: as it stands, by its address, or as a schema.org object."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("identifier", "courseCode", "@id") if key in value), "")
    said = plain(value)
    found = last_segment(said) if said.startswith(("http://", "https://")) else said
    return found if is_id(found) else None


def parts(value: object) -> tuple[str, ...]:
    """Texts of a list, of a cell that holds a JSON list, or of a cell with ; , 、 or | between; each once."""
    listed = _json_list(value) if isinstance(value, str) else value
    found = map(plain, listed) if isinstance(listed, list) else SEPARATORS.split(plain(value))
    return tuple(dict.fromkeys(part.strip() for part in found if part.strip()))


def _json_list(cell: str) -> list[Any] | None:
    if not cell.lstrip().startswith("["):
        return None
    try:
        value = json_value(cell)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def ids(value: object) -> tuple[str, ...] | None:
    """Ids in a list or with separators between; None when one of them is no id."""
    each = [id_of(one) for one in (value if isinstance(value, list) else parts(value) or [value])]
    return tuple(dict.fromkeys(one for one in each if one)) if each and all(each) else None


def days(value: object) -> tuple[str, ...] | None:
    """ISO days in order, of days or moments; None when one cannot be read, for a missing day misleads."""
    each = [one[:10] if one[10:11] in ("", "T", " ") else "" for one in parts(value)]
    return tuple(sorted(set(each))) if each and all(map(is_date, each)) else None


def number(value: object) -> float | None:
    """A finite number that is not negative."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(value)
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def hours(value: object) -> float | None:
    """Hours of work, 0 to 10,000: 6, "6 h", "1 h 30 min", "2 days", "90 分钟", or ISO 8601: PT6H, P2D."""
    said = plain(value).lower()
    if len(said) > LONGEST_DURATION:
        return None
    found = number(said)
    if found is None:
        found = _iso_hours(said) if said.startswith("p") else _spoken_hours(said)
    return found if found is not None and found <= MOST_HOURS else None


def _iso_hours(said: str) -> float | None:
    match = _ISO_DURATION.fullmatch(said)
    if match is None or not any(match.groups()):
        return None
    day, hour, minute, second = (float(group or 0) for group in match.groups())
    return day * WORKING_DAY_HOURS + hour + minute / 60 + second / 3600


def _spoken_hours(said: str) -> float | None:
    amounts = _AMOUNT.findall(said)
    if not amounts or _AMOUNT.sub("", said) or any(unit not in _HOURS_OF for _, unit in amounts):
        return None
    return sum(float(amount) * _HOURS_OF[unit] for amount, unit in amounts)


def money(value: object) -> float | None:
    """An amount, 0 to a thousand million; 0 for "free" and "免费". An amount with a currency is not read:
    it may be another one than the organisation's own.
    """
    if plain(value).lower() in FREE:
        return 0.0
    found = number(value)
    return found if found is not None and found <= MOST_MONEY else None


def whole(value: object) -> int | None:
    """A whole number, 0 to a million."""
    found = number(value)
    return int(found) if found is not None and found.is_integer() and found <= MOST_SEATS else None


def address(value: object) -> str | None:
    """An http or https address. Others (javascript:, file:) do harm where somebody clicks on them, and a user
    name before the host (https://bank.example@other.example) hides where the link leads.
    """
    said = plain(value)
    return said if _ADDRESS.fullmatch(said) else None


def consent(value: object) -> bool | None:
    """True or False for a yes or a no, in English or Chinese."""
    if isinstance(value, bool):
        return value
    said = plain(value).lower()
    return True if said in YES else False if said in NO else None
