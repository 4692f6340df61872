"""Versioned prompt files, `<name>.<language>.v<n>.<suffix>`. A version in use is never edited."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def load_prompt(name: str) -> str:
    """The text of a prompt file, without the line break at its end. Raises FileNotFoundError."""
    return (FOLDER / name).read_text("utf-8").rstrip("\n")
