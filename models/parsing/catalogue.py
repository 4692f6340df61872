"""Development catalogues: CSV, JSON Lines and schema.org Course JSON-LD to resources, all of them or none.

What a row holds is read in models/parsing/resource_fields. Headings may be English, Chinese or schema.org's
names; an entry needs `id` and `title`.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.development import Resource
from models.errors import CatalogueProblems, NotACatalogue
from models.parsing.catalogue_checks import known_prerequisites, prerequisite_cycle, without_twins
from models.parsing.field_values import json_value
from models.parsing.reading import read_other
from models.parsing.resource_fields import UnusableRow, missing_heading, resource_of, unread
from models.parsing.spreadsheet_safety import restored
from models.parsing.tables import MAX_CELL, csv_records

STARTER = Path(__file__).parents[1] / "data" / "catalogue.jsonl"
"""The starter catalogue that ships."""

MAX_ENTRIES = 100_000

PROBLEMS_NAMED = 20
"""Of a catalogue that is refused; the others are counted."""

NOTES_NAMED = 20
"""Of each kind."""

_WRAPPERS = ("@graph", "itemListElement", "courses", "resources", "items")

Place = Mapping[str, int]
"""Where something stands: {"line": 3}, {"line": 3, "column": 8} or {"entry": 2}, from 1."""

Rows = Iterator[tuple[Place, Any]]
"""Rows with their places; a NotACatalogue in place of a row that cannot be told from the file."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that kept nothing from being imported: `key` and `values` of a sentence."""

    key: str
    values: Mapping[str, object]

    def line(self, language: str) -> str:
        """The sentence in English, or in Chinese for "zh"."""
        return NotACatalogue.wording.say(self.key, language, **self.values)


@dataclass(frozen=True, slots=True)
class Imported:
    """A catalogue in the order of the file. `merged`: (kept id, dropped id) of entries that are the same."""

    resources: list[Resource]
    merged: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Problems:
    """The first problems of a file, and how many there are."""

    path: str
    first: list[NotACatalogue] = field(default_factory=list)
    count: int = 0

    def add(self, problem: NotACatalogue) -> None:
        self.count += 1
        if len(self.first) < PROBLEMS_NAMED:
            self.first.append(problem)

    def refuse_if_any(self) -> None:
        if self.count == 1:
            raise self.first[0]
        if self.count:
            raise CatalogueProblems.of(self.path, self.first, self.count)


def read_catalogue(path: Path) -> list[Resource]:
    """The entries in the order of the file. Raises as import_catalogue does."""
    return import_catalogue(path).resources


def import_catalogue(path: Path) -> Imported:
    """All entries of a file of at most 100,000, with notes on what was merged or not understood.

    Raises DiskProblem, NotACatalogue when one place is wrong (a row without id or title, an id that stands
    there twice, prerequisites in a circle), or CatalogueProblems with the first 20 places when several are.
    """
    name = path.name
    entries = _unique(_rows(path), name)
    entries, merged = without_twins(entries)
    entries, unknown = known_prerequisites(entries)
    if cycle := prerequisite_cycle(entries):
        raise NotACatalogue("catalogue_cycle", path=name, ids=", ".join(cycle))
    return Imported(entries, merged, tuple(_notes(entries, merged, unknown)))


def _rows(path: Path) -> Rows:
    text = read_other(path, NotACatalogue, "catalogue_too_large", "catalogue_not_text")
    if path.suffix.lower() in (".csv", ".tsv"):
        return _csv_rows(text, path.name)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return _json_lines(text, path.name)
    return _whichever(text, path.name)


