"""The draft on the terminal. Words of people go in as text, never as markup: "[red]" is printed as it is."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from models.schema import Draft, Transcript
from service.commands.surroundings import Surroundings
from service.export.outline import Minutes, Outline, Section, Table
from service.export.plain_text import clean

WIDTH_WITHOUT_TERMINAL = 110

Trails = dict[str, list[dict[str, Any]]]
"""Item id -> steps with turn, state and why."""


def print_draft(draft: Draft, transcript: Transcript, previous: Mapping[str, str]) -> None:
    """The outline and, below it, what only the manager may see; `previous` is as in `formats.render`."""
    minutes = Minutes(draft, transcript, previous)
    print_outline(minutes.outline(), minutes.private())


def print_outline(outline: Outline, *private: Section) -> None:
    """A document and, below it, sections that no file holds."""
    console = _console()
    console.print(Text(outline.title, style="bold"))
    console.print(Text(outline.notice, style="yellow"))
    for name, value in outline.facts:
        console.print(Text(f"{name}{outline.colon}{value}"))
    for section in (*outline.sections, *private):
        _print_section(console, section)
    console.print()


def print_trails(trails: Trails, around: Surroundings, *, to_stderr: bool) -> None:
    """How each item came about; on stderr when stdout is for JSON only."""
    console = _console(to_stderr=to_stderr)
    console.print(Text(around.say("trail"), style="bold"))
    for item, steps in trails.items():
        console.print(Text(clean(item)))
        for step in steps:
            why, state = clean(str(step["why"])), clean(str(step["state"]))
            console.print(Text(f"  {around.say('trail_step', turn=step['turn'], state=state, why=why)}"))
    console.print()


def print_offers(offers: list[dict[str, Any]], around: Surroundings) -> None:
    """Resources under each gap, best first; where there are none, what the catalogue lacks."""
    console = _console()
    for offer in offers:
        console.print(Text(clean(offer["gap"]), style="bold"))
        if not offer["items"]:
            console.print(Text(f"  {_lack(offer['withheld'], around)}"))
        for number, one in enumerate(offer["items"], start=1):
            console.print(Text(clean(f"{number}. {one['title']} ({one['kind']}, {one['resource']})")))
            console.print(Text(f"    {clean(one['why'])}", style="dim"))


def _lack(withheld: dict[str, int], around: Surroundings) -> str:
    """Why there is nothing."""
    if not withheld:
        return around.say("no_resources")
    reasons = [around.say(f"withheld_{name}", count=count) for name, count in withheld.items()]
    return around.say("resources_withheld", reasons=around.say("comma").join(reasons))


def print_rows(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table on stdout."""
    _print_table(_console(), Table(header, tuple(rows)))


def _print_section(console: Console, section: Section) -> None:
    if not section.parts:
        return
    console.print()
    console.print(Text(section.title, style="bold"))
    for part in section.parts:
        if isinstance(part, Table):
            _print_table(console, part)
        elif isinstance(part, str):
            console.print(Text(part))
        else:
            console.print(Text(f"• {part.text}"))
            for quote in part.quotes:
                console.print(Text(f"    {quote}", style="dim"))


def _print_table(console: Console, table: Table) -> None:
    drawn = RichTable()
    for title in table.header:
        # Chinese has no spaces to wrap at: without folding, a task would be cut off.
        drawn.add_column(Text(title), overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(clean(cell)) for cell in row))
    console.print(drawn)


def _console(*, to_stderr: bool = False) -> Console:
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
