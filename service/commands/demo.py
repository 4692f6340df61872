"""`rapport demo`: something to look at in an empty service."""

from __future__ import annotations

import sys

import typer

from service.commands.surroundings import Surroundings


def demo(ctx: typer.Context) -> None:
    """People and meetings, and how to sign in as each."""
    around: Surroundings = ctx.obj
    from service.bootstrap import opened  # noqa: PLC0415 - --help must not wait for SQLAlchemy
    from service.db.migrate import upgrade  # noqa: PLC0415
    from service.usecases.demo import make_demo  # noqa: PLC0415

    hosting = around.hosting()
    upgrade(hosting.database_url)
    with opened(hosting) as rapport:
        made = make_demo(rapport)
    lines = [f"  {email:<28}{name}" for name, email in made.addresses.items()]
    said = [around.say("demo_made", password=made.password), *lines, around.say("demo_next")]
    sys.stdout.write("\n".join(said) + "\n")
