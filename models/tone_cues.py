"""Cues of critical and defensive wording: which rule of the labelling guide a piece of text falls under.

The table tone_cues.toml serves the tone heads (as features) and the tone stage (as the reason it gives).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

_APOSTROPHES = str.maketrans("‘’", "''")

_SENTENCE_END = re.compile(r"[.!?…。！？；;]+[\"'”’」』)]*(?=\s|$)|[。！？；…]+[”’」』]*")
_LATIN_WORD = re.compile(r"[a-z']+|\d+")
_HAN = re.compile(r"[\u3400-\u9fff]")
SHORT_SENTENCE = 8


@cache
def rules() -> dict[str, str]:
    """Rule name -> "critical", "defensive" or "calm", in the order of the table."""
    return {name: str(entry["label"]) for name, entry in _table().items()}


def matches(text: str) -> dict[str, tuple[str, ...]]:
    """The words of `text` that each rule catches, by rule; rules that catch nothing are left out.

    Both languages are searched, so a turn that mixes them is covered.
    """
    lowered = normalised(text)
    found = {}
    for name, patterns in _patterns().items():
        hits = tuple(hit.group() for pattern in patterns for hit in pattern.finditer(lowered))
        if hits:
            found[name] = hits
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text, exact substrings in order; short ones ("Wow.") stay with the next."""
    found: list[str] = []
    start = 0
    for stop in (match.end() for match in _SENTENCE_END.finditer(text)):
        if len(normalised(text[start:stop]).strip()) >= SHORT_SENTENCE or stop == len(text):
            found.append(text[start:stop].strip())
            start = stop
    if text[start:].strip():
        found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def word_count(text: str) -> float:
    """Words, comparable across languages: a Chinese word counts as 1.5 characters."""
    lowered = normalised(text)
    return len(_LATIN_WORD.findall(lowered)) + len(_HAN.findall(lowered)) / 1.5


def normalised(text: str) -> str:
    """Lower case, half-width punctuation, straight apostrophes."""
    return unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).lower()


@cache
def _table() -> dict[str, dict[str, object]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    return {
        name: tuple(re.compile("|".join(f"(?:{p})" for p in entry[language])) for language in ("en", "zh"))  # type: ignore[attr-defined]
        for name, entry in _table().items()
    }
