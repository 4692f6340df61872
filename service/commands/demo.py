"""`rapport demo`: something to look at in an empty service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from service.commands.surroundings import Surroundings

Recordings = Annotated[
    list[Path] | None,
    typer.Argument(metavar="RECORDING", exists=True, dir_okay=False, readable=True, show_default=False),
]


def demo(ctx: typer.Context, recordings: Recordings = None) -> None:
    """People and meetings, and how to sign in as each."""
    around: Surroundings = ctx.obj
    from service.bootstrap import opened  # noqa: PLC0415 - --help must not wait for SQLAlchemy
    from service.db.migrate import upgrade  # noqa: PLC0415
    from service.usecases.demo import make_demo  # noqa: PLC0415

    contents = [path.read_bytes() for path in recordings or ()]
    hosting = around.hosting()
    upgrade(hosting.database_url)
    with opened(hosting) as rapport:
        made = make_demo(rapport, contents)
    lines = [f"  {email:<28}{name}" for name, email in made.addresses.items()]
    said = [around.say("demo_made", password=made.password), *lines, around.say("demo_next")]
    sys.stdout.write("\n".join(said) + "\n")
