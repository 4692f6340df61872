"""`rapport backup | restore`: database and blobs, never the keys."""

from __future__ import annotations

import sys
from contextlib import nullcontext
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
    """Into an empty database; what was erased since the backup is erased again."""
    around: Surroundings = ctx.obj
    from service.bootstrap import objects, opened  # noqa: PLC0415
    from service.usecases.backup import read_backup  # noqa: PLC0415
    from service.usecases.erase_again import erase_again  # noqa: PLC0415

    hosting = around.hosting()
    has_keys = next(objects(hosting, hosting.keys).names(), None) is not None
    # Opened before anything is filled: a master key that is not there shows at once.
    with opened(hosting) if has_keys else nullcontext() as rapport:
        count = read_backup(folder, hosting.database_url, objects(hosting, hosting.blobs))
        again = erase_again(rapport) if rapport else 0
    sys.stdout.write(around.say("restored", path=folder, count=count) + "\n")
    if again:
        around.note("erased_again", count=again)
    if not has_keys:
        around.note("keys_missing", keys=hosting.keys)
