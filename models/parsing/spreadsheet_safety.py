"""Cells of a CSV export that a spreadsheet would run as formulas, made harmless and back (CSV injection).

Spreadsheet programs take a cell that starts with one of these characters for a formula, even inside quotes.
OWASP's remedy is an apostrophe before it. So that import can tell ours from an apostrophe of the author's,
a cell that already has apostrophes before such a character gets one more.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What starts a cell that gets an apostrophe: one of the characters, after any number of apostrophes."""


def neutralised(cell: str) -> str:
    """The cell as it is safe to export. `restored(neutralised(cell)) == cell` for every text."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """The cell as it was before `neutralised`; a cell that never was exported stays as it is.

    The exception is an apostrophe that somebody typed before a formula character by hand: it was meant in the
    same way, so it goes, too.
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
