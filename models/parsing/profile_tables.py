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
from collections.abc import Iterator, Sequence

from models.development import HIGHEST, LOWEST, Profile
from models.errors import NotAProfile
from models.parsing.identifiers import is_id
from models.parsing.problems import Problems
from models.parsing.profile_facts import FIELDS, TEXTS, Fact, ProfileBuilder
from models.parsing.spreadsheet_safety import neutralised
from models.parsing.tables import Columns, Row, records

MAX_PEOPLE = 100_000

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


def profiles_of_csv(text: str, name: str, problems: Problems) -> list[Profile]:
    """The people in the order in which they first appear; what is wrong with a row goes to `problems`.

    Raises NotAProfile where no row can be understood: headings missing, too many people.
    """
    rows = records(text, problems)
    line, first = next(rows, (0, []))
    if not first:
        return []
    columns = _columns(first, name, line)
    people: dict[str, ProfileBuilder] = {}
    for line, cells in rows:
        if any(cell.strip() for cell in cells[columns.width :]):
            problems.add(("profile_at_line", {"line": str(line)}), "row_too_long")
            continue
        row = Row(line, columns.headings)
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


def _columns(first: Sequence[str], name: str, line: int) -> Columns:
    columns = Columns.of(first, _COLUMN_OF)
    for column in columns.twice:
        raise NotAProfile("profile_heading_twice", path=name, line=line, column=column)
    for column in REQUIRED:
        if column not in columns.positions:
            raise NotAProfile("profile_heading", path=name, line=line, column=column)
    return columns


def _fact(columns: Columns, cells: Sequence[str], row: Row, problems: Problems) -> Fact | None:
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
