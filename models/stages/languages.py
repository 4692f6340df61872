"""The language of each stretch of speech: English or Mandarin, decided for one speaker at a time.

Whisper's own language scores are read stretch by stretch; where both languages are spoken and the sound
alone does not tell, the likelier text decides; a Viterbi path with a price for each switch lets a short
"mm" take the language around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from models.errors import UnknownLanguage
from models.ports import Samples, Span, Transcriber
from models.schema import Language

SWITCH_COST = 1.5
SURE_LANGUAGE = 0.8
TEXT_WEIGHT = 10.0
MIN_KNOWN_SHARE = 0.25
ENOUGH_SPEECH_S = 20.0


def languages_of(
    audio: Samples, stretches: Sequence[Span], transcriber: Transcriber, language: str
) -> list[Language]:
    """One code a stretch; `language` "en" or "zh" settles it. Raises UnknownLanguage for others, and when
    hardly any of at least 20 s of speech is in either.
    """
    if language in {"en", "zh"}:
        return [cast("Language", language)] * len(stretches)
    if language != "auto":
        raise UnknownLanguage("unknown_language", code=language)
    heard = transcriber.detect_languages(audio, stretches)
    lengths = [end - start for start, end in stretches]
    total = sum(lengths)
    known = sum((p.get("en", 0) + p.get("zh", 0)) * s for p, s in zip(heard, lengths, strict=True))
    if total > ENOUGH_SPEECH_S and known < MIN_KNOWN_SHARE * total:
        totals: dict[str, float] = {}
        for p, s in zip(heard, lengths, strict=True):
            for code, share in p.items():
                totals[code] = totals.get(code, 0.0) + share * s
        raise UnknownLanguage("language_not_supported", code=max(totals, key=lambda c: totals[c]))
    if _both_are_spoken(heard):
        heard = _asked_in_both(audio, stretches, heard, transcriber)
    return smooth_languages(heard, lengths)


def _both_are_spoken(heard: Sequence[dict[str, float]]) -> bool:
    return all(any(p.get(code, 0.0) > SURE_LANGUAGE for p in heard) for code in ("en", "zh"))


def _asked_in_both(
    audio: Samples, stretches: Sequence[Span], heard: Sequence[dict[str, float]], transcriber: Transcriber
) -> list[dict[str, float]]:
    """Where the sound alone does not tell, the language whose text is likelier."""
    unsure = [i for i, p in enumerate(heard) if max(p.get("en", 0.0), p.get("zh", 0.0)) < SURE_LANGUAGE]
    pieces = [stretches[i] for i in unsure]
    decided = list(heard)
    in_each = [transcriber.transcribe(audio, pieces, [code] * len(pieces)) for code in ("en", "zh")]
    for i, english, mandarin in zip(unsure, *in_each, strict=True):
        odds = np.exp(TEXT_WEIGHT * (english.avg_logprob - mandarin.avg_logprob))
        decided[i] = {"en": float(odds / (1 + odds)), "zh": float(1 / (1 + odds))}
    return decided


def smooth_languages(probabilities: Sequence[dict[str, float]], lengths_s: Sequence[float]) -> list[Language]:
    """The likeliest sequence of en and zh (Viterbi with a price for each switch), so that a short "mm"
    takes the language around it. Evidence counts with the square root of the length, up to 4 s.
    """
    codes: tuple[Language, Language] = ("en", "zh")
    if not probabilities:
        return []
    scores = np.array([[np.log(p.get(code, 0.0) + 1e-3) for code in codes] for p in probabilities])
    scores -= scores.max(axis=1, keepdims=True)
    scores *= np.sqrt(np.minimum(np.asarray(lengths_s), 4.0))[:, None]
    best = scores[0]
    steps = []
    for score in scores[1:]:
        moves = best[:, None] - SWITCH_COST * (1 - np.eye(2))
        steps.append(moves.argmax(axis=0))
        best = moves.max(axis=0) + score
    path = [int(best.argmax())]
    for step in reversed(steps):
        path.append(int(step[path[-1]]))
    return [codes[i] for i in reversed(path)]
