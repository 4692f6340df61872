"""Deterministic engines without weights, for tests, benchmarks and for trying things out: `--engines
models.engines.fake:Engines`.

Whatever the sound holds, each window that is not silent says the same few sentences in turn, as far as they
fit. A file `script.txt` in the folder of the model store replaces them, a sentence a line. A window whose
middle is a steady tone does something else instead, each time it is tried: at CRASH_HZ it ends the process,
at HANG_HZ it never ends. `hanging` and `crashing` do so in every window.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from models.audio import SAMPLE_RATE
from models.ports import MOVES, ClauseReading, Move, Reading, Samples, Segment, Span, SpokenClause, Vectors
from models.schema import Language, SpeakerSpan, Transcript, TurnLabels, Word

DIMENSION = 256
MIX = np.uint32(2654435761)
"""Knuth's multiplicative hash."""
CRASH_HZ, HANG_HZ = 1000, 1500
CRASHED = 70
"""Exit code of a process that a fake ended."""
SILENT = 1e-3
PAUSE_S = 0.4
SCRIPT = "script.txt"
SENTENCES = (
    "Could you send me the supplier report by Friday?",
    "Yes, I'll send you the supplier report by Friday.",
    "What else do you need this quarter?",
    "I need to get better at SQL.",
    "Then I'll book the SQL course by next Monday.",
    "Agreed, thank you.",
)
SHORT = "I'll call Luis on Friday."
"""Said by the first voice where not even the first two sentences of the script fit."""
_MOVES: tuple[tuple[Move, re.Pattern[str]], ...] = (
    ("ask", re.compile(r"\b(?:could|can) you\b|你能|请你", re.IGNORECASE)),
    ("commit", re.compile(r"\bI(?:'ll| will)\b|我会|我来")),
    ("lack", re.compile(r"\bI need to get better at\b|我需要提升")),
)
_UNMOVED = dict.fromkeys(MOVES, 0.0)

Line = tuple[float, float, int, str]
"""Start and end in seconds within a window, number of the voice, sentence."""


def obey(audio: Samples) -> None:
    """Do what a window's tone asks for."""
    pitch = _steady_hz(audio)
    if pitch == CRASH_HZ:
        crash(audio)
    elif pitch == HANG_HZ:
        hang(audio)


def crash(audio: Samples) -> None:
    """End the process as if a library had broken down."""
    os._exit(CRASHED)


def hang(audio: Samples) -> None:
    """Never end."""
    threading.Event().wait()


class Engines:
    """All engines in one. `on_window` is told the sound of every window that is transcribed."""

    def __init__(self, models_dir: Path, threads: int, on_window: Callable[[Samples], None] = obey) -> None:
        script = models_dir / SCRIPT
        self._script = tuple(script.read_text("utf-8").splitlines()) if script.is_file() else SENTENCES
        self._on_window = on_window
        self.detector = self.transcriber = self.diarizer = self.reader = self
        self.embedder = FakeEmbedder()

    def catalogue_embedder(self, advance: Callable[[float], None]) -> FakeEmbedder:
        """Keeps nothing."""
        return self.embedder

    def detect(self, audio: Samples) -> list[Span]:
        """A span a sentence."""
        self._on_window(audio)
        return [(start, end) for start, end, _, _ in self._lines(audio)]

    def detect_languages(self, audio: Samples, pieces: Sequence[Span]) -> list[dict[str, float]]:
        """By the script of the first sentence of each piece."""
        told = [[_language(line[3]) for line in self._within(audio, piece)] for piece in pieces]
        return [{"en": 0.0, "zh": 0.0, (codes or ["en"])[0]: 1.0} for codes in told]

    def transcribe(
        self, audio: Samples, pieces: Sequence[Span], languages: Sequence[Language], careful: bool = False
    ) -> list[Segment]:
        """The sentences of each piece, their words evenly spread."""
        return [
            Segment(
                language,
                tuple(word for line in self._within(audio, piece) for word in _words(line, piece[0])),
                avg_logprob=-0.1,
                no_speech_prob=0.0,
            )
            for piece, language in zip(pieces, languages, strict=True)
        ]

    def diarize(self, windows: Iterator[tuple[float, Samples]], speakers: int | None) -> list[SpeakerSpan]:
        """Two voices in turn, or as many as are known."""
        return [
            SpeakerSpan(round(start_s + start, 3), round(start_s + end, 3), f"s{voice % (speakers or 2) + 1}")
            for start_s, audio in windows
            for start, end, voice, _ in self._lines(audio)
        ]

    def read(self, transcript: Transcript, clauses: Sequence[SpokenClause]) -> Reading:
        """Acts by a few words; a promise goes on with what was asked in the turn before. No tone."""
        asked: dict[int, int] = {}
        readings = []
        for index, clause in enumerate(clauses):
            said = transcript.turns[clause.position].text[clause.start : clause.end]
            move = next((move for move, pattern in _MOVES if pattern.search(said)), None)
            earlier = asked.get(clause.position - 1)
            readings.append(_reading(move, bool(clause.dates), earlier if move == "commit" else None))
            if move == "ask":
                asked[clause.position] = index
        return Reading(tuple(TurnLabels(turn.i, {}, {}) for turn in transcript.turns), tuple(readings))

    def _within(self, audio: Samples, piece: Span) -> list[Line]:
        return [line for line in self._lines(audio) if piece[0] <= (line[0] + line[1]) / 2 < piece[1]]

    def _lines(self, audio: Samples) -> list[Line]:
        length_s = audio.size / SAMPLE_RATE
        if audio.size == 0 or float(np.abs(audio).max()) < SILENT:
            return []
        lines = _fitting(self._script, length_s)
        return lines if len(lines) >= min(2, len(self._script)) else _fitting((SHORT,), length_s)


