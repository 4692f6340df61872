"""A turn as everybody would have said it of everybody: names, pronouns, words for groups and generations,
forms of address and dialect words in one form each, so that they cannot change how the turn is judged.

The reader and the tone stage see this text; quotes and everything that people see keep the words as they were
said. Names are guessed from their place: a capital within a sentence, a surname with a title.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from re import Match, Pattern
from typing import Any

from models.replaced import Replaced, replaced

NAMES = {"en": "Alex", "zh": "小李"}


def even(text: str) -> Replaced:
    """The text with one form for each kind of such words."""
    return replaced(text, _pattern(), _form)


def _form(found: Match[str]) -> str | None:
    kind = found.lastgroup
    if kind == "opening":
        return None if found[0].lower() in _no_names("openers") | _no_names("other") else NAMES["en"]
    if kind == "inside":
        return None if found[0].lower() in _no_names("other") else NAMES["en"]
    if kind == "chinese_name":
        return NAMES["zh"]
    return _forms()[found[0].lower()]


@cache
def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _tables() -> dict[str, dict[str, Any]]:
    """Language -> kind -> its one form and its words."""
    return {language: _read()[language] for language in NAMES}


@cache
def _no_names(kind: str) -> frozenset[str]:
    return frozenset(_read()["no_names"][kind])


@cache
def _forms() -> dict[str, str]:
    """Word -> the form it reads as; a form of address is left out with its comma."""
    found: dict[str, str] = {}
    for kinds in _tables().values():
        for kind, row in kinds.items():
            for word in map(str.lower, row["words"]):
                if kind == "address":
                    found |= {f"{mark}{word}": row["form"] for mark in (", ", ",", "，")}
                    found |= {f"{word}{mark}": row["form"] for mark in (",", "，")}
                else:
                    found[word] = row["form"]
    return found


@cache
def _pattern() -> Pattern[str]:
    english, chinese = (_any(language, lambda kind: kind != "address") for language in ("en", "zh"))
    called, called_zh = (_any(language, lambda kind: kind == "address") for language in ("en", "zh"))
    surnames = _read()["chinese_names"]["surnames"]
    titles = "|".join(_read()["chinese_names"]["titles"])
    return re.compile(
        rf"(?P<called>, (?i:{called})(?=[,.?!])|[,，](?:{called_zh})(?=[,，。?？!！])|^(?:{called_zh})[,，])"
        r"|(?P<opening>(?:^|(?<=[.?!] ))[A-Z][A-Za-z]*[a-z](?=,))"
        rf"|(?P<english>(?i:(?<![\w'])(?:{english})(?![\w'])))"
        r"|(?P<inside>(?<=[a-z,;] )[A-Z][A-Za-z]*[a-z](?!\w))"
        rf"|(?P<chinese_name>(?:小|老|阿)[{surnames}]|[{surnames}](?:{'|'.join(titles)}))"
        rf"|(?P<chinese>{chinese})"
    )


def _any(language: str, wanted: Callable[[str], bool]) -> str:
    """An alternative of the words of the wanted kinds, longest first."""
    words = [word for kind, row in _tables()[language].items() if wanted(kind) for word in row["words"]]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
