"""Words of spoken English and Mandarin: language of a stretch, folding, fillers, and what it is about."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-zÀ-ÿ][a-zÀ-ÿ'-]*|\d+(?:[.:]\d+)?|[\u3400-\u9fff]+")
_FOLD = str.maketrans(
    {"\uff0c": ",", "\uff1b": ";", "\uff1a": ":", "\uff1f": "?", "\uff01": "!", "\u2019": "'", "\u3000": " "}
)


def fold(text: str) -> str:
    """Full-width punctuation as ASCII and lower case, character for character, so that offsets stay."""
    folded = text.translate(_FOLD)
    lower = folded.lower()
    return lower if len(lower) == len(folded) else folded


def language_of(text: str) -> Literal["en", "zh"]:
    """Say "zh" when the text holds more Chinese characters than a third of its words."""
    cjk = len(CJK.findall(text))
    return "zh" if cjk * 3 > len(re.findall(r"[A-Za-z]+", text)) else "en"


def strip_fillers(text: str) -> str:
    """Cut the fillers and connectives a text begins with; case stays."""
    found = _fillers().match(text)
    return text[found.end() :] if found else text


def content_words(text: str) -> frozenset[str]:
    """Say what a text is about: English words without their endings, Chinese character pairs."""
    found: set[str] = set()
    for run in _WORD.findall(fold(text)):
        if CJK.match(run):
            for piece in _separators().split(run):
                found.update(piece[k : k + 2] for k in range(len(piece) - 1))
        elif run not in _function_words() and len(run) > 2:
            found.add(_stem(run))
    return frozenset(found)


def _stem(word: str) -> str:
    word = word.removesuffix("'s").replace("-", "")
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text("utf-8"))


@cache
def _function_words() -> frozenset[str]:
    return frozenset(_lexicon()["function_words"]["en"])


@cache
def _separators() -> re.Pattern[str]:
    table = _lexicon()["function_words"]
    return re.compile("|".join(table["zh"]) + f"|[{table['zh_characters']}]")


@cache
def _fillers() -> re.Pattern[str]:
    table = _lexicon()["fillers"]
    english = rf"(?:{'|'.join(table['en'])})\b[\s,.]*"
    mandarin = rf"[{table['zh_interjections']}]+[,、\s]*|(?:{'|'.join(table['zh'])})[,、\s]*"
    return re.compile(rf"^(?:{english}|{mandarin})+", re.IGNORECASE)
