"""`rapport recommend`: resources for named skill gaps."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from service.commands import options
from service.commands.progress import progress
from service.commands.surroundings import Surroundings

Gaps = Annotated[list[str], typer.Option("--gap", metavar="SKILL", show_default=False)]
Person = Annotated[Path | None, typer.Option("--person", metavar="FILE")]
Top = Annotated[int, typer.Option("--top", min=1, max=100, metavar="K")]


def recommend(
    ctx: typer.Context,
    *,
    gap: Gaps,
    person: Person = None,
    catalog: options.Catalog = None,
    top: Top = 5,
    json_only: options.JsonOnly = False,
) -> None:
    """Ranked resources with reasons."""
    around: Surroundings = ctx.obj
    files = {"catalogue": options.existing(catalog), "person": options.existing(person)}
    paths = {name: None if path is None else str(path) for name, path in files.items()}
    own, on = options.competencies(around.settings), date.today().isoformat()
    with around.model_process() as models, progress("recommend", around, ("load",)) as shown:
        told = models.ask(shown, "recommend", None, gaps=gap, top_k=top, on=on, competencies=own, **paths)
    found: list[dict[str, Any]] = told["offers"]
    if json_only:
        keys = ("resource", "title", "kind", "score", "why")
        plain = [
            {"gap": offer["gap"], "results": [{k: one[k] for k in keys} for one in offer["items"]]}
            for offer in found
        ]
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
        return
    from service.commands.printing import print_offers  # noqa: PLC0415 - loads rich

    print_offers(found, around)
