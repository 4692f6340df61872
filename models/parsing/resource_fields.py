"""One row of a catalogue to a Resource: headings in English, Chinese and schema.org's names.

Only `id` and `title` are required. A value of another field that cannot be read, and every field that is not
known, is kept in `extra` under its own heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from models.development import Resource
from models.parsing import field_values as values
from models.parsing.identifiers import is_id

Reader = Callable[[Any], Any]
"""None for what it cannot read."""

FIELDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "id": (values.text, ("id", "identifier", "coursecode", "编号", "课程编号", "序号")),
    "title": (values.text, ("title", "name", "标题", "名称", "课程名称")),
    "kind": (values.text, ("kind", "type", "learningresourcetype", "@type", "类型", "类别")),
    "description": (values.text, ("description", "abstract", "描述", "简介", "说明")),
    "skills": (values.parts, ("skills", "teaches", "about", "keywords", "技能", "能力")),
    "level": (values.text, ("level", "educationallevel", "difficulty", "级别", "难度", "等级")),
    "language": (values.text, ("language", "inlanguage", "语言")),
    "effort_hours": (
        values.hours,
        (
            "effort_hours",
            "effort",
            "hours",
            "duration",
            "timerequired",
            "courseworkload",
            "时长",
            "工时",
            "用时",
        ),
    ),
    "cost": (values.money, ("cost", "price", "费用", "价格")),
    "format": (values.text, ("format", "coursemode", "mode", "形式", "授课方式")),
    "starts": (values.days, ("starts", "start", "startdate", "开始日期", "开课日期")),
    "seats": (
        values.whole,
        ("seats", "remainingattendeecapacity", "maximumattendeecapacity", "名额", "剩余名额"),
    ),
    "prerequisites": (values.ids, ("prerequisites", "requires", "courseprerequisites", "先修", "先修课程")),
    "audience": (values.text, ("audience", "对象", "受众", "适用对象")),
    "link": (values.address, ("link", "url", "链接", "网址")),
    "person": (values.text, ("person", "mentor", "coach", "人员", "导师", "教练")),
    "opted_in": (values.consent, ("opted_in", "optedin", "opt_in", "同意", "已同意")),
}
"""Field of Resource -> its reader and its headings in small letters, the preferred ones first."""

EXTRA = "extra"
"""A heading below which an export puts, as a JSON object, what cannot have a column of its own."""

_FIELD_OF = {name: field for field, (_, names) in FIELDS.items() for name in names}


class UnusableRow(Exception):
    """A row that is no resource: the `key` of the sentence, the `field`, and its heading if it has one."""

    def __init__(self, key: str, field: str = "", heading: str | None = None) -> None:
        self.key, self.field, self.heading = key, field, heading
        super().__init__(key)


def resource_of(row: object) -> Resource:
    """The resource in a row. Raises UnusableRow when it is no mapping or has no usable id and title."""
    if not isinstance(row, Mapping):
        raise UnusableRow("catalogue_broken")
    plan = _plan(tuple(map(str, row)))
    found: dict[str, Any] = {}
    used: set[str] = {"@context"}
    for field, read, headings in plan:
        for heading in headings:
            value = read(row[heading])
            if value not in (None, ()):
                found[field] = value
                used.add(heading)
                break
    _take_id(row, found, used)
    _require(found, plan)
    for field, value in _from_instances(row).items():
        found.setdefault(field, value)
    found["title"] = " ".join(found["title"].split())
    found["kind"] = found.get("kind", "other").lower()
    return Resource(**found, extra=_rest(row, used))


@lru_cache(maxsize=256)
def _plan(headings: tuple[str, ...]) -> tuple[tuple[str, Reader, tuple[str, ...]], ...]:
    """(field, reader, headings of a row that may hold it), the same for all rows with these headings."""
    own = {heading.lower(): heading for heading in headings}
    return tuple(
        (field, read, tuple(own[name] for name in names if name in own))
        for field, (read, names) in FIELDS.items()
    )


def missing_heading(headings: tuple[str, ...]) -> str | None:
    """`id` or `title` when none of the headings of a table can hold it."""
    return next((field for field, _, own in _plan(headings)[:2] if not own), None)


def _take_id(row: Mapping[str, Any], found: dict[str, Any], used: set[str]) -> None:
    if "id" not in found and (named := values.last_segment(values.plain(row.get("@id")))):
        found["id"] = named
        used.add("@id")


def _require(found: Mapping[str, Any], plan: tuple[tuple[str, Reader, tuple[str, ...]], ...]) -> None:
    for field, _, headings in plan[:2]:
        if field not in found:
            raise UnusableRow("catalogue_field", field, next(iter(headings), None))
    if not is_id(found["id"]):
        raise UnusableRow("catalogue_id", "id", next(iter(plan[0][2]), None))


def _from_instances(row: Mapping[str, Any]) -> dict[str, Any]:
    """What schema.org says one level down: in hasCourseInstance, offers and isAccessibleForFree.

    These stay in `extra` as well, since they say more than what is read here.
    """
    found: dict[str, Any] = {}
    offers = [one for one in _listed(row.get("offers")) if isinstance(one, Mapping)]
    prices = [values.money(one.get("price", one.get("category"))) for one in offers]
    if prices and None not in prices:
        found["cost"] = min(price for price in prices if price is not None)
    elif row.get("isAccessibleForFree") is True:
        found["cost"] = 0.0
    runs = [one for one in _listed(row.get("hasCourseInstance")) if isinstance(one, Mapping)]
    if not runs:
        return found
    modes = [mode for mode in dict.fromkeys(values.text(run.get("courseMode")) for run in runs) if mode]
    workloads = {values.hours(run.get("courseWorkload")) for run in runs}
    # A run without a day or without seats is open as far as we know, so then nothing is said of the whole.
    starts = [values.days(run.get("startDate")) for run in runs]
    seats = [_seats(run) for run in runs]
    if modes:
        found["format"] = ", ".join(modes)
    if len(workloads) == 1 and (workload := workloads.pop()) is not None:
        found["effort_hours"] = workload
    if all(starts):
        found["starts"] = tuple(sorted({day for some in starts for day in some or ()}))
    if None not in seats:
        found["seats"] = sum(some for some in seats if some is not None)
    return found


def _seats(run: Mapping[str, Any]) -> int | None:
    return values.whole(run.get("remainingAttendeeCapacity", run.get("maximumAttendeeCapacity")))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _rest(row: Mapping[str, Any], used: set[str]) -> dict[str, Any]:
    rest = {str(k): v for k, v in row.items() if k not in used and v not in ("", None)}
    packed = rest.get(EXTRA)
    if isinstance(packed, str) and packed.lstrip().startswith("{"):
        try:
            packed = values.json_value(packed)
        except (ValueError, RecursionError):
            return rest
    if isinstance(packed, dict):
        del rest[EXTRA]
        rest.update(packed)
    return rest


def can_stand_alone(heading: str) -> bool:
    """Whether an extra field may be a column of its own: nothing takes it for a field or for a separator."""
    name = heading.strip().lower()
    return (
        bool(name) and name == heading.lower() and name not in _TAKEN and not re.search(r'[;\t\r\n"]', name)
    )


_TAKEN = {*_FIELD_OF, EXTRA, "@id", "@context", "offers", "isaccessibleforfree", "hascourseinstance"}


def unread(resource: Resource) -> Iterator[str]:
    """Fields of the resource that are empty although `extra` holds a value for them: it could not be read."""
    for field in {_FIELD_OF.get(heading.lower(), "") for heading in resource.extra} - {""}:
        if getattr(resource, field) in (None, (), False, ""):
            yield field
