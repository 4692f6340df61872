"""Sentences for people, in English and Simplified Chinese, in a TOML file beside the code that says them.

[no_sound]
en = "{path} holds no sound. Give a recording with an audio track."
zh = "{path} 中没有声音。请提供带有音轨的录音。"
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import ClassVar


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


class WordedError(Exception):
    """An error for people: `key` names a line of the tree's own table, `values` fill it; str() is English."""

    wording: ClassVar[Wording]
    retry_can_help: ClassVar[bool] = False

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(self.line("en"))

    def line(self, language: str) -> str:
        """What happened and what to do, in one line of that language."""
        return self.wording.say(self.key, language, **self.values)

    def lines(self, language: str) -> list[str]:
        """The same for a terminal: one line, or where several places are wrong a further one for each."""
        return [self.line(language)]
