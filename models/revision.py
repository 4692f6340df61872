"""Which version of the engines made a result: part of the key of a step, so that finished work is used again
only while it would come out the same.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import prompts

FOLDER = Path(__file__).parent
COUNTED = frozenset({".py", ".toml", ".safetensors", ".npy", ".json", ".jsonl", ".tsv", ".jinja", ".txt"})
"""Files that decide what comes out: code and tables, trained heads, prompts. catalog.toml has the hashes of
all other weights.
"""
LEFT_OUT = frozenset({"train", "errors.toml", "__pycache__"})
"""Parts of models/ that no result depends on."""


def engine_revision(*also: str) -> str:
    """16 hex digits that change with the code, tables, trained heads, prompts and the catalogued weights that
    ship. `also`: what else decides, such as the name of other engines or of a language model. Loads nothing.
    """
    return hashlib.sha256("\n".join((_shipped(), *also)).encode()).hexdigest()[:16]


def digest(folders: tuple[Path, ...]) -> str:
    """Sha256 in hex over names and contents of the files that count."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.suffix in COUNTED and not LEFT_OUT & set(name.parts):
                found.update(f"{name.as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


@cache
def _shipped() -> str:
    return digest((FOLDER, prompts.FOLDER))
