"""The language of an answer: the person's own once they are signed in, else what the browser asks for."""

from __future__ import annotations

from typing import Literal

from starlette.requests import HTTPConnection

Language = Literal["en", "zh"]
MOST_CHOICES = 20


def language_of(request: HTTPConnection) -> Language:
    """The language to answer in, en or zh."""
    chosen: Language | None = getattr(request.state, "language", None)
    return chosen or accepted(request.headers.get("accept-language", "")) or "en"


def accepted(header: str) -> Language | None:
    """The better of English and Chinese in an Accept-Language (RFC 9110); None: it names neither."""
    best: tuple[float, Language | None] = (0.0, None)
    for choice in header.lower().split(",")[:MOST_CHOICES]:
        tag, _, parameter = choice.strip().partition(";")
        weight = _weight(parameter.strip())
        primary = tag.strip().partition("-")[0]
        if weight > best[0] and primary in {"en", "zh"}:
            best = (weight, "zh" if primary == "zh" else "en")
    return best[1]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return 0.0
