"""What a list of development resources, or of competencies, is in a file, in rows and in an export."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from models.development import Competency, Resource
from models.parsing import build
from models.parsing.catalogue import STARTER, Note, import_catalogue, read_catalogue
from models.parsing.catalogue_export import Format, write_catalogue
from models.parsing.competencies import read_competencies, write_competencies
from service.domain.errors import NotValid
from service.jobs.shelf import Kind

FORMS: Mapping[Kind, tuple[Format, ...]] = MappingProxyType(
    {"resources": ("csv", "jsonl", "jsonld"), "competencies": ("csv",)}
)
"""What each list can be exported as; a file to import may have any of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its id, itself as JSON, and the words that a search looks through."""

    id: str
    line: str
    words: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a file, in its order, and what was merged or not understood."""

    entries: tuple[Entry, ...]
    notes: tuple[Note, ...] = ()


def read_listing(kind: Kind, content: bytes, form: Format | None = None) -> Listing:
    """A file whole. Raises NotACatalogue, NotCompetencies. `form` None: told from the text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.{form or 'txt'}"
        path.write_bytes(content)
        return _READERS[kind](path)


def resources_of(lines: Sequence[str]) -> list[Resource]:
    """Resources from lines of the table. They were read by `read_listing` before, so nothing is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "resources.jsonl"
        path.write_text("\n".join(lines), "utf-8")
        return read_catalogue(path) if lines else []


def write_listing(kind: Kind, lines: Sequence[str], form: Format) -> str:
    """The entries as a file. Raises NotValid for a form that the list does not have."""
    if form not in FORMS[kind]:
        raise NotValid("not_a_choice", field="format", allowed=", ".join(FORMS[kind]))
    if kind == "resources":
        return write_catalogue(resources_of(lines), form)
    return write_competencies(build(list[Competency], [json.loads(line) for line in lines]))


@cache
def starter() -> Listing:
    """The catalogue that ships."""
    return _READERS["resources"](STARTER)


def _resources(path: Path) -> Listing:
    imported = import_catalogue(path)
    lines = write_catalogue(imported.resources, "jsonl").split("\n")
    entries = tuple(
        Entry(one.id, line, _words(one.id, one.title, one.kind, *one.skills, one.description))
        for one, line in zip(imported.resources, lines, strict=False)
    )
    return Listing(entries, imported.notes)


def _competencies(path: Path) -> Listing:
    found = read_competencies(path)
    plain = [{name: value for name, value in asdict(one).items() if value} for one in found]
    return Listing(
        tuple(
            Entry(
                one.id,
                json.dumps(fields, ensure_ascii=False),
                _words(one.id, one.name, one.name_zh, *one.aliases),
            )
            for one, fields in zip(found, plain, strict=True)
        )
    )


def _words(*texts: str) -> str:
    return " ".join(filter(None, texts)).casefold().replace("\0", " ")


_READERS: Mapping[Kind, Callable[[Path], Listing]] = MappingProxyType(
    {"resources": _resources, "competencies": _competencies}
)
