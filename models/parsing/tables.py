"""CSV tables for people: headings in English or Chinese, in any order, other columns ignored."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.errors import Words
from models.parsing.problems import Problems
from models.parsing.spreadsheet_safety import restored

MAX_CELL = 1_000_000
"""Characters of one cell; a longer one is a quote left open."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands in a row, and its heading as the file has it. `twice`: those given again."""

    headings: Mapping[str, str]
    positions: Mapping[str, int]
    width: int
    twice: tuple[str, ...] = ()

    @classmethod
    def of(cls, first: Sequence[str], column_of: Mapping[str, str]) -> Columns:
        """The columns that the first row names; `column_of`: heading in small letters -> column."""
        headings: dict[str, str] = {}
        positions: dict[str, int] = {}
        twice: list[str] = []
        for position, cell in enumerate(first):
            column = column_of.get(cell.strip().lower())
            if column in positions:
                twice.append(column)
            elif column is not None:
                headings[column], positions[column] = cell.strip(), position
        return cls(headings, positions, len(first), tuple(twice))

    def cell(self, cells: Sequence[str], column: str) -> str:
        """The text of that column in a row, "" where the row or the table does not have it."""
        at = self.positions.get(column, self.width)
        return restored(cells[at]) if at < len(cells) else ""


@dataclass(frozen=True, slots=True)
class Row:
    """The place of a row, and with a column that of a cell."""

    line: int
    headings: Mapping[str, str] = field(repr=False)

    def at(self, cell: str) -> Words:
        """The place of the cell in that column."""
        return "profile_at_cell", {"line": str(self.line), "column": self.headings.get(cell, cell)}


def records(text: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line on which it starts; broken quoting goes to `problems`."""
    csv.field_size_limit(MAX_CELL)
    head = text.lstrip().split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    # Spaces that people type after the separator do not count; our own export puts every cell in quotes.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True, skipinitialspace=True)
    for line, cells in csv_records(reader):
        if cells is None:
            problems.add(("profile_at_line", {"line": str(line)}), "row_quoting")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def csv_records(reader: Any) -> Iterator[tuple[int, list[str] | None]]:  # noqa: ANN401 - csv's own class has no name
    """(line on which a record begins, its cells), None for one with broken quotes."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
        else:
            yield line, cells
