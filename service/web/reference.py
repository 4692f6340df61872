"""The reference of routes and tables in docs/reference.md: `python -m service.web.reference`.

Made from the OpenAPI document and from the tables' own words; a test fails when the file is stale.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Mapper

from service.bootstrap import build
from service.db.base import Base
from service.hosting import hosting
from service.web.app import create_app

HEAD = """# Routes and tables
Made by `make reference`; do not edit. The whole API, with bodies, examples and errors, is the OpenAPI
document that the service gives at `/api/v1/openapi.json`. Every error is a problem document (RFC 9457).
"""


def markdown() -> str:
    """The page."""
    with tempfile.TemporaryDirectory() as folder:  # an empty service: it is only described
        rapport = build(hosting({"RAPPORT_DATA": folder}))
        app = create_app(rapport)
        rapport.database.close()
    lines = [HEAD, "## Routes", "| route | does |", "|---|---|"]
    lines += sorted(_routes(app.openapi()["paths"]))
    lines += ["", "## Tables", "Texts of meetings are in none of them: they are encrypted documents.", ""]
    for mapper in sorted(Base.registry.mappers, key=lambda found: str(found.local_table)):
        lines += _table(mapper)
    return "\n".join(lines) + "\n"


def _routes(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield f"| `{method.upper()} {path}` | {_first(operation.get('description', ''))} |"


def _table(mapper: Mapper[Any]) -> Iterator[str]:
    table = mapper.local_table
    if isinstance(table, Table):
        columns = ", ".join(f"`{column.name}`" for column in table.columns)
        yield from (f"### {table.name}", " ".join((mapper.class_.__doc__ or "").split()), "", columns, "")


def _first(text: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(text.strip().partition("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(markdown())
