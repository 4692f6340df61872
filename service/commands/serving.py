"""`rapport migrate | web | worker | serve`: the service, as one process of a kind or all on one machine."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.surroundings import Surroundings
from service.hosting import BASE_URL
from service.jobs.model_process import DEFAULT_ENGINES

if TYPE_CHECKING:
    from service.usecases.rapport import Rapport

HOST, PORT = "127.0.0.1", 8000

Host = Annotated[str, typer.Option("--host", metavar="ADDRESS")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N")]
AtOnce = Annotated[int, typer.Option("--at-once", min=1, max=64, metavar="N")]
BaseUrl = Annotated[str | None, typer.Option("--base-url", hidden=True)]
WithParent = Annotated[bool, typer.Option("--with-parent", hidden=True)]

_CHILD = "import sys; from service.cli import main; sys.exit(main(sys.argv[2:], engines=sys.argv[1]))"


def migrate(ctx: typer.Context) -> None:
    """Makes or migrates the tables."""
    around: Surroundings = ctx.obj
    from service.db.migrate import upgrade  # noqa: PLC0415 - --help must not wait for SQLAlchemy

    upgrade(around.hosting().database_url)
    sys.stdout.write(around.say("migrated") + "\n")


def web(
    ctx: typer.Context,
    host: Host = HOST,
    port: Port = PORT,
    with_parent: WithParent = False,
) -> None:
    """Serves pages and API until SIGTERM or Ctrl-C."""
    around: Surroundings = ctx.obj
    gc.disable()  # until it serves: hardly anything that a start makes is garbage
    with _running(around, _own_url(host, port), with_parent=with_parent) as rapport:
        from service.jobs.pulse import WEB, alive  # noqa: PLC0415
        from service.web.server import run  # noqa: PLC0415

        hosting = rapport.hosting
        with alive(rapport.database, WEB, hosting.node, hosting.data_dir / "nodes"):
            run(rapport, host, port)


def worker(
    ctx: typer.Context, at_once: AtOnce = 1, base_url: BaseUrl = None, with_parent: WithParent = False
) -> None:
    """Works on recordings until SIGTERM or Ctrl-C."""
    around: Surroundings = ctx.obj
    with _running(around, base_url, with_parent=with_parent) as rapport:
        from service.bootstrap import tasks  # noqa: PLC0415
        from service.jobs.worker import Manner, run  # noqa: PLC0415

        run(rapport, around.settings, tasks(rapport), Manner(engines=around.engines, at_once=at_once))


def serve(ctx: typer.Context, host: Host = HOST, port: Port = PORT) -> None:
    """Migrates, then keeps a web process and a worker alive."""
    around: Surroundings = ctx.obj
    from service.bootstrap import opened  # noqa: PLC0415
    from service.db.migrate import upgrade  # noqa: PLC0415
    from service.supervisor import Supervisor  # noqa: PLC0415

    hosting = around.hosting()
    with opened(hosting):  # what is wrong with the settings shows before anything is started
        upgrade(hosting.database_url)
    commands = {
        "web": _child(around, "web", "--host", host, "--port", str(port)),
        "worker": _child(around, "worker", "--base-url", _own_url(host, port)),
    }

    def report(name: str, code: int, pause_s: float) -> None:
        around.note("child_ended", name=name, code=code, seconds=f"{pause_s:g}")

    supervisor = Supervisor(commands, report)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, supervisor.stop)
    around.note("serving", address=_own_url(host, port), data=hosting.data_dir)
    raise typer.Exit(supervisor.run())


def _child(around: Surroundings, *arguments: str) -> list[str]:
    if around.engines == DEFAULT_ENGINES:
        return [sys.executable, "-m", "service.cli", *arguments, "--with-parent"]
    return [sys.executable, "-c", _CHILD, around.engines, *arguments, "--with-parent"]


def _own_url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _running(around: Surroundings, base_url: str | None, *, with_parent: bool) -> Iterator[Rapport]:
    """The parts, for a process that serves: tables of this version, logs as JSON lines.

    `base_url`: where people reach this machine when no setting says so.
    """
    from service.bootstrap import opened  # noqa: PLC0415
    from service.db.migrate import require_head  # noqa: PLC0415
    from service.logs import write_json_lines  # noqa: PLC0415
    from service.parent import leave_quietly_on_sigterm, leave_with_parent  # noqa: PLC0415

    leave_quietly_on_sigterm()
    if with_parent:
        leave_with_parent()
    hosting = around.hosting()
    if base_url and hosting.base_url == BASE_URL:
        hosting = replace(hosting, base_url=base_url)
    with opened(hosting) as rapport:
        require_head(rapport.database.engine)
        write_json_lines()
        yield rapport
