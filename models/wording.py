"""Sentences for people, in English and Simplified Chinese, in a TOML file beside the code that says them.

[no_sound]
en = "{path} holds no sound. Give a recording with an audio track."
zh = "{path} 中没有声音。请提供带有音轨的录音。"
"""

from __future__ import annotations

import tomllib
from pathlib import Path


class Wording:
    """A table key -> {"en": ..., "zh": ...}. A missing key or language is a KeyError."""

    def __init__(self, table: dict[str, dict[str, str]]) -> None:
        self.table = table

    @classmethod
    def beside(cls, module_file: str, name: str) -> Wording:
        """The file `name` in the folder of the module that calls."""
        return cls(tomllib.loads((Path(module_file).parent / name).read_text("utf-8")))

    def say(self, key: str, language: str, **values: object) -> str:
        """The sentence in that language ("en" unless "zh") with its values filled in."""
        return self.table[key]["zh" if language == "zh" else "en"].format(**values)
