"""`rapport models list|fetch|verify`: the store of model weights."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.progress import progress
from service.commands.surroundings import Surroundings

if TYPE_CHECKING:
    from models.store import Store

Names = Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)]
HEADER = ("model", "purpose", "size", "licence", "state")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def show(ctx: typer.Context) -> None:
    """Every model and whether it can be used."""
    from service.commands.printing import print_rows  # noqa: PLC0415 - loads rich

    around: Surroundings = ctx.obj
    language = around.settings.language
    rows = [
        (
            listed.model.name,
            listed.model.purpose[language],
            f"{listed.model.size / 1e6:.0f} MB",
            listed.model.licence,
            around.say(f"model_{listed.state}"),
        )
        for listed in _store(around).list()
    ]
    print_rows(tuple(around.say(f"column_{column}") for column in HEADER), rows)


@app.command("fetch")
def fetch(ctx: typer.Context, names: Names = None) -> None:
    """Fetch here, then prepare in the model process: that takes torch."""
    around: Surroundings = ctx.obj
    store = _store(around)
    wanted = _wanted(store, names)
    sizes = {name: store.model(name).size for name in wanted}
    done = dict.fromkeys(wanted, 0.0)
    with around.model_process() as models, progress("models", around, ("fetch", "prepare")) as shown:

        def fetched(name: str, so_far: int, total: int) -> None:
            done[name] = so_far
            shown("fetch", sum(done.values()) / sum(sizes.values()))

        def prepared(name: str, share: float) -> None:
            shown("prepare", (wanted.index(name) + share) / len(wanted) if name in done else share)

        store.fetch(wanted, fetched)
        models.ask(prepared, "prepare", names=wanted)
    for name in wanted:
        _tell(name, around)


@app.command("verify")
def verify(ctx: typer.Context, names: Names = None) -> None:
    """Hash every file again."""
    around: Surroundings = ctx.obj
    store = _store(around)

    def check(name: str) -> None:
        store.verify(name)
        _tell(name, around)

    raise typer.Exit(around.each(_wanted(store, names), check))


def _store(around: Surroundings) -> Store:
    from models.store import Store  # noqa: PLC0415 - a fifth of the time of --help

    settings = around.settings
    return Store(settings.models_dir, settings.model_folder, settings.hub_endpoint)


def _wanted(store: Store, names: list[str] | None) -> list[str]:
    """The names given, each once and in the catalogue (UnusableInput otherwise), or those that are needed."""
    if names:
        return [store.model(name).name for name in dict.fromkeys(names)]
    return [listed.model.name for listed in store.list() if listed.model.default]


def _tell(name: str, around: Surroundings) -> None:
    sys.stdout.write(f"{name}: {around.say('model_ready')}\n")
