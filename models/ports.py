"""What the stages ask of an engine. Real ones live in models/engines; tests pass fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt

from models.schema import SpeakerSpan, StepProvenance, Transcript, TurnLabels, Word

Samples = npt.NDArray[np.float32]
"""Mono audio at 16 kHz, range -1..1, shape (n_samples,)."""

Vectors = npt.NDArray[np.float32]
"""Row vectors of length 1, shape (n_texts, dimension)."""

Progress = Callable[[float], None]
"""Told the share of the step that is done, 0..1."""


Span = tuple[float, float]
"""(start, end) in seconds."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Recognised text of one piece of speech: words with times in seconds from the start of the piece,
    the mean log probability of its tokens and the model's own probability that nobody speaks.
    """

    language: Literal["en", "zh"]
    words: tuple[Word, ...]
    avg_logprob: float
    no_speech_prob: float

    @property
    def text(self) -> str:
        """The words as written, spaces included."""
        return "".join(word.w for word in self.words).strip()


class SpeechDetector(Protocol):
    """Where somebody speaks."""

    def detect(self, audio: Samples) -> list[Span]:
        """Spans of speech in time order, without overlap, pauses of 0.2 s and more left out."""
        ...


class Transcriber(Protocol):
    """Speech to text for pieces of at most 30 s. `audio` is one window; a piece is a span within it."""

    def detect_languages(self, audio: Samples, pieces: Sequence[Span]) -> list[dict[str, float]]:
        """Probability by ISO 639-1 code of the languages that each piece may be in."""
        ...

    def transcribe(
        self, audio: Samples, pieces: Sequence[Span], languages: Sequence[str], careful: bool = False
    ) -> list[Segment]:
        """The text of each piece in its language ("en" or "zh"). `careful` takes more time: for pieces
        whose first text was doubtful.
        """
        ...


class Diarizer(Protocol):
    """Who speaks when, within one recording. Voice embeddings never leave the implementation."""

    def diarize(self, windows: Iterator[tuple[float, Samples]], speakers: int | None) -> list[SpeakerSpan]:
        """Spans in time order. `windows` yields (start_s, samples); `speakers` is the number if known."""
        ...


class Embedder(Protocol):
    """Multilingual sentence vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text; similarity is the dot product. Rank or centre: no absolute thresholds."""
        ...


class SpokenClause(Protocol):
    """What the reader needs of a clause (models/stages/clauses.Clause)."""

    @property
    def position(self) -> int: ...  # noqa: D102 - index of its turn in the transcript's list
    @property
    def speaker(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102 - characters within the turn's text
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def sentence(self) -> tuple[int, int]: ...  # noqa: D102
    @property
    def question(self) -> bool: ...  # noqa: D102
    @property
    def words(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def dates(self) -> Sequence[object]: ...  # noqa: D102


Move = Literal[
    "ask", "offer", "commit", "accept", "date", "refuse", "withdraw", "recap", "put", "settle", "drop", "lack"
]
"""What a clause does. With a task: ask somebody, offer, take on, say yes, set a date, say no, take back, sum
up. With a decision: put it, settle it, drop it. `lack`: says that a skill is missing.
"""
MOVES: tuple[Move, ...] = get_args(Move)
TASK_MOVES: tuple[Move, ...] = MOVES[:8]
DECISION_MOVES: tuple[Move, ...] = MOVES[8:11]


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """How one clause reads, each value 0..1: `moves` by name; `holds`: what it does still stands at the end,
    as far as its surroundings tell; `by_speaker`: the speaker is the one to act; `dates`: the date in it is
    the last agreed one. `earlier`: by index of an earlier clause, that it goes on with the same task; what
    is left to 1 is that it opens a new one. Empty `earlier` and `moving` False: the clause does nothing.
    """

    moves: Mapping[Move, float]
    holds: float
    by_speaker: float
    dates: float
    moving: bool = False
    earlier: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A transcript as read: one TurnLabels a turn and one ClauseReading a clause, in their order."""

    turns: tuple[TurnLabels, ...]
    clauses: tuple[ClauseReading, ...]


class DialogueReader(Protocol):
    """Acts and tone of every turn, moves of every clause, and what refers to what, in one encoder pass.

    From text and speaker roles only.
    """

    def read(self, transcript: Transcript, clauses: Sequence[SpokenClause]) -> Reading:
        """Read the whole transcript; `clauses` are all of its clauses in order."""
        ...


@dataclass(frozen=True, slots=True)
class Generated:
    """The raw answer of a language model; `cut` when it ended at the limit of its length."""

    text: str
    cut: bool = False


class TextGenerator(Protocol):
    """A language model that answers with JSON."""

    @property
    def provenance(self) -> StepProvenance:
        """Engine, model and, when it is not on this machine, its host."""
        ...

    @property
    def context_tokens(self) -> int:
        """Tokens that a prompt and its answer share."""
        ...

    def generate(
        self, instructions: str, data: str, json_schema: dict[str, object], answer_tokens: int
    ) -> Generated:
        """The answer of at most that many tokens; callers parse it with models/parsing and trust nothing.

        `data` is what people said: it is never mixed into the instructions. Raises TextTooLong,
        EndpointRefuses, EndpointUnavailable.
        """
        ...
