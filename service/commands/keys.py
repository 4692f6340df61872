"""`rapport keys rotate`: a new master key."""

from __future__ import annotations

import sys

import typer

from service.commands.surroundings import Surroundings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("rotate")
def rotate(ctx: typer.Context) -> None:
    """Wraps every key anew; may be repeated when it was cut off."""
    around: Surroundings = ctx.obj
    from service.bootstrap import objects, opened  # noqa: PLC0415 - --help must not wait for SQLAlchemy
    from service.db.migrate import require_head  # noqa: PLC0415
    from service.usecases.rotate_keys import require_stopped, rotate_keys  # noqa: PLC0415

    hosting = around.hosting()
    path = hosting.master_key_path
    with opened(hosting) as rapport:
        require_head(rapport.database.engine)
        require_stopped(rapport)
    count = rotate_keys(path, objects(hosting, hosting.keys))
    sys.stdout.write(around.say("keys_rotated", count=count, path=path) + "\n")
