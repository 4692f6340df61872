"""What a run leaves behind: a table on the screen and a JSON file; eval/plot.py adds the picture."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.baseline import Change, rounded
from eval.figures import NAMES, Figure, Outcome
from models.wording import Wording

MESSAGES = Wording.beside(__file__, "messages.toml")
LANGUAGE_ORDER = ("en", "zh", "mixed", "all")


def in_order(figures: Sequence[Figure]) -> list[Figure]:
    """English rows, then Chinese, then mixed; by row within, figures of a row in the order they came."""
    return sorted(figures, key=lambda f: (_place(f.row), f.row))


def table(name: str, figures: Sequence[Figure], changes: Sequence[Change], language: str) -> Table:
    """The figures with a section for each spoken language and, where known, the change since the baseline."""
    by_figure = {(c.figure.key, c.figure.row): c for c in changes}
    shown = Table(title=MESSAGES.say(f"title_{name}", language), title_justify="left")
    shown.add_column(MESSAGES.say("column_row", language), no_wrap=True)
    shown.add_column(MESSAGES.say("column_figure", language))
    for column in ("column_value", "column_n", *(("column_before", "column_change") if changes else ())):
        shown.add_column(MESSAGES.say(column, language), justify="right", no_wrap=True)
    for _, section in groupby(in_order(figures), key=lambda f: _place(f.row)):
        for figure in section:
            change = by_figure.get((figure.key, figure.row))
            compared = (escape(change.before.shown()), _change_text(change)) if change else ()
            what = NAMES.say(figure.key, language)
            shown.add_row(escape(figure.row), what, escape(figure.shown()), str(figure.n), *compared)
        shown.add_section()
    return shown


def print_outcome(
    console: Console, name: str, outcome: Outcome, changes: Sequence[Change], language: str
) -> None:
    """The table, then what got worse."""
    console.print(table(name, outcome.figures, changes, language))
    worse = [c for c in changes if c.worse]
    for change in (c for c in worse if c.beyond):
        console.print("[red]" + _sentence("worse_beyond", change, language) + "[/red]")
    for change in (c for c in worse if not c.beyond):
        console.print("[dim]" + _sentence("worse_within", change, language) + "[/dim]")
    if changes and not worse:
        console.print(MESSAGES.say("nothing_worse", language, n=len(changes)))


def write_json(path: Path, name: str, outcome: Outcome, changes: Sequence[Change], seed: int) -> None:
    """Figures, comparison and counts by recording; ids and numbers only, never what was said."""
    document: dict[str, Any] = {
        "evaluation": name,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
        },
        "seed": seed,
        "figures": [rounded(figure) for figure in in_order(outcome.figures)],
        "changes": [
            {
                "key": c.figure.key,
                "row": c.figure.row,
                "before": c.before.value,
                "now": c.figure.value,
                "worse": c.worse,
                "beyond_interval": c.beyond,
            }
            for c in changes
        ],
        "details": outcome.details,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def _place(row: str) -> int:
    language = row.split("/", maxsplit=1)[0]
    return LANGUAGE_ORDER.index(language) if language in LANGUAGE_ORDER else len(LANGUAGE_ORDER)


def _change_text(change: Change) -> str:
    text = escape(_by(change))
    if not change.beyond:
        return text
    return f"[bold red]{text}[/bold red]" if change.worse else f"[green]{text}[/green]"


def _by(change: Change) -> str:
    return f"{100 * change.by:+.1f}" if change.figure.unit == "%" else f"{change.by:+.2f}"


def _sentence(key: str, change: Change, language: str) -> str:
    return escape(
        MESSAGES.say(
            key,
            language,
            figure=NAMES.say(change.figure.key, language),
            row=change.figure.row,
            before=change.before.shown(),
            now=change.figure.shown(),
            by=_by(change),
        )
    )