def _unique(rows: Rows, name: str) -> list[Resource]:
    """The resources in the rows, or the error that names all problems."""
    problems = _Problems(name)
    found: dict[str, Resource] = {}
    for number, (place, row) in enumerate(rows):
        if number >= MAX_ENTRIES:
            raise NotACatalogue("catalogue_too_long", path=name, limit=MAX_ENTRIES)
        if isinstance(row, NotACatalogue):
            problems.add(row)
            continue
        try:
            resource = resource_of(row)
        except UnusableRow as bad:
            at = _cell(place, row, bad.heading)
            problems.add(
                NotACatalogue(bad.key, path=name, **at, **({"field": bad.field} if bad.field else {}))
            )
        except RecursionError:
            problems.add(NotACatalogue("catalogue_broken", path=name, **place))
        else:
            if found.setdefault(resource.id, resource) is not resource:
                problems.add(NotACatalogue("catalogue_twice", path=name, **place, id=resource.id))
    problems.refuse_if_any()
    if not found:
        raise NotACatalogue("catalogue_empty", path=name)
    return list(found.values())


def _cell(place: Place, row: object, heading: str | None) -> Place:
    """The place of a cell of the row: in a table the column under that heading, counted from 1."""
    if isinstance(row, _TableRow) and heading is not None:
        return {**place, "column": list(row).index(heading) + 1}
    return place


def _notes(
    entries: list[Resource], merged: tuple[tuple[str, str], ...], unknown: tuple[tuple[str, str], ...]
) -> Iterator[Note]:
    if merged:
        yield Note("note_merged", {"count": len(merged)})
    for id_, needed in unknown[:NOTES_NAMED]:
        yield Note("note_unknown_prerequisite", {"id": id_, "prerequisite": needed})
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for entry in entries:
        if entry.extra:
            for name in unread(entry):
                counts[name] += 1
                first.setdefault(name, entry.id)
    for name in sorted(counts):
        yield Note("note_unread", {"field": name, "count": counts[name], "id": first[name]})


class _TableRow(dict[str, str]):
    """Heading -> cell of a row in a table."""


def _csv_rows(text: str, name: str) -> Rows:
    """Rows of a table whose cells are separated as those of its first line are."""
    csv.field_size_limit(MAX_CELL)
    head = text.lstrip("\r\n")[:2000].split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    headings: list[str] = []
    for line, cells in csv_records(reader):
        place = {"line": line}
        if cells is None:
            yield place, NotACatalogue("catalogue_broken", path=name, **place)
        elif not any(map(str.strip, cells)):
            continue
        elif not headings:
            headings = [restored(cell).strip() for cell in cells]
            if missing := missing_heading(tuple(headings)):
                raise NotACatalogue("catalogue_field", path=name, **place, field=missing)
        elif len(cells) > len(headings):
            yield place, NotACatalogue("catalogue_cells", path=name, **place)
        else:
            yield place, _TableRow(zip(headings, map(restored, cells), strict=False))


def _json_lines(text: str, name: str) -> Rows:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield {"line": number}, _json(line, name, number)


def _whichever(text: str, name: str) -> Rows:
    """JSON-LD (an object, a list, a graph), JSON Lines or CSV, told from the first character."""
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        return _csv_rows(text, name)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines):
        return _json_lines(text, name)
    return (({"entry": n}, row) for n, row in enumerate(_entries(_json(text, name, 1)), 1))


def _json(text: str, name: str, first_line: int) -> Any:  # noqa: ANN401 - JSON, or what is wrong with it
    try:
        return json_value(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        return NotACatalogue("catalogue_broken", path=name, line=line, column=error.colno)
    except (ValueError, RecursionError):
        return NotACatalogue("catalogue_broken", path=name, line=first_line)


def _entries(value: object) -> Iterator[Any]:
    """The entries in a JSON-LD document: lists, @graph, ItemList with ListItems."""
    left = [value]
    while left:
        one = left.pop()
        inside = _inside(one) if isinstance(one, dict) else one
        if isinstance(inside, list):
            left.extend(reversed(inside))
        else:
            yield inside


def _inside(entry: dict[str, Any]) -> object:
    """The list that an object wraps, the item of a ListItem, or the object itself."""
    wrapped = next((entry[name] for name in _WRAPPERS if isinstance(entry.get(name), list)), None)
    item = entry.get("item")
    return wrapped if wrapped is not None else item if isinstance(item, dict) else entry
