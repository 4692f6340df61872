"""Wording of a task: the speaker's own words without fillers, subject, modal and date. Nothing is added.

"I'll, um, email Beatrice today" becomes "Email Beatrice"; 那我先把名单整理出来 becomes 把名单整理出来.
What is left is a subset of words that were said; `grounded` proves it against the quotes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.stages.clauses import Clause
from models.stages.words import content_words, fold, strip_fillers

_PRONOUN = re.compile(r"\b(?:it|them|that|this|those|these)\b|这个|那个|这事|它", re.IGNORECASE)
_EDGES = " ,.;:?!、。-—…\"'“”\uff0c\uff1b\uff1a\uff1f\uff01"


def task(clauses: Sequence[Clause]) -> str:
    """Word the task by the clause that says most, completed by its neighbours in the sentence."""
    if not clauses:
        return ""
    best = max(clauses, key=_weight)
    said = [c for c in clauses if c.sentence == best.sentence and c.turn == best.turn] or [best]
    parts = [part for part in (clean(c) for c in said) if part]
    joiner = "\uff0c" if best.language == "zh" else ", "
    text = joiner.join(dict.fromkeys(parts))
    return text[:1].upper() + text[1:]


def _weight(clause: Clause) -> tuple[int, int]:
    explicit = clause.has("commit", "request", "offer", "when") and not clause.has("wh")
    words = len(content_words(clause.text))
    vague = bool(_PRONOUN.search(clause.text)) and words <= 2
    return (min(words, 4) + 3 * explicit - 3 * vague, clause.position)


def clean(clause: Clause) -> str:
    """One clause without fillers, subject, modal, dates and trailing particles."""
    cut = _cuts()[clause.language]
    text = cut.filler.sub("", _without_dates(clause)).strip(_EDGES)
    bare = strip_fillers(text).strip(_EDGES) if clause.language == "en" else text
    shorter = cut.tail.sub("", cut.lead.sub("", bare)).strip(_EDGES)
    return shorter or text


@dataclass(frozen=True, slots=True)
class _Cut:
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    filler: re.Pattern[str]


@cache
def _cuts() -> dict[str, _Cut]:
    """Compile phrasing.toml."""
    table = tomllib.loads((Path(__file__).parent / "phrasing.toml").read_text("utf-8"))
    said = {key: {part: "|".join(found) for part, found in row.items()} for key, row in table.items()}
    en, zh = said["en"], said["zh"]
    return {
        "en": _Cut(
            re.compile(rf"^(?:(?:{en['connectives']})[\s,]+)*(?:{en['lead']})\s+", re.IGNORECASE),
            re.compile(rf"(?:[\s,]+(?:{en['tail']}))+$", re.IGNORECASE),
            re.compile(rf"[,\s]*\b(?:{en['filler']})\b,?", re.IGNORECASE),
        ),
        "zh": _Cut(
            re.compile(rf"^(?:(?:{zh['lead']})[,\uff0c\u3001\s]*)+"),
            re.compile(rf"(?:[,\uff0c\u3001\s]*(?:{zh['tail']}))+$"),
            re.compile(rf"(?:{zh['filler']})[,\uff0c\u3001]+"),
        ),
    }


def _without_dates(clause: Clause) -> str:
    """Cut dates at the edge; one in the middle stays, for it may hold the sentence together."""
    text, shift = clause.text, clause.start
    for date in sorted(clause.dates, key=lambda d: -d.start):
        start, end = date.start - shift, date.end - shift
        at_edge = not text[end:].strip(_EDGES) or not text[:start].strip(_EDGES) or clause.language == "zh"
        if at_edge and date.is_deadline and not date.recurrence:
            text = text[:start].rstrip() + (" " if clause.language == "en" else "") + text[end:].lstrip()
    return text


def grounded(text: str, quotes: Iterable[str]) -> bool:
    """Whether every content word of the text occurs in one of the quotes."""
    heard = " ".join(fold(quote) for quote in quotes)
    return all(word in heard for word in _tokens(text)) or content_words(text) <= content_words(heard)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-zà-ÿ][a-zà-ÿ'-]+|\d+|[\u3400-\u9fff]", fold(text))
