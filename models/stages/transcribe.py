"""Speech to words: language per stretch, pieces of at most 18 s, guards against invented and lost text.

One window of audio goes through five steps: find speech, cut it where the speaker changes, decide the
language of each stretch, transcribe pieces of one language, and check what came back. Dropped speech is
the normal failure of Whisper, so every second of speech that no word covers is transcribed again; what is
still uncovered is reported and never hidden.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Protocol

import numpy as np

from models.audio import SAMPLE_RATE
from models.ports import Samples, Segment, Span, SpeechDetector, Transcriber
from models.schema import Language, SpeakerSpan, Word
from models.stages.languages import languages_of

MAX_PIECE_S = 18.0
MARGIN_S = 0.15
MIN_STRETCH_S = 0.4
MIN_GAP_S = 0.7
WORD_REACH_S = 0.35
LONGEST_WORD_S = 1.0
MAX_COMPRESSION = 2.4
MIN_LOGPROB = -1.0
SURE_LOGPROB = -0.5
MAX_NO_SPEECH = 0.6
MAX_CHARACTERS_PER_S = 28.0
LANGUAGES_SHARE, GAPS_SHARE = 0.15, 0.8
"""Of the work on a window: done when its languages are known, and when only the gaps are left."""
_LOOP = re.compile(r"(.{1,40}?)\1{5,}")
"""The same one to forty characters at least six times on end."""


@dataclass(frozen=True, slots=True)
class WindowText:
    """Words of one window with times from the start of the recording, the language of each word, speech in
    seconds that VAD heard and that no word covers, seconds of text dropped as invented, and seconds of work.
    """

    words: tuple[Word, ...] = ()
    languages: tuple[Language, ...] = ()
    uncovered_s: float = 0.0
    dropped_s: float = 0.0
    seconds: float = 0.0


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def transcribe_window(
    audio: Samples,
    offset_s: float,
    speakers: Sequence[SpeakerSpan],
    detector: SpeechDetector,
    transcriber: Transcriber,
    language: str = "auto",
    advance: Callable[[float], None] = lambda share: None,
) -> WindowText:
    """The words of a window that starts `offset_s` into the recording. `speakers` cut the speech where the
    voice changes (none: pauses alone do); `advance` is told about what share is done. Raises UnknownLanguage
    when hardly any speech is en or zh.
    """
    began = time.monotonic()
    speech = detector.detect(audio)
    changes = [s.start_s - offset_s for s in speakers] + [s.end_s - offset_s for s in speakers]
    stretches = cut_at_changes(speech, changes)
    codes = languages_of(audio, stretches, transcriber, language)
    advance(LANGUAGES_SHARE)
    pieces, piece_codes = pack(stretches, codes)
    pieces = widen(pieces, audio.size / SAMPLE_RATE)
    found: list[tuple[Language, Word]] = []
    dropped_s = 0.0
    for piece, segment in zip(pieces, _recognise(audio, pieces, piece_codes, transcriber), strict=True):
        if invented(segment, piece[1] - piece[0]):
            dropped_s += piece[1] - piece[0]
            continue
        found += _placed(segment, piece[0])
    advance(GAPS_SHARE)
    found, uncovered_s = _fill_gaps(audio, speech, found, stretches, codes, transcriber)
    return WindowText(
        words=tuple(_shift(_simplified(_clipped(word, speech)), offset_s) for _, word in found),
        languages=tuple(code for code, _ in found),
        uncovered_s=uncovered_s,
        dropped_s=dropped_s,
        seconds=round(time.monotonic() - began, 3),
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


def pack(stretches: Sequence[Span], codes: Sequence[Language]) -> tuple[list[Span], list[Language]]:
    """Neighbouring stretches of one language joined to pieces of at most 18 s; longer ones are cut. A piece
    ends in a pause where it can: a change of speaker without one may be misplaced and cut a word.
    """
    pieces: list[Span] = []
    languages: list[Language] = []
    for (start, end), code in zip(*_unbroken(stretches, codes), strict=True):
        if pieces and languages[-1] == code and end - pieces[-1][0] <= MAX_PIECE_S:
            pieces[-1] = (pieces[-1][0], end)
            continue
        parts = max(1, int(np.ceil((end - start) / MAX_PIECE_S)))
        edges = np.linspace(start, end, parts + 1)
        pieces += [(float(a), float(b)) for a, b in pairwise(edges)]
        languages += [code] * parts
    return pieces, languages


def _unbroken(stretches: Sequence[Span], codes: Sequence[Language]) -> tuple[list[Span], list[Language]]:
    """Stretches of one language that follow each other without a pause, as one, up to 18 s."""
    joined: list[Span] = []
    languages: list[Language] = []
    for (start, end), code in zip(stretches, codes, strict=True):
        follows = joined and start - joined[-1][1] < 0.05 and languages[-1] == code
        if follows and end - joined[-1][0] <= MAX_PIECE_S:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
            languages.append(code)
    return joined, languages


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
    """Whether the text cannot be right as it stands: loops, improbable or impossibly fast text."""
    text = segment.text
    return (
        _compression(text) > MAX_COMPRESSION
        or _LOOP.search(text) is not None
        or segment.avg_logprob < MIN_LOGPROB
        or len(text) > MAX_CHARACTERS_PER_S * max(seconds, 1.0)
    )


def invented(segment: Segment, seconds: float) -> bool:
    """Whether the text, asked twice, still looks made up (silence, noise, music)."""
    silent = segment.no_speech_prob > MAX_NO_SPEECH and segment.avg_logprob < SURE_LOGPROB
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


def _recognise(
    audio: Samples, pieces: Sequence[Span], codes: Sequence[Language], transcriber: Transcriber
) -> list[Segment]:
    """First try in batches; unsure pieces once more with care, and the likelier text stays."""
    segments = transcriber.transcribe(audio, pieces, codes)
    lengths = [end - start for start, end in pieces]
    again = [
        i
        for i, segment in enumerate(segments)
        if segment.avg_logprob < SURE_LOGPROB or doubtful(segment, lengths[i])
    ]
    if again:
        second = transcriber.transcribe(
            audio, [pieces[i] for i in again], [codes[i] for i in again], careful=True
        )
        for i, segment in zip(again, second, strict=True):
            if doubtful(segment, lengths[i]) or not segment.text:
                continue
            if doubtful(segments[i], lengths[i]) or segment.avg_logprob > segments[i].avg_logprob:
                segments[i] = segment
    return segments


def _fill_gaps(
    audio: Samples,
    speech: Sequence[Span],
    found: list[tuple[Language, Word]],
    stretches: Sequence[Span],
    codes: Sequence[Language],
    transcriber: Transcriber,
) -> tuple[list[tuple[Language, Word]], float]:
    """Transcribe again what no word covers; returns all words in time order and seconds still uncovered."""
    gaps = uncovered(speech, [word for _, word in found])
    if gaps:
        spoken = [_language_at(gap, stretches, codes) for gap in gaps]
        for gap, segment in zip(gaps, _recognise(audio, gaps, spoken, transcriber), strict=True):
            if not invented(segment, gap[1] - gap[0]):
                found = found + _placed(segment, gap[0])
    found = sorted(found, key=lambda pair: pair[1].start_s)
    return found, _total(uncovered(speech, [word for _, word in found]))


def _language_at(gap: Span, stretches: Sequence[Span], codes: Sequence[Language]) -> Language:
    overlaps = [min(gap[1], end) - max(gap[0], start) for start, end in stretches]
    return codes[int(np.argmax(overlaps))]


def _placed(segment: Segment, start_s: float) -> list[tuple[Language, Word]]:
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
