"""Development catalogues: CSV, JSON Lines and schema.org Course JSON-LD to values.

An entry needs `id` and `title`. Every other field is optional; fields and kinds that Rapport does not know
are kept in `extra`, as they stand. Headings may be English, Chinese or schema.org's names.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from models.development import Resource
from models.errors import NotACatalogue, NotATranscript
from models.parsing.identifiers import is_id
from models.parsing.reading import read_text

MAX_ENTRIES = 100_000
MAX_CELL = 1_000_000
"""Characters of one CSV cell."""

HEADINGS = {
    "id": ("id", "identifier", "coursecode", "编号", "课程编号", "序号"),
    "title": ("title", "name", "标题", "名称", "课程名称"),
    "kind": ("kind", "type", "@type", "类型", "类别"),
    "description": ("description", "abstract", "描述", "简介", "说明"),
    "skills": ("skills", "teaches", "about", "keywords", "技能", "能力"),
    "level": ("level", "educationallevel", "difficulty", "级别", "难度", "等级"),
    "language": ("language", "inlanguage", "语言"),
}
_WRAPPERS = ("@graph", "itemListElement", "courses", "resources", "items")

Place = str
"""Where an entry stands in the file, for error lines: "line 3", "entry 3"."""


def read_catalogue(path: Path) -> list[Resource]:
    """The entries in the order of the file. Raises NotACatalogue (with the place) or DiskProblem."""
    text = _text(path)
    name = path.name
    if path.suffix.lower() in (".csv", ".tsv"):
        rows = _csv_rows(text, name)
    elif path.suffix.lower() in (".jsonl", ".ndjson"):
        rows = _json_lines(text, name)
    else:
        rows = _whichever(text, name)
    found: dict[str, Resource] = {}
    for place, row in rows:
        resource = _resource(row, name, place)
        if resource.id in found:
            raise NotACatalogue("catalogue_twice", path=name, place=place, id=resource.id)
        if len(found) >= MAX_ENTRIES:
            raise NotACatalogue("catalogue_too_long", path=name, limit=MAX_ENTRIES)
        found[resource.id] = resource
    if not found:
        raise NotACatalogue("catalogue_empty", path=name)
    return list(found.values())


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except NotATranscript as error:
        key = {"transcript_too_large": "catalogue_too_large", "no_such_file": "no_such_file"}.get(
            error.key, "catalogue_not_text"
        )
        raise NotACatalogue(key, **{"limit": "64 MiB", **error.values}) from error


def _csv_rows(text: str, name: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    csv.field_size_limit(MAX_CELL)
    head = text[:2000].split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    headings: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not headings:
                headings = [cell.strip() for cell in cells]
                _require_headings(headings, name)
            elif len(cells) > len(headings):
                raise NotACatalogue("catalogue_cells", path=name, place=f"line {reader.line_num}")
            else:
                yield f"line {reader.line_num}", dict(zip(headings, cells, strict=False))
    except csv.Error as error:
        raise NotACatalogue("catalogue_broken", path=name, place=f"line {reader.line_num}") from error


def _require_headings(headings: Iterable[str], name: str) -> None:
    known = {heading.lower() for heading in headings}
    for field in ("id", "title"):
        if not known & set(HEADINGS[field]):
            raise NotACatalogue("catalogue_field", path=name, place="line 1", field=field)


def _json_lines(text: str, name: str) -> Iterator[tuple[Place, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"line {number}", _json(line, name, f"line {number}")


def _whichever(text: str, name: str) -> Iterator[tuple[Place, Any]]:
    """JSON-LD (an object, a list, a graph), JSON Lines or CSV, told from the first character."""
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        yield from _csv_rows(text, name)
        return
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(
        line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines
    ):
        yield from _json_lines(text, name)
        return
    yield from ((f"entry {n}", row) for n, row in enumerate(_entries(_json(text, name, "line 1")), 1))


def _json(text: str, name: str, place: Place) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = place if error.lineno == 1 else f"line {error.lineno}"
        raise NotACatalogue("catalogue_broken", path=name, place=f"{at}, column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise NotACatalogue("catalogue_broken", path=name, place=place) from error


def _entries(value: object) -> Iterator[Any]:
    """The entries in a JSON-LD document: lists, @graph, ItemList with ListItems."""
    if isinstance(value, list):
        for one in value:
            yield from _entries(one)
        return
    if isinstance(value, dict):
        for wrapper in _WRAPPERS:
            if isinstance(value.get(wrapper), list):
                yield from _entries(value[wrapper])
                return
        if isinstance(value.get("item"), dict):
            yield value["item"]
            return
    yield value


def _resource(row: object, name: str, place: Place) -> Resource:
    if not isinstance(row, Mapping):
        raise NotACatalogue("catalogue_broken", path=name, place=place)
    named = {str(key).lower(): key for key in row}
    used: dict[str, Any] = {}
    for field, headings in HEADINGS.items():
        key = next((named[h] for h in headings if h in named and _plain(row[named[h]])), None)
        if key is not None:
            used[field] = key
    values = {field: _plain(row[key]) for field, key in used.items()}
    if "id" not in values and "@id" in named:
        used["id"] = named["@id"]
        values["id"] = _last_segment(_plain(row[named["@id"]]))
    for field in ("id", "title"):
        if not values.get(field):
            raise NotACatalogue("catalogue_field", path=name, place=place, field=field)
    if not is_id(values["id"]):
        raise NotACatalogue("catalogue_id", path=name, place=place)
    rest = {
        str(k): v
        for k, v in row.items()
        if k not in used.values() and v not in ("", None) and k != "@context"
    }
    return Resource(
        id=values["id"],
        title=" ".join(values["title"].split()),
        kind=(values.get("kind") or "other").strip().lower(),
        description=values.get("description", ""),
        skills=_skills(row[used["skills"]]) if "skills" in used else (),
        level=values.get("level"),
        language=values.get("language"),
        extra=rest,
    )


def _plain(value: object) -> str:
    """Text of a cell, of a number, of the first of a list, of the name of a JSON-LD object; else empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(filter(None, (_plain(one) for one in value)))
    if isinstance(value, Mapping):
        return next(
            (_plain(value[k]) for k in ("name", "value", "@value", "termCode", "@id") if k in value), ""
        )
    return ""


def _skills(value: object) -> tuple[str, ...]:
    parts = (
        [_plain(one) for one in value] if isinstance(value, list) else re.split(r"[;;,,、|]", _plain(value))
    )
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _last_segment(address: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", address.rstrip("/").rsplit("/", 1)[-1]).strip("-._")[:64]
