"""Whether Python finds our packages and not others of the same names.

`models` is a common name: a rival in site-packages wins over an editable installation. Nothing of ours is
imported here, for it might be the rival.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

from service.language import message_language

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("models", "prompts")


def complaint(environ: Mapping[str, str], find: Callable[[str], ModuleSpec | None] = find_spec) -> str | None:
    """None when all is well, else the line that says which package hides ours and what to do."""
    for name in PACKAGES:
        spec = find(name)
        found = spec.origin if spec and spec.origin else None
        if found is None or Path(found).resolve() != ROOT / name / "__init__.py":
            table = tomllib.loads(Path(__file__).with_name("errors.toml").read_text("utf-8"))
            line: str = table["rival_package"][message_language(environ)]
            return line.format(name=name, found=found or "?")
    return None
