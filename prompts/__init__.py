"""Versioned prompt files, `<name>.<language>.v<n>.<suffix>`. A version in use is never edited.

`.txt` is sent as it is. `.jinja` has two blocks: `instructions`, which are ours, and `data`, which people
said; a value that a template names and nobody gives is an error.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file with its values filled in; `sha256` is that of the file, in hex."""

    instructions: str
    data: str
    sha256: str


@cache
def load_prompt(name: str) -> str:
    """The text of a prompt file, without the line break at its end. Raises FileNotFoundError."""
    return (FOLDER / name).read_text("utf-8").rstrip("\n")


@cache
def prompt_sha256(name: str) -> str:
    """Sha256 of a prompt file in hex: what provenance records. Raises FileNotFoundError."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


def render_prompt(name: str, **values: object) -> Prompt:
    """A `.jinja` file with its values. Raises FileNotFoundError, jinja2.UndefinedError for one missing."""
    template = _template(name)
    parts = {
        block: "".join(template.blocks[block](template.new_context(values))).strip("\n")
        for block in ("instructions", "data")
    }
    return Prompt(parts["instructions"], parts["data"], prompt_sha256(name))


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only the LLM engine needs it

    # Nothing is escaped: this is no HTML. Values never become templates, so braces in speech stay braces.
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701
    return environment.from_string(load_prompt(name))
