"""Whether a wording says only what was said: a model's words are kept if its quotes hold them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from models.stages.clauses import Clause
from models.stages.phrasing import LONGEST, size, task
from models.stages.words import content_words, fold, language_of

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NOT = re.compile(r"\b(?:not|no|never|nobody|nothing|without|cannot)\b|n't\b|[不没别无勿未]")
SUPPORTED = 2 / 3
"""Share of a summary sentence's content words that the facts must hold; the rest joins them."""


def is_said(text: str, quotes: Iterable[str]) -> bool:
    """Whether content words, numbers and a "not" of the text are all in the quotes, and it is no speech."""
    heard = " \n ".join(quotes)
    words = content_words(text)
    language = language_of(text)
    return (
        bool(words)
        and size(text) <= 2 * LONGEST[language]
        and words <= content_words(heard)
        and numbers(text) <= numbers(heard)
        and (not _NOT.search(fold(text)) or bool(_NOT.search(fold(heard))))
    )


def is_supported(sentence: str, facts: str, names: str) -> bool:
    """Whether the numbers of a sentence, and most of what it says beside names, are in the facts."""
    words = content_words(sentence) - content_words(names)
    shared = len(words & content_words(facts))
    return bool(words) and shared >= SUPPORTED * len(words) and numbers(sentence) <= numbers(facts)


def numbers(text: str) -> set[str]:
    """The figures of a text."""
    return set(_NUMBER.findall(fold(text)))


def own_wording(clauses: Sequence[Clause]) -> str:
    """The default engine's wording of what the quotes say, "" when they name nothing."""
    doing = [c for c in clauses if c.has("commit", "weak_commit", "request", "offer", "imperative", "norm")]
    return task(doing) or task(clauses)


def first_capital(text: str) -> str:
    """The text as the beginning of a line."""
    return text[:1].upper() + text[1:]
