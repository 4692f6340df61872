"""The organisation's own list of competencies: a CSV table, read as a whole or not at all.

    id,name,name_zh,aliases,esco
    story,Story mapping,故事地图,user story maps; 用户故事梳理,
    budget,Budget care,预算把控,,http://data.europa.eu/esco/skill/21c5790c-0930-4d74-b3b0-84caf5af12ea

Columns come in any order; others (a description, say) are ignored. A row needs an id and a name in English
or Chinese. No name may stand for two competencies, whatever its case.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from models.development import ESCO, Competency
from models.errors import NotCompetencies
from models.parsing.identifiers import is_id
from models.parsing.problems import Problems
from models.parsing.reading import read_other
from models.parsing.spreadsheet_safety import neutralised
from models.parsing.tables import Columns, Row, records

MAX_COMPETENCIES = 5_000
MAX_NAME = 200
"""Characters of one name."""
MAX_ALIASES = 2_000
"""Characters of a cell with aliases."""

HEADINGS = {
    "id": ("id", "编号", "代码"),
    "name": ("name", "name_en", "英文名称", "英文名", "英文"),
    "name_zh": ("name_zh", "中文名称", "中文名", "中文", "名称"),
    "aliases": ("aliases", "别名", "同义词"),
    "esco": ("esco", "esco_uri", "esco编号"),
}
_COLUMN_OF = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_SEPARATOR = re.compile("[;;]")
_ESCO = re.compile(
    r"(?:https?://data\.europa\.eu/esco/skill/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE
)


def read_competencies(path: Path) -> list[Competency]:
    """The competencies in the order of the file, 1 to 5,000.

    All or nothing: raises NotCompetencies with the places of the first 20 problems and how many more there
    are, and DiskProblem.
    """
    problems = Problems()
    text = read_other(path, NotCompetencies, "profile_too_large", "competencies_not_text")
    rows = records(text, problems)
    line, first = next(rows, (0, []))
    found: list[Competency] = []
    if first:
        columns = _columns(first, path.name, line)
        table = _Table(columns, problems)
        for line, cells in rows:
            if len(found) >= MAX_COMPETENCIES:
                raise NotCompetencies("competencies_too_many", path=path.name, limit=MAX_COMPETENCIES)
            found.append(table.competency(line, cells))
    problems.refuse_any(path.name, NotCompetencies)
    if not found:
        raise NotCompetencies("competencies_empty", path=path.name)
    return found


def write_competencies(competencies: Sequence[Competency]) -> str:
    """The table that `read_competencies` reads back; no cell is run as a formula by a spreadsheet."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for one in competencies:
        cells = (one.id, one.name, one.name_zh, "; ".join(one.aliases), one.esco or "")
        writer.writerow(map(neutralised, cells))
    return file.getvalue()


def _columns(first: Sequence[str], name: str, line: int) -> Columns:
    columns = Columns.of(first, _COLUMN_OF)
    for column in columns.twice:
        raise NotCompetencies("profile_heading_twice", path=name, line=line, column=column)
    missing = [] if "id" in columns.positions else ["id"]
    missing += [] if {"name", "name_zh"} & columns.positions.keys() else ["name"]
    for column in missing:
        raise NotCompetencies("competencies_heading", path=name, line=line, column=column)
    return columns


class _Table:
    """The rows of one file, with the ids and names that are taken."""

    def __init__(self, columns: Columns, problems: Problems) -> None:
        self._columns = columns
        self._problems = problems
        self._ids: set[str] = set()
        self._lines: dict[str, int] = {}
        """By name in small letters the line that it belongs to."""

    def competency(self, line: int, cells: Sequence[str]) -> Competency:
        """The competency of a row; what is wrong with it is noted."""
        row = Row(line, self._columns.headings)
        if any(cell.strip() for cell in cells[self._columns.width :]):
            self._problems.add(("profile_at_line", {"line": str(line)}), "row_too_long")
        id_, name, name_zh, aliases, esco = (
            " ".join(self._columns.cell(cells, column).split()) for column in HEADINGS
        )
        self._check_id(row, id_)
        if not (name or name_zh):
            self._problems.add(row.at("name"), "value_missing")
        others = tuple(dict.fromkeys(one.strip() for one in _SEPARATOR.split(aliases) if one.strip()))
        for column, text, names in (
            ("name", name, (name,)),
            ("name_zh", name_zh, (name_zh,)),
            ("aliases", aliases, others),
        ):
            self._check_names(row, column, text, names)
        return Competency(id_, name, name_zh, others, self._esco(row, esco))

    def _check_id(self, row: Row, id_: str) -> None:
        if not is_id(id_):
            self._problems.add(row.at("id"), "value_not_id" if id_ else "value_missing", id_)
        elif id_ in self._ids:
            self._problems.add(row.at("id"), "competency_id_taken", id_)
        self._ids.add(id_)

    def _check_names(self, row: Row, column: str, text: str, names: Sequence[str]) -> None:
        limit = MAX_ALIASES if column == "aliases" else MAX_NAME
        if len(text) > limit:
            self._problems.add(row.at(column), "value_too_long", limit=str(limit))
            return
        for name in filter(None, names):
            first = self._lines.setdefault(name.lower(), row.line)
            if first != row.line:
                self._problems.add(row.at(column), "competency_name_taken", name, first=str(first))

    def _esco(self, row: Row, text: str) -> str | None:
        match = _ESCO.fullmatch(text)
        if text and match is None:
            self._problems.add(row.at("esco"), "value_not_esco", text)
        return ESCO + match[1].lower() if match else None
