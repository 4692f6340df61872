"""`rapport user add`: an account from the command line, the first one above all."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from service.commands.options import one_of
from service.commands.surroundings import Surroundings
from service.errors import WrongUsage

ROLES = ("member", "hr", "admin")
LOCALES = ("en", "zh")

Email = Annotated[str, typer.Argument(metavar="EMAIL", show_default=False)]
Name = Annotated[str, typer.Option("--name", metavar="NAME")]
Role = Annotated[str, typer.Option("--role", metavar="|".join(ROLES))]
Organisation = Annotated[str | None, typer.Option("--organisation", metavar="NAME")]
Locale = Annotated[str | None, typer.Option("--locale", metavar="en|zh")]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _user() -> None:
    return


@app.command("add")
def add(
    ctx: typer.Context,
    email: Email,
    name: Name,
    role: Role = "member",
    organisation: Organisation = None,
    locale: Locale = None,
) -> None:
    """The password is asked for, or read from stdin."""
    around: Surroundings = ctx.obj
    one_of("--role", role, ROLES)
    language = one_of("--locale", locale or around.settings.language, LOCALES)
    from service.bootstrap import opened  # noqa: PLC0415 - --help must not wait for SQLAlchemy
    from service.db.migrate import require_head  # noqa: PLC0415
    from service.usecases.add_user import NewUser, add_user  # noqa: PLC0415

    with opened(around.hosting()) as rapport:
        require_head(rapport.database.engine)
        user = NewUser(email, name, role, language, organisation)
        add_user(rapport, user, _password(around))
    sys.stdout.write(around.say("user_added", email=email) + "\n")


def _password(around: Surroundings) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(around.say("password_prompt") + " ")
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise WrongUsage("no_password")
    return given
