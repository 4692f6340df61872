"""`rapport backup | restore`: database and blobs, never the keys."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from service.commands.surroundings import Surroundings

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", show_default=False)]


def backup(ctx: typer.Context, folder: Folder) -> None:
    """While the service runs, into a new folder."""
    around: Surroundings = ctx.obj
    from service.bootstrap import objects  # noqa: PLC0415 - --help must not wait for SQLAlchemy
    from service.usecases.backup import write_backup  # noqa: PLC0415

    hosting = around.hosting()
    count = write_backup(hosting.database_url, objects(hosting, hosting.blobs), folder)
    sys.stdout.write(around.say("backed_up", path=folder, count=count) + "\n")
    around.note("keys_apart", keys=hosting.keys)


def restore(ctx: typer.Context, folder: Folder) -> None:
    """Into an empty database."""
    around: Surroundings = ctx.obj
    from service.bootstrap import objects  # noqa: PLC0415
    from service.usecases.backup import read_backup  # noqa: PLC0415

    hosting = around.hosting()
    count = read_backup(folder, hosting.database_url, objects(hosting, hosting.blobs))
    sys.stdout.write(around.say("restored", path=folder, count=count) + "\n")
    around.note("keys_apart", keys=hosting.keys)
