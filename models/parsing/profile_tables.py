"""Profiles as a CSV table: one row for every fact, people told apart by their id.

    id,field,skill,value,by,on
    ann,role,,Analyst,,
    ann,rating,SQL,2,manager,2026-03-01
    ann,expected,SQL,4,,
    ann,completed,,sql-101,,
    ann,gap,SQL,,,2026-05-05

Rows and columns come in any order; columns with other headings are ignored, and so are cells that a field
does not use. A row without an id is about the one nameless person of the file. A row with an id alone says
that the person exists.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from models.development import HIGHEST, LOWEST, Profile
from models.errors import NotAProfile, Words
from models.parsing.identifiers import is_id
from models.parsing.profile_facts import FIELDS, TEXTS, Fact, Place, Problems, ProfileBuilder
from models.parsing.spreadsheet_safety import neutralised, restored

MAX_PEOPLE = 100_000
MAX_CELL = 1_000_000
"""Characters of one cell; a longer one is a quote left open."""

COLUMNS = ("id", "field", "skill", "value", "by", "on")
REQUIRED = ("id", "field")

HEADINGS = {
    "id": ("id", "编号", "人员编号", "工号"),
    "field": ("field", "字段", "项目"),
    "skill": ("skill", "技能"),
    "value": ("value", "值", "取值", "内容"),
    "by": ("by", "评价人", "评分人"),
    "on": ("on", "日期"),
}
FIELD_NAMES = {
    "role": ("岗位", "职位"),
    "level": ("级别", "等级"),
    "language": ("语言",),
    "interest": ("兴趣",),
    "budget": ("预算",),
    "completed": ("已完成",),
    "rating": ("评分",),
    "expected": ("期望",),
    "gap": ("差距",),
}
_COLUMN_OF = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_FIELD_OF = {name: one for one in FIELDS for name in (one, *FIELD_NAMES[one])}
_RATINGS = {str(value): value for value in range(LOWEST, HIGHEST + 1)}
_AMOUNT = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each column stands in a row, and its heading as the file has it."""

    headings: Mapping[str, str]
    positions: Mapping[str, int]
    width: int

    def cell(self, cells: Sequence[str], column: str) -> str:
        at = self.positions.get(column, self.width)
        return restored(cells[at]) if at < len(cells) else ""


@dataclass(frozen=True, slots=True)
class _Row(Place):
    line: int
    headings: Mapping[str, str] = field(repr=False)

    def at(self, cell: str) -> Words:
        return "profile_at_cell", {"line": str(self.line), "column": self.headings.get(cell, cell)}


def profiles_of_csv(text: str, name: str, problems: Problems) -> list[Profile]:
    """The people in the order in which they first appear; what is wrong with a row goes to `problems`.

    Raises NotAProfile where no row can be understood: headings missing, too many people.
    """
    rows = _rows(text, problems)
    line, first = next(rows, (0, []))
    if not first:
        return []
    columns = _columns(first, name, line)
    people: dict[str, ProfileBuilder] = {}
    for line, cells in rows:
        if any(cell.strip() for cell in cells[columns.width :]):
            problems.add(("profile_at_line", {"line": str(line)}), "row_too_long")
            continue
        row = _Row(line, columns.headings)
        person = columns.cell(cells, "id").strip()
        if person and not is_id(person):
            problems.add(row.at("id"), "value_not_id", person)
        if person not in people:
            if len(people) >= MAX_PEOPLE:
                raise NotAProfile("profile_too_many", path=name, limit=MAX_PEOPLE)
            people[person] = ProfileBuilder(problems)
        fact = _fact(columns, cells, row, problems)
        if fact is not None:
            people[person].add(fact)
    return [builder.profile(person or None) for person, builder in people.items()]


def _rows(text: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line on which it starts."""
    csv.field_size_limit(MAX_CELL)
    head = text.lstrip().split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    # Spaces that people type after the separator do not count; our own export puts every cell in quotes.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.add(("profile_at_line", {"line": str(line)}), "row_quoting")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _columns(first: Sequence[str], name: str, line: int) -> _Columns:
    headings: dict[str, str] = {}
    positions: dict[str, int] = {}
    for position, cell in enumerate(first):
        column = _COLUMN_OF.get(cell.strip().lower())
        if column is None:
            continue
        if column in positions:
            raise NotAProfile("profile_heading_twice", path=name, line=line, column=column)
        headings[column], positions[column] = cell.strip(), position
    for column in REQUIRED:
        if column not in positions:
            raise NotAProfile("profile_heading", path=name, line=line, column=column)
    return _Columns(headings, positions, len(first))


def _fact(columns: _Columns, cells: Sequence[str], row: _Row, problems: Problems) -> Fact | None:
    """The fact of a row; None when there is none or its field is not known."""
    said = columns.cell(cells, "field").strip()
    skill, value, by, on = (columns.cell(cells, column) for column in COLUMNS[2:])
    one = _FIELD_OF.get(said.lower())
    if one is not None:
        return Fact(row, one, skill, _typed(one, value), by, on.strip())
    if said:
        problems.add(row.at("field"), "value_not_field", said)
    elif any(cell.strip() for cell in (skill, value, by, on)):
        problems.add(row.at("field"), "value_missing")
    return None


def _typed(one: str, value: str) -> object:
    """The value of that field as JSON would have it; what cannot be read as such stays text."""
    if one in TEXTS:
        return value
    bare = value.strip()
    if one in ("rating", "expected"):
        return _RATINGS.get(bare, bare)
    if one == "budget" and _AMOUNT.fullmatch(bare):
        return float(bare)
    return bare


def to_csv(profiles: Sequence[Profile]) -> str:
    """The table in the order of the profiles, every cell in quotes, lines ending in CR LF (RFC 4180).

    Raises NotAProfile when the table could not be read back: two people without an id, or one without id
    and facts.
    """
    if sum(profile.id is None for profile in profiles) > 1:
        raise NotAProfile("profile_without_id")
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for profile in profiles:
        facts = list(_facts_of(profile))
        if not facts and profile.id is None:
            raise NotAProfile("profile_without_id")
        for fact in facts or [("", "", "", "", "")]:
            writer.writerow([neutralised(cell) for cell in (profile.id or "", *fact)])
    return text.getvalue()


def _facts_of(profile: Profile) -> Iterator[tuple[str, str, str, str, str]]:
    """Field, skill, value, by, on."""
    for name in TEXTS:
        if (text := getattr(profile, name)) is not None:
            yield name, "", text, "", ""
    if profile.budget is not None:
        yield "budget", "", str(profile.budget), "", ""
    for resource in sorted(profile.completed):
        yield "completed", "", resource, "", ""
    for rating in profile.ratings:
        yield "rating", rating.skill, str(rating.value), rating.by, rating.on
    for skill, value in profile.expected.items():
        yield "expected", skill, str(value), "", ""
    for gap in profile.gaps:
        yield "gap", gap.skill, "", "", gap.on
