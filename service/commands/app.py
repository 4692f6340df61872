"""The command `rapport`: its subcommands, their help in the user's language, its exit codes."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import ModelsError
from models.wording import Wording
from service.commands import (
    accounts,
    auditing,
    backups,
    catalogue,
    demo,
    drafting,
    interchange,
    keys,
    meetings,
    planning,
    serving,
    weights,
)
from service.commands.surroundings import WORDING, Surroundings, complain
from service.errors import DONE, ENVIRONMENT, INTERRUPTED, USAGE, CannotWrite, ServiceError, exit_code
from service.jobs.model_process import DEFAULT_ENGINES
from service.language import message_language
from service.settings import from_environment

HELP = Wording.beside(__file__, "help.toml")
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""click's class; where click itself lives differs between versions of typer."""

app = typer.Typer(
    name="rapport",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich would triple the time of --help
    pretty_exceptions_enable=False,
)
app.command("process")(meetings.process)
app.command("transcribe")(meetings.transcribe)
app.command("draft")(drafting.draft)
app.command("recommend")(catalogue.recommend)
app.command("plan")(planning.plan)
app.command("catalogue")(interchange.catalogue)
app.command("people")(interchange.people)
app.add_typer(weights.app, name="models")
app.command("serve")(serving.serve)
app.command("web")(serving.web)
app.command("worker")(serving.worker)
app.command("migrate")(serving.migrate)
app.add_typer(accounts.app, name="user")
app.add_typer(auditing.app, name="audit")
app.add_typer(keys.app, name="keys")
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("demo")(demo.demo)


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slower than the rest of --help

    try:
        number = version("rapport")
    except PackageNotFoundError:  # run from a checkout that was never installed
        number = "0"
    typer.echo(f"rapport {number}")
    raise typer.Exit(DONE)


@app.callback()
def _rapport(
    show_version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    return


def run(arguments: Sequence[str], engines: str | None) -> int:
    """Runs one command. Every way out is an exit code and at most one error on stderr, never a traceback."""
    _speak_utf8()
    language = message_language(os.environ)
    try:
        surroundings = Surroundings(from_environment(), engines or DEFAULT_ENGINES)
        command = typer.main.get_command(app)
        translate(command, language)
        code = command.main(list(arguments), prog_name="rapport", standalone_mode=False, obj=surroundings)
        sys.stdout.flush()
        if code == INTERRUPTED:  # typer turns Ctrl-C into this code
            complain(ServiceError("interrupted").line(language))
        return code if isinstance(code, int) else DONE
    except KeyboardInterrupt:
        complain(ServiceError("interrupted").line(language))
        return INTERRUPTED
    except UsageError as error:
        complain(_usage_line(error, language))
        return USAGE
    except (ServiceError, ModelsError) as error:
        complain(*error.lines(language))
        return exit_code(error)
    except OSError as error:
        return _output_failed(error, language)
    except Exception as error:  # a defect: its place helps, its message may quote a meeting
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        complain(ServiceError("defect", what=type(error).__name__, where=where).line(language))
        return ENVIRONMENT


def translate(command: Any, language: str, above: str = "") -> None:  # noqa: ANN401 - click's class moves
    """Sets the help of a command, its options and its subcommands; KeyError for one without words.

    `above`: the name of the command that it belongs to, where two have subcommands of the same name.
    """
    whole = f"{above} {command.name}"
    command.help = HELP.say(whole if whole in HELP.table else command.name, language)
    for parameter in command.params:
        first = parameter.opts[0]
        parameter.help = HELP.say(first if first.startswith("-") else parameter.name, language)
    for below in getattr(command, "commands", {}).values():
        translate(below, language, command.name)


def _usage_line(error: Any, language: str) -> str:  # noqa: ANN401
    """What click found wrong, as one line."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = parameter.opts[0] if parameter is not None else getattr(error, "option_name", "")
    if kind == "NoArgsIsHelpError":
        return WORDING.say("usage_no_command", language)
    if kind == "NoSuchOption":
        return WORDING.say("usage_no_such_option", language, name=name)
    if kind == "MissingParameter":
        return WORDING.say("usage_missing", language, name=name)
    if name:
        return WORDING.say("usage_bad_value", language, name=name)
    return WORDING.say("usage_other", language, reason=error.format_message())


def _output_failed(error: OSError, language: str) -> int:
    """Stdout is full or was closed by its reader; nothing more can be said there."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if error.errno != errno.EPIPE:
        complain(CannotWrite.of(error.filename or "stdout", error).line(language))
    return ENVIRONMENT


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
