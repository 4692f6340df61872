"""`rapport audit verify | export-head`: whether anybody changed the audit log."""

from __future__ import annotations

import sys

import typer

from service.commands.surroundings import Surroundings, complain
from service.errors import USAGE

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("verify")
def verify(ctx: typer.Context) -> None:
    """Exit code 2 and a line for each damage."""
    around: Surroundings = ctx.obj
    from service.bootstrap import opened  # noqa: PLC0415 - --help must not wait for SQLAlchemy
    from service.db.migrate import require_head  # noqa: PLC0415
    from service.usecases.audit_log import verify_audit  # noqa: PLC0415

    with opened(around.hosting()) as rapport:
        require_head(rapport.database.engine)
        found = verify_audit(rapport)
    if not found:
        sys.stdout.write(around.say("audit_whole") + "\n")
        return
    lines = [
        around.say(f"audit_{one.damage}", organisation=organisation, sequence=one.sequence)
        for organisation, breaks in found.items()
        for one in breaks
    ]
    complain(around.say("audit_broken", count=len(lines)), *lines)
    raise typer.Exit(USAGE)


@app.command("export-head")
def export_head(ctx: typer.Context) -> None:
    """Appends the heads to RAPPORT_AUDIT_HEADS."""
    around: Surroundings = ctx.obj
    from service.bootstrap import opened  # noqa: PLC0415
    from service.db.migrate import require_head  # noqa: PLC0415
    from service.usecases.audit_log import export_heads  # noqa: PLC0415

    with opened(around.hosting()) as rapport:
        require_head(rapport.database.engine)
        count = export_heads(rapport)
        path = rapport.hosting.audit_heads
    sys.stdout.write(around.say("heads_exported", count=count, path=path) + "\n")
