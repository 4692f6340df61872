"""A catalogue as CSV, JSON Lines or schema.org Course JSON-LD, for models/parsing/catalogue to read again.

CSV and JSON Lines lose nothing. JSON-LD says in schema.org's words what schema.org has words for; the rest
keeps Rapport's names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal

from models.development import Resource
from models.parsing.field_values import parts
from models.parsing.resource_fields import EXTRA, can_stand_alone
from models.parsing.spreadsheet_safety import neutralised

Format = Literal["csv", "jsonl", "jsonld"]

_OWN = tuple(field.name for field in fields(Resource) if field.name != EXTRA)


def write_catalogue(resources: Sequence[Resource], fmt: Format) -> str:
    """The text of the file, to be saved as UTF-8 without changing line ends.

    In CSV no cell begins with a character that makes a spreadsheet run it as a formula.
    """
    if fmt == "csv":
        return _csv(resources)
    if fmt == "jsonl":
        return "".join(_json(_said(resource)) + "\n" for resource in resources)
    graph = ",\n".join(_json(_course(resource)) for resource in resources)
    return f'{{"@context": "https://schema.org", "@graph": [\n{graph}\n]}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _said(resource: Resource) -> dict[str, Any]:
    """What the resource says, without empty fields; extra fields beside the others where that is safe."""
    own = {name: getattr(resource, name) for name in _OWN}
    return {
        name: value for name, value in own.items() if value not in (None, "", ()) and value is not False
    } | _extra(resource)


def _extra(resource: Resource, *, text_only: bool = False) -> dict[str, Any]:
    """Extra fields under their own names; those that would be read as something else, in one object."""
    alone: dict[str, Any] = {}
    packed: dict[str, Any] = {}
    for name, value in resource.extra.items():
        apart = (
            can_stand_alone(name) and value not in ("", None) and (isinstance(value, str) or not text_only)
        )
        (alone if apart else packed)[name] = value
    return alone | ({EXTRA: packed} if packed else {})


def _csv(resources: Sequence[Resource]) -> str:
    extras = [_extra(resource, text_only=True) for resource in resources]
    others = dict.fromkeys(name for extra in extras for name in extra if name != EXTRA)
    headings = [*_OWN, *others, EXTRA]
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(neutralised, headings))
    for resource, extra in zip(resources, extras, strict=True):
        own = (_cell(getattr(resource, name)) for name in _OWN)
        more = (_cell(extra.get(name)) for name in headings[len(_OWN) :])
        writer.writerow(map(neutralised, (*own, *more)))
    return file.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        listed = "; ".join(value)
        return listed if parts(listed) == value else _json(value)  # a part may hold a separator itself
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else _json(value)


def _course(resource: Resource) -> dict[str, Any]:
    said = _said(resource)
    course: dict[str, Any] = {"@type": "Course"}
    for ours, theirs in _SCHEMA_ORG.items():
        if ours in said:
            course[theirs] = said.pop(ours)
    if "effort_hours" in said:
        course["timeRequired"] = f"PT{_cell(said.pop('effort_hours'))}H"
    if "cost" in said:
        course["offers"] = {"@type": "Offer", "price": said.pop("cost")}
    if "audience" in said:
        course["audience"] = {"@type": "Audience", "audienceType": said.pop("audience")}
    mode = {"courseMode": said.pop("format")} if "format" in said else {}
    days = [{"startDate": day} for day in said.pop("starts", ())]
    if mode or days:
        course["hasCourseInstance"] = [{"@type": "CourseInstance", **mode, **day} for day in days or [{}]]
    return course | said


_SCHEMA_ORG = {
    "id": "identifier",
    "title": "name",
    "kind": "learningResourceType",
    "description": "description",
    "skills": "teaches",
    "level": "educationalLevel",
    "language": "inLanguage",
    "prerequisites": "coursePrerequisites",
    "link": "url",
}
"""Field -> property of Course that holds the same."""
