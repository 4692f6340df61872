"""Recordings joined to one long file, with their references moved along."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
from faster_whisper.audio import decode_audio

from eval.data import NothingToMeasure, Reference, SpokenTurn
from models.audio import SAMPLE_RATE
from models.schema import SpeakerSpan


def join(references: Sequence[Reference], target: Path, at_least_s: float) -> Reference:
    """A 16-bit WAV at 16 kHz at `target` that plays the recordings one after the other, from the start again
    until it is long enough and whole recordings have been played; people of different recordings stay
    different people. One recording is held in memory at a time.
    """
    if not references:
        raise NothingToMeasure
    turns: list[SpokenTurn] = []
    spans: list[SpeakerSpan] = []
    length_s = 0.0
    with wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        for reference in cycle(references):
            if length_s >= at_least_s:
                break
            samples = np.asarray(decode_audio(str(reference.path), sampling_rate=SAMPLE_RATE))
            out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
            turns += _later(reference, length_s, len(turns))
            spans += [
                SpeakerSpan(s.start_s + length_s, s.end_s + length_s, f"{reference.id}:{s.speaker}")
                for s in reference.spans
            ]
            length_s += samples.size / SAMPLE_RATE
    languages = {reference.language for reference in references}
    return Reference(
        id=target.stem,
        collection="joined",
        path=target,
        language=references[0].language if len(languages) == 1 else "mixed",
        turns=tuple(turns),
        spans=tuple(spans),
    )


def _later(reference: Reference, by_s: float, first: int) -> list[SpokenTurn]:
    """The turns of a recording that starts `by_s` into the joined one, numbered from `first`."""
    return [
        replace(
            turn,
            i=first + i,
            speaker=f"{reference.id}:{turn.speaker}",
            start_s=None if turn.start_s is None else turn.start_s + by_s,
            end_s=None if turn.end_s is None else turn.end_s + by_s,
        )
        for i, turn in enumerate(reference.turns)
    ]


def beginning(reference: Reference, target: Path, seconds: float) -> Reference:
    """The first seconds of a recording, without a reference: something to warm up with."""
    samples = decode_audio(str(reference.path), sampling_rate=SAMPLE_RATE)
    with wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        kept = np.clip(np.asarray(samples)[: int(seconds * SAMPLE_RATE)], -1, 1)
        out.writeframes((kept * 32767).astype("<i2").tobytes())
    return replace(reference, id=target.stem, path=target, conversation=None)
