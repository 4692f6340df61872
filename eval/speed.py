"""Wall time from recording to draft, diarization included, beside the sequential yardstick that only
recognises words (eval/sequential.py). Runs alternate A B A B so that a busy machine slows both, and the
figure is the median of their ratios; time must not be gained by errors, so these stand beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

import numpy as np

from eval.asr import compare, error_key
from eval.data import NothingToMeasure, Reference
from eval.diar import speaker_errors
from eval.figures import Figure, Outcome, median, single
from eval.joining import beginning, join
from models.audio import examine
from models.schema import Draft, SpeakerSpan, Transcript

WARM_UP_S = 15.0
T = TypeVar("T")


class Pipeline(Protocol):
    """What this evaluation needs of eval.shipped.Shipped."""

    def load(self) -> None:
        """Loads every engine."""
        ...

    def recording_to_draft(self, reference: Reference) -> tuple[Transcript, Draft]:
        """The whole way."""
        ...

    def spans(self, reference: Reference, speakers: int | None) -> list[SpeakerSpan]:
        """Who speaks when."""
        ...


class Yardstick(Protocol):
    """What this evaluation needs of eval.sequential.SequentialWhisper."""

    def text(self, path: Path) -> str:
        """Words of a recording."""
        ...


def evaluate(
    references: Sequence[Reference],
    pipeline: Pipeline,
    load_yardstick: Callable[[], Yardstick],
    *,
    pairs: int,
    joined_s: float,
    seed: int,
) -> Outcome:
    """`pairs` runs each over recordings joined by language, together at least `joined_s` seconds long."""
    spoken = [r for r in references if r.language in ("en", "zh")]
    if not spoken:
        raise NothingToMeasure
    _, our_loading_s = _timed(pipeline.load)
    yardstick, their_loading_s = _timed(load_yardstick)
    languages = sorted({r.language for r in spoken})
    with TemporaryDirectory() as name:
        folder = Path(name)
        joined = [
            join(
                [r for r in spoken if r.language == language],
                folder / f"joined-{language}.wav",
                joined_s / len(languages),
            )
            for language in languages
        ]
        warm_up = beginning(spoken[0], folder / "warm-up.wav", WARM_UP_S)
        yardstick.text(warm_up.path)
        pipeline.recording_to_draft(warm_up)
        details = [_measure(reference, pipeline, yardstick, pairs) for reference in joined]
    figures = [figure for detail in details for figure in _figures(detail, seed)]
    figures += _together(details, our_loading_s, their_loading_s, seed)
    return Outcome(tuple(figures), details)


def _measure(reference: Reference, pipeline: Pipeline, yardstick: Yardstick, pairs: int) -> dict[str, Any]:
    theirs_s, ours_s = [], []
    text, transcript = "", None
    for _ in range(pairs):
        text, taken = _timed(lambda: yardstick.text(reference.path))
        theirs_s.append(taken)
        (transcript, _draft), taken = _timed(lambda: pipeline.recording_to_draft(reference))
        ours_s.append(taken)
    our_text = " ".join(turn.text for turn in transcript.turns) if transcript else ""
    duration_s = examine(reference.path).duration_s
    spans = pipeline.spans(reference, reference.speakers)
    speakers = speaker_errors(reference.spans, spans, duration_s)
    theirs, ours = compare(reference, text), compare(reference, our_text)
    return {
        "id": reference.id,
        "row": reference.row,
        "duration_s": duration_s,
        "ours_s": ours_s,
        "theirs_s": theirs_s,
        "ours_error": ours.errors / max(1, ours.words),
        "theirs_error": theirs.errors / max(1, theirs.words),
        "ours_lost": ours.lost / max(1, ours.losable),
        "theirs_lost": theirs.lost / max(1, theirs.losable),
        "speaker_error": speakers["errors"] / max(1e-9, speakers["speech"]),
    }


def _figures(detail: dict[str, Any], seed: int) -> list[Figure]:
    row, key, length = detail["row"], error_key(detail["row"].split("/")[0]), detail["duration_s"]
    ratios = [ours / theirs for ours, theirs in zip(detail["ours_s"], detail["theirs_s"], strict=True)]
    return [
        *median("time_ratio", row, ratios, seed),
        *median("real_time_factor", row, [s / length for s in detail["ours_s"]], seed),
        *median("real_time_factor", f"{row}/sequential", [s / length for s in detail["theirs_s"]], seed),
        *single(key, row, detail["ours_error"]),
        *single(key, f"{row}/sequential", detail["theirs_error"]),
        *single("lost_turns", row, detail["ours_lost"]),
        *single("lost_turns", f"{row}/sequential", detail["theirs_lost"]),
        *single("diarization_error_rate", row, detail["speaker_error"]),
    ]


def _together(
    details: Sequence[dict[str, Any]], our_loading_s: float, their_loading_s: float, seed: int
) -> list[Figure]:
    """Ratios of the summed times of all languages, pair by pair, without and with loading."""
    ours = np.sum([d["ours_s"] for d in details], axis=0)  # (n_pairs,)
    theirs = np.sum([d["theirs_s"] for d in details], axis=0)
    loaded = (ours + our_loading_s) / (theirs + their_loading_s)
    return [
        *median("time_ratio", "all/joined", list(ours / theirs), seed),
        *median("time_ratio_with_loading", "all/joined", list(loaded), seed),
        *single("loading_seconds", "all/joined", our_loading_s),
        *single("loading_seconds", "all/joined/sequential", their_loading_s),
    ]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started
