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
from itertools import pairwise
from pathlib import Path
from typing import Literal

from models.stages.clauses import Clause, forces_of
from models.stages.words import content_words, fold, strip_fillers

_PRONOUN = re.compile(r"\b(?:it|them|that|this|those|these)\b|这个|那个|这事|它", re.IGNORECASE)
_UNIT = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff](?:[^\s\u3400-\u9fff]*[^\W\u3400-\u9fff])?")
LONGEST = {"en": 20, "zh": 30}
"""Words, or Chinese characters, up to which neighbouring clauses join and one clause stays whole."""
_EDGES = " ,.;:?!、。-—…\"'“”\uff0c\uff1b\uff1a\uff1f\uff01"


def task(clauses: Sequence[Clause]) -> str:
    """Word the task by the clause that says most, completed by its neighbours in the sentence.

    At most about LONGEST words (English) or characters (Mandarin); "" when nothing was named.
    """
    named = [c for c in clauses if content_words(clean(c))]
    if not named:
        return ""
    best = max(named, key=_weight)
    said = sorted(
        {c.start: c for c in clauses if c.sentence == best.sentence and c.turn == best.turn}.values(),
        key=lambda c: c.start,
    )
    at = said.index(best)
    parts = [_one_clause(clean(best), best.language)]
    for neighbour in (*said[at + 1 :], None, *reversed(said[:at])):
        part = clean(neighbour) if neighbour else ""
        if (
            not (content_words(part) or size(part) > 2)
            or part in parts
            or sum(map(size, [*parts, part])) > LONGEST[best.language]
        ):
            continue
        parts = [*parts, part] if neighbour and neighbour.start > best.start else [part, *parts]
    text = ("\uff0c" if best.language == "zh" else ", ").join(parts)
    return text[:1].upper() + text[1:]


def _one_clause(text: str, language: Literal["en", "zh"]) -> str:
    """Cut speech without punctuation at words that begin a new thought; keep the piece with the promise."""
    if size(text) <= LONGEST[language]:
        return text
    cuts = [0, *(m.start() for m in _cuts()[language].boundary.finditer(text)), len(text)]
    pieces = [p for p in (text[a:b].strip(_EDGES) for a, b in pairwise(cuts)) if len(content_words(p)) > 1]
    promised = [p for p in pieces if forces_of(p, language) & {"commit", "request", "offer"}]
    chosen = next(iter(promised or pieces), text)
    if size(chosen) <= LONGEST[language]:
        return chosen
    return first_words(chosen, LONGEST[language])


def first_words(text: str, count: int) -> str:
    """Cut a text after so many words or characters, with an ellipsis where something is missing."""
    ends = [m.end() for m in _UNIT.finditer(text)]
    return text if len(ends) <= count else text[: ends[count - 1]] + "\u2026"


def size(text: str) -> int:
    """Count English words and Chinese characters."""
    return len(_UNIT.findall(text))


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
    boundary: re.Pattern[str]


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
            re.compile(rf"\b(?:{en['boundary']})\b", re.IGNORECASE),
        ),
        "zh": _Cut(
            re.compile(rf"^(?:(?:{zh['lead']})[,\uff0c\u3001\s]*)+"),
            re.compile(rf"(?:[,\uff0c\u3001\s]*(?:{zh['tail']}))+$"),
            re.compile(rf"(?:{zh['filler']})[,\uff0c\u3001]+"),
            re.compile(zh["boundary"]),
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