def hanging(models_dir: Path, threads: int) -> Engines:
    """Engines that never end a window."""
    return Engines(models_dir, threads, hang)


def crashing(models_dir: Path, threads: int) -> Engines:
    """Engines that end the process in every window."""
    return Engines(models_dir, threads, crash)


class FakeEmbedder:
    """Hashed character trigrams (pairs for Chinese): shared letters are near, meaning is not known."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (n_texts, 256), the same on every machine."""
        vectors = np.full((len(texts), DIMENSION), 1e-3, np.float32)
        for row, text in enumerate(texts):
            codes = np.array([ord(letter) for letter in f" {text.lower()} "], np.uint32)
            mixed = codes[:-1] * MIX + codes[1:]
            if text.isascii():
                mixed = mixed[:-1] * MIX + codes[2:]
            np.add.at(vectors[row], (mixed * MIX >> 16) % DIMENSION, 1)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def _fitting(sentences: Sequence[str], length_s: float) -> list[Line]:
    """The first sentences that can be said in that time, at 16 letters or 5 characters a second."""
    lines: list[Line] = []
    start = 0.1
    for number, sentence in enumerate(sentences):
        end = start + max(1.0, len(sentence) / (16 if _language(sentence) == "en" else 5))
        if end > length_s:
            break
        lines.append((start, end, number, sentence))
        start = end + PAUSE_S
    return lines


def _words(line: Line, piece_start_s: float) -> list[Word]:
    start, end, _, sentence = line
    parts = [f" {w}" for w in sentence.split()] if _language(sentence) == "en" else list(sentence)
    step = (end - start) / len(parts)
    first = start - piece_start_s
    return [Word(w, first + n * step, first + (n + 1) * step, 0.9) for n, w in enumerate(parts)]


def _language(text: str) -> Language:
    return "zh" if re.search(r"[\u4e00-\u9fff]", text) else "en"


def _reading(move: Move | None, dated: bool, earlier: int | None) -> ClauseReading:
    if move is None:
        return ClauseReading(_UNMOVED, 0.0, 0.5, 0.0)
    return ClauseReading(
        moves={**_UNMOVED, move: 1.0},
        holds=1.0,
        by_speaker=float(move != "ask"),
        dates=float(dated),
        moving=move != "lack",
        earlier={} if earlier is None else {earlier: 0.9},
    )


def _steady_hz(audio: Samples) -> int | None:
    """The pitch in Hz of the middle second where that is one steady tone, to the nearest 10 Hz."""
    middle = audio[max(0, audio.size - SAMPLE_RATE) // 2 :][:SAMPLE_RATE]
    power = np.abs(np.fft.rfft(middle, SAMPLE_RATE)) ** 2  # a value a Hz
    loudest = int(power.argmax())
    steady = power[max(0, loudest - 5) : loudest + 6].sum() > 0.5 * power.sum() > 0
    return round(loudest, -1) if steady else None
