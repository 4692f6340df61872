"""Speech to words: language per stretch, pieces of at most 18 s, guards against invented and lost text.

One window of audio goes through five steps: find speech, cut it where the speaker changes, decide the
language of each stretch, transcribe pieces of one language, and check what came back. Dropped speech is
the normal failure of Whisper, so every second of speech that no word covers is transcribed again; what is
still uncovered is reported and never hidden.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal, Protocol, cast

import numpy as np

from models.audio import SAMPLE_RATE
from models.errors import UnknownLanguage
from models.ports import Samples, Segment, Span, SpeechDetector, Transcriber
from models.schema import SpeakerSpan, Word

MAX_PIECE_S = 18.0
MARGIN_S = 0.15
MIN_STRETCH_S = 0.4
MIN_GAP_S = 0.7
WORD_REACH_S = 0.35
LONGEST_WORD_S = 1.0
SWITCH_COST = 1.5
SURE_LANGUAGE = 0.8
TEXT_WEIGHT = 10.0
MIN_KNOWN_SHARE = 0.25
MAX_COMPRESSION = 2.4
MIN_LOGPROB = -1.0
MAX_NO_SPEECH = 0.6
MAX_CHARACTERS_PER_S = 28.0
Code = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class WindowText:
    """Words of one window with times from the start of the recording, the language of each word, speech in
    seconds that VAD heard and that no word covers, and seconds of text dropped as invented.
    """

    words: tuple[Word, ...]
    languages: tuple[Code, ...]
    speech_s: float
    uncovered_s: float
    dropped_s: float


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def transcribe_window(
    audio: Samples,
    offset_s: float,
    speakers: Sequence[SpeakerSpan],
    detector: SpeechDetector,
    transcriber: Transcriber,
    language: str = "auto",
) -> WindowText:
    """The words of a window that starts `offset_s` into the recording. `speakers` cut the speech where the
    voice changes (none: pauses alone do). Raises UnknownLanguage when hardly any speech is en or zh.
    """
    speech = detector.detect(audio)
    changes = [s.start_s - offset_s for s in speakers] + [s.end_s - offset_s for s in speakers]
    stretches = cut_at_changes(speech, changes)
    codes = _languages(audio, stretches, transcriber, language)
    pieces, piece_codes = pack(stretches, codes)
    pieces = widen(pieces, audio.size / SAMPLE_RATE)
    found: list[tuple[Code, Word]] = []
    dropped_s = 0.0
    for piece, segment in zip(pieces, _recognise(audio, pieces, piece_codes, transcriber), strict=True):
        if invented(segment, piece[1] - piece[0]):
            dropped_s += piece[1] - piece[0]
            continue
        found += _placed(segment, piece[0])
    found, uncovered_s = _fill_gaps(audio, speech, found, stretches, codes, transcriber)
    return WindowText(
        words=tuple(_shift(_simplified(_clipped(word, speech)), offset_s) for _, word in found),
        languages=tuple(code for code, _ in found),
        speech_s=_total(speech),
        uncovered_s=uncovered_s,
        dropped_s=dropped_s,
    )


def cut_at_changes(speech: Sequence[Span], changes: Sequence[float]) -> list[Span]:
    """Speech spans cut at the moments of change, without leaving parts shorter than 0.4 s."""
    cuts = sorted(changes)
    stretches: list[Span] = []
    for start, end in speech:
        left = start
        for cut in cuts:
            if cut - left >= MIN_STRETCH_S and end - cut >= MIN_STRETCH_S:
                stretches.append((left, cut))
                left = cut
        stretches.append((left, end))
    return stretches


def smooth_languages(probabilities: Sequence[dict[str, float]], lengths_s: Sequence[float]) -> list[Code]:
    """The likeliest sequence of en and zh (Viterbi with a price for each switch), so that a short "mm"
    takes the language around it. Evidence counts with the square root of the length, up to 4 s.
    """
    codes: tuple[Code, Code] = ("en", "zh")
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


def pack(stretches: Sequence[Span], codes: Sequence[Code]) -> tuple[list[Span], list[Code]]:
    """Neighbouring stretches of one language joined to pieces of at most 18 s; longer ones are cut."""
    pieces: list[Span] = []
    languages: list[Code] = []
    for (start, end), code in zip(stretches, codes, strict=True):
        if pieces and languages[-1] == code and end - pieces[-1][0] <= MAX_PIECE_S:
            pieces[-1] = (pieces[-1][0], end)
            continue
        parts = max(1, int(np.ceil((end - start) / MAX_PIECE_S)))
        edges = np.linspace(start, end, parts + 1)
        pieces += [(float(a), float(b)) for a, b in pairwise(edges)]
        languages += [code] * parts
    return pieces, languages


def widen(pieces: Sequence[Span], length_s: float) -> list[Span]:
    """Each piece with up to 0.15 s more on both sides, never into its neighbours: quiet onsets count."""
    if not pieces:
        return []
    starts = [0.0, *(end for _, end in pieces[:-1])]
    ends = [*(start for start, _ in pieces[1:]), length_s]
    return [
        (max(start - MARGIN_S, (start + left) / 2), min(end + MARGIN_S, (end + right) / 2))
        for (start, end), left, right in zip(pieces, starts, ends, strict=True)
    ]


def doubtful(segment: Segment, seconds: float) -> bool:
    """Whether the piece should be asked again: loops, improbable or impossibly fast text, or none."""
    text = segment.text
    return (
        _compression(text) > MAX_COMPRESSION
        or segment.avg_logprob < MIN_LOGPROB
        or len(text) > MAX_CHARACTERS_PER_S * max(seconds, 1.0)
    )


def invented(segment: Segment, seconds: float) -> bool:
    """Whether the text, asked twice, still looks made up (silence, noise, music)."""
    silent = segment.no_speech_prob > MAX_NO_SPEECH and segment.avg_logprob < -0.5
    return silent or doubtful(segment, seconds)


def uncovered(speech: Sequence[Span], words: Sequence[Word]) -> list[Span]:
    """Stretches of speech of at least 0.7 s without a word. A word reaches 0.35 s to both sides and lasts
    at most 1 s: Whisper stretches a word over speech that it left out.
    """
    gaps: list[Span] = []
    reach = sorted(
        (w.start_s - WORD_REACH_S, min(w.end_s, w.start_s + LONGEST_WORD_S) + WORD_REACH_S) for w in words
    )
    for start, end in speech:
        left = start
        for a, b in reach:
            if b <= left or a >= end:
                continue
            if a - left >= MIN_GAP_S:
                gaps.append((left, a))
            left = max(left, b)
        if end - left >= MIN_GAP_S:
            gaps.append((left, end))
    return gaps


def _languages(
    audio: Samples, stretches: Sequence[Span], transcriber: Transcriber, language: str
) -> list[Code]:
    if language in {"en", "zh"}:
        return [cast("Code", language)] * len(stretches)
    if language != "auto":
        raise UnknownLanguage("unknown_language", code=language)
    heard = transcriber.detect_languages(audio, stretches)
    lengths = [end - start for start, end in stretches]
    known = sum((p.get("en", 0) + p.get("zh", 0)) * s for p, s in zip(heard, lengths, strict=True))
    if _total(stretches) > 20 and known < MIN_KNOWN_SHARE * _total(stretches):
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


def _recognise(
    audio: Samples, pieces: Sequence[Span], codes: Sequence[Code], transcriber: Transcriber
) -> list[Segment]:
    """First try in batches; doubtful pieces once more with care, and the likelier text stays."""
    segments = transcriber.transcribe(audio, pieces, codes)
    again = [i for i, (s, p) in enumerate(zip(segments, pieces, strict=True)) if doubtful(s, p[1] - p[0])]
    if again:
        second = transcriber.transcribe(
            audio, [pieces[i] for i in again], [codes[i] for i in again], careful=True
        )
        for i, segment in zip(again, second, strict=True):
            if _compression(segment.text) <= MAX_COMPRESSION and segment.text:
                segments[i] = segment
    return segments


def _fill_gaps(
    audio: Samples,
    speech: Sequence[Span],
    found: list[tuple[Code, Word]],
    stretches: Sequence[Span],
    codes: Sequence[Code],
    transcriber: Transcriber,
) -> tuple[list[tuple[Code, Word]], float]:
    """Transcribe again what no word covers; returns all words in time order and seconds still uncovered."""
    gaps = uncovered(speech, [word for _, word in found])
    if gaps:
        spoken = [_language_at(gap, stretches, codes) for gap in gaps]
        for gap, segment in zip(gaps, _recognise(audio, gaps, spoken, transcriber), strict=True):
            if not invented(segment, gap[1] - gap[0]):
                found = found + _placed(segment, gap[0])
    found = sorted(found, key=lambda pair: pair[1].start_s)
    return found, _total(uncovered(speech, [word for _, word in found]))


def _language_at(gap: Span, stretches: Sequence[Span], codes: Sequence[Code]) -> Code:
    overlaps = [min(gap[1], end) - max(gap[0], start) for start, end in stretches]
    return codes[int(np.argmax(overlaps))]


def _placed(segment: Segment, start_s: float) -> list[tuple[Code, Word]]:
    return [(segment.language, _shift(word, start_s)) for word in segment.words]


def _shift(word: Word, by_s: float) -> Word:
    return replace(word, start_s=round(word.start_s + by_s, 3), end_s=round(word.end_s + by_s, 3))


def _clipped(word: Word, speech: Sequence[Span]) -> Word:
    """The word without the pause that its time runs into: alignment stretches words over silence."""
    overlaps = [(min(word.end_s, b) - max(word.start_s, a), a, b) for a, b in speech]
    best = max((o for o in overlaps if o[0] > 0), default=None)
    if best is None:
        return word
    _, a, b = best
    return replace(word, start_s=max(word.start_s, a), end_s=min(word.end_s, b))


def _simplified(word: Word) -> Word:
    return word if word.w.isascii() else replace(word, w=_converter().convert(word.w))


@cache
def _converter() -> _Converter:
    import opencc  # noqa: PLC0415  (its tables are read only when Mandarin is met)

    converter: _Converter = opencc.OpenCC("tw2s")
    return converter


def _compression(text: str) -> float:
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def _total(spans: Sequence[Span]) -> float:
    return float(sum(end - start for start, end in spans))
