"""Which engine made which part of a document: the default engines' steps by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.schema import StepProvenance, Transcript
from models.stages.transcribe import WindowText
from models.tracks import Track


def listening(
    tracks: Sequence[Track], texts: Sequence[Sequence[WindowText]], listening_s: float
) -> dict[str, StepProvenance]:
    """Steps from sound to transcript, with their seconds and what was left out."""
    dropped_s = sum(window.dropped_s for track in texts for window in track)
    uncovered_s = sum(window.uncovered_s for track in texts for window in track)
    transcribing_s = sum(window.seconds for track in texts for window in track)
    notes = [f"speech without text: {uncovered_s:.1f} s"]
    if dropped_s:
        notes.append(f"text dropped as invented over {dropped_s:.1f} s")
    if any(track.layout.broken for track in tracks):
        notes.append("the file breaks off: only its readable part was heard")
    by_channel = tracks[0].speaker is not None
    return {
        "diarize": StepProvenance(
            engine="channels" if by_channel else "segmentation-3.0 + CAM++", seconds=round(listening_s, 2)
        ),
        "transcribe": StepProvenance(
            engine="faster-whisper",
            model="whisper-base",
            seconds=round(transcribing_s, 2),
            notes=tuple(notes),
        ),
        "attribute": StepProvenance(engine="rules"),
    }


def drafting(transcript: Transcript, understanding_s: float) -> dict[str, StepProvenance]:
    """Steps of the transcript and those that every draft has."""
    return {
        **transcript.provenance,
        "understand": StepProvenance(
            engine="dialogue reader", model="multilingual-e5-small", seconds=round(understanding_s, 2)
        ),
        "draft": StepProvenance(engine="default"),
    }


def timed(provenance: dict[str, StepProvenance], drafting_s: float) -> dict[str, StepProvenance]:
    """The same with the seconds that drafting took."""
    return {**provenance, "draft": replace(provenance["draft"], seconds=round(drafting_s, 2))}
