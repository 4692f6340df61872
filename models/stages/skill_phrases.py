"""A short name for what somebody lacks, from the words around the cue."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from models.stages.words import fold, language_of

MOST_WORDS = 6
MOST_CHARACTERS = 14
"""Of a Chinese name."""

_CUT_EN = re.compile(
    r"[,.;:!?()]|\s(?:and|but|because|so|when|whenever|if|which|while|since|though|although|i|you|we|they|he|she|"
    r"then|any ?more|yet|at all|properly|anyway|honestly|really|in my|without)\b"
)
_CUT_ZH = re.compile(r"[,.;:!?、…\"“”()。]")


def phrase_of(topic: Sequence[str]) -> str:
    """The first part of the topic that holds more than function words, shortened; else empty."""
    for part in topic:
        phrase = _short(part, language_of(part))
        if phrase:
            return phrase[:1].upper() + phrase[1:]
    return ""


def _short(text: str, language: Literal["en", "zh"]) -> str:
    lead, trail = _edges(language)
    least, cut = (4, _CUT_EN) if language == "en" else (2, _CUT_ZH)
    for piece in cut.split(fold(text)):
        phrase = trail.sub("", lead.sub("", piece)).strip(" '\"-")
        if len(phrase) >= least:
            return " ".join(phrase.split()[:MOST_WORDS]) if language == "en" else phrase[:MOST_CHARACTERS]
    return ""


@cache
def _edges(language: Literal["en", "zh"]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What to take off at the beginning and at the end."""
    table = tomllib.loads((Path(__file__).parent / "skill_phrases.toml").read_text("utf-8"))
    lead, trail = ("|".join(map(re.escape, table[edge][language].split())) for edge in ("lead", "trail"))
    if language == "en":
        return re.compile(rf"^\W*(?:(?:{lead})\b[\s,']*)+"), re.compile(rf"(?:\s+(?:{trail}))+$")
    return re.compile(rf"^(?:{lead}|\s)+"), re.compile(rf"(?:{trail}|\s)+$")
