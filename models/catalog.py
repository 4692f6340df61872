"""models/catalog.toml as values: which weights there are, their files by hash, and their sources in order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CATALOG = Path(__file__).with_name("catalog.toml")
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file; `size` in bytes, `sha256` in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Packages:
    """Python packages of exact versions. `members`: file name -> its parts in the packages, to be joined."""

    packages: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Hub:
    """A repository of a model hub at a full revision; files lie there under their own names."""

    repository: str
    revision: str


@dataclass(frozen=True, slots=True)
class Model:
    """One entry. `made`: files that models/prepare makes from `files`, in the form numbered `recipe`.
    `purpose`: a phrase by language. `default`: fetched when no name is given.
    """

    name: str
    purpose: Mapping[str, str]
    licence: str
    revision: str
    default: bool
    files: tuple[WeightsFile, ...]
    sources: tuple[Packages | Hub, ...]
    made: tuple[str, ...]
    recipe: int

    @property
    def size(self) -> int:
        """Bytes to fetch."""
        return sum(file.size for file in self.files)


def read_catalog(path: Path = CATALOG) -> dict[str, Model]:
    """Read the models by name, in the order of the file. ValueError for what is not a plain file name."""
    return {name: _model(name, entry) for name, entry in tomllib.loads(path.read_text("utf-8")).items()}


def _model(name: str, entry: Mapping[str, Any]) -> Model:
    made = tuple(entry.get("made", ()))
    for used in (name, entry["revision"], *entry["files"], *made):
        if not PLAIN_NAME.fullmatch(used):
            raise ValueError(f"not a plain name: {used!r}")
    return Model(
        name=name,
        purpose=entry["purpose"],
        licence=entry["licence"],
        revision=entry["revision"],
        default=entry["default"],
        files=tuple(WeightsFile(file, **about) for file, about in entry["files"].items()),
        sources=tuple(_source(source) for source in entry.get("sources", ())),
        made=made,
        recipe=entry.get("recipe", 0),
    )


def _source(entry: Mapping[str, Any]) -> Packages | Hub:
    if "hub" in entry:
        return Hub(entry["hub"], entry["revision"])
    members = {file: tuple(parts) for file, parts in entry["members"].items()}
    return Packages(tuple(entry["packages"]), members)
