"""Engines for tests of the command line and of the model process: no weights, the same answer every time."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from models.errors import WeightsMissing
from models.language_model import LanguageModel
from models.ports import (
    MOVES,
    ClauseReading,
    Embedder,
    Reading,
    Samples,
    Segment,
    Span,
    SpokenClause,
    TextGenerator,
    Vectors,
)
from models.registry import Engines
from models.schema import SpeakerSpan, Transcript, TurnLabels, Word

CONFIDENTIAL = "nobody may read this sentence in a log"


class Fakes:
    """Hears the same words in every piece of speech and finds no act and no tone in any turn."""

    def __init__(self, models_dir: Path, threads: int) -> None:
        self.models_dir, self.threads = models_dir, threads
        self.detector = self.transcriber = self.diarizer = self.embedder = self.reader = self

    def detect(self, audio: Samples) -> list[Span]:
        loud = np.flatnonzero(np.abs(audio) > 0.01)
        return [(loud[0] / 16_000, loud[-1] / 16_000)] if loud.size else []

    def detect_languages(self, audio: Samples, pieces: Sequence[Span]) -> list[dict[str, float]]:
        return [{"en": 1.0, "zh": 0.0} for _ in pieces]

    def transcribe(
        self, audio: Samples, pieces: Sequence[Span], languages: Sequence[str], careful: bool = False
    ) -> list[Segment]:
        said = ("I'll", " send", " the", " report", " by", " Friday.")
        return [self._segment(end - start, said) for start, end in pieces]

    def _segment(self, length_s: float, said: tuple[str, ...]) -> Segment:
        step = length_s / len(said)
        words = tuple(Word(w, n * step, (n + 1) * step, 0.9) for n, w in enumerate(said))
        return Segment("en", words, -0.1, 0.0)

    def diarize(self, windows: Iterator[tuple[float, Samples]], speakers: int | None) -> list[SpeakerSpan]:
        return [SpeakerSpan(start, start + len(samples) / 16_000, "s1") for start, samples in windows]

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 16), np.float32)
        for row, text in enumerate(texts):
            vectors[row, sum(text.encode()) % 16] = 1.0
        return vectors

    def catalogue_embedder(self, advance: Callable[[float], None]) -> Embedder:
        """Keeps nothing."""
        return self

    def text_generator(self, wanted: LanguageModel) -> TextGenerator:
        """The real one: tests bring a server of their own."""
        return Engines(self.models_dir, self.threads).text_generator(wanted)

    def read(self, transcript: Transcript, clauses: Sequence[SpokenClause]) -> Reading:
        silent = ClauseReading(dict.fromkeys(MOVES, 0.0), 0.0, 0.5, 0.0)
        labels = tuple(TurnLabels(turn.i, {}, {}) for turn in transcript.turns)
        return Reading(labels, (silent,) * len(clauses))


def chatty(models_dir: Path, threads: int) -> Fakes:
    """Prints like a library that knows no better, also from outside Python."""
    print("loading", CONFIDENTIAL)
    os.write(1, b"100%|#####|\n")
    return Fakes(models_dir, threads)


def counted(models_dir: Path, threads: int) -> Fakes:
    with (models_dir / "made").open("a", encoding="utf-8") as file:
        file.write("once\n")
    return Fakes(models_dir, threads)


def without_weights(models_dir: Path, threads: int) -> Fakes:
    raise WeightsMissing("weights_missing", name="whisper-base")


def broken(models_dir: Path, threads: int) -> Fakes:
    print(CONFIDENTIAL, file=sys.stderr)
    raise ValueError(CONFIDENTIAL)


def killed(models_dir: Path, threads: int) -> Fakes:
    """Ends like a process that the kernel kills for its memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def stuck(models_dir: Path, threads: int) -> Fakes:
    """Works for ever; says in the folder of the store that it has begun."""
    (models_dir / "begun").write_text(str(os.getpid()), "utf-8")
    while True:
        signal.pause()
