"""From sound to transcript in steps that can be done, and done again, each by itself: probe, listen,
transcribe window by window, assemble.

What one step hands to the next is plain values (JSON through models/parsing). Probe and Voices hold numbers
only, without a word or a name; a voice is not more than s1, s2, ... and the times it speaks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from models import audio
from models.memory import give_back
from models.ports import Diarizer, SpeechDetector, Transcriber
from models.schema import Kind, Participant, SpeakerSpan, StepProvenance, Transcript, Turn
from models.stages import attribute, provenances, transcribe
from models.stages.transcribe import WindowText
from models.tracks import Track, WindowReader, tracks_of, without_bleed

Report = Callable[[str, float], None]
"""Told the step (load, listen, transcribe, understand, draft) and the share of it that is done, 0..1."""

MIXED_SHARE = 0.1


class Engines(Protocol):
    """What the steps need; each attribute loads its model when it is first read."""

    @property
    def detector(self) -> SpeechDetector: ...  # noqa: D102
    @property
    def transcriber(self) -> Transcriber: ...  # noqa: D102
    @property
    def diarizer(self) -> Diarizer: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Recording:
    """One meeting to transcribe. `tracks`: the participant of each path, when every path is one voice.
    `names`: what errors call each path, empty: by itself. `window_s`: about how long a window is, from 4 s.
    """

    id: str
    paths: tuple[Path, ...]
    date: str
    tracks: tuple[str, ...] = ()
    started_at: str | None = None
    tz: str | None = None
    participants: tuple[Participant, ...] = ()
    speakers: int | None = None
    kind: Kind = "other"
    language: Literal["auto", "en", "zh"] = "auto"
    names: tuple[str, ...] = ()
    window_s: float = audio.WINDOW_S


@dataclass(frozen=True, slots=True)
class Probe:
    """What there is to do: `windows` as (track, start, end in seconds), in the order of their numbers 0, 1,
    ...; `layouts`: what each file of the recording holds.
    """

    duration_s: float
    windows: tuple[tuple[int, float, float], ...]
    layouts: tuple[audio.Layout, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks when, empty where every track is one voice, and the seconds it took to find out."""

    spans: tuple[SpeakerSpan, ...] = ()
    seconds: float = 0.0


def probe(recording: Recording) -> Probe:
    """Decode the sound once and plan the windows. Raises UnusableInput for what cannot be read."""
    names = recording.names or ("",) * len(recording.paths)
    files = zip(recording.paths, names, strict=True)
    layouts = tuple(audio.examine(path, recording.window_s, name) for path, name in files)
    tracks = tracks_of(recording.paths, layouts, recording.tracks, names)
    return Probe(
        duration_s=round(max(layout.duration_s for layout in layouts), 3),
        windows=tuple((t, *span) for t, track in enumerate(tracks) for span in track.spans()),
        layouts=layouts,
    )


def load(recording: Recording, plan: Probe, engines: Engines) -> None:
    """Load what the steps will need; otherwise each loads its own. Raises WeightsMissing."""
    _ = engines.detector, engines.transcriber
    if _tracks(recording, plan)[0].speaker is None:
        _ = engines.diarizer


def listen(recording: Recording, plan: Probe, engines: Engines, report: Report) -> Voices:
    """Who speaks when, where one track carries several voices. Raises WeightsMissing without models."""
    track = _tracks(recording, plan)[0]
    if track.speaker is not None:
        report("listen", 1.0)
        return Voices()
    began = time.monotonic()
    speakers = recording.speakers or len(recording.participants) or None
    spans = engines.diarizer.diarize(track.windows(lambda share: report("listen", share)), speakers)
    report("listen", 1.0)
    return Voices(tuple(spans), round(time.monotonic() - began, 3))


def transcribe_window(
    recording: Recording,
    plan: Probe,
    number: int,
    voices: Voices,
    engines: Engines,
    report: Report,
    reader: WindowReader | None = None,
) -> WindowText:
    """The words of one window of the plan. With the `reader` of the window before, the sound is decoded on
    from there. Raises UnusableInput, WeightsMissing.
    """
    at, *_ = plan.windows[number]
    first = next(n for n, window in enumerate(plan.windows) if window[0] == at)
    report("transcribe", 0.0)
    start_s, samples = (reader or WindowReader()).read(_tracks(recording, plan)[at], number - first)
    end_s = start_s + samples.size / audio.SAMPLE_RATE
    text = transcribe.transcribe_window(
        samples,
        start_s,
        [s for s in voices.spans if s.end_s > start_s and s.start_s < end_s],
        engines.detector,
        engines.transcriber,
        recording.language,
        lambda share: report("transcribe", share),
    )
    report("transcribe", 1.0)
    give_back()
    return text


def assemble(recording: Recording, plan: Probe, voices: Voices, texts: Sequence[WindowText]) -> Transcript:
    """The transcript of all windows of the plan, in their order. No model is needed."""
    tracks = _tracks(recording, plan)
    by_track = [
        [text for window, text in zip(plan.windows, texts, strict=True) if window[0] == at]
        for at in range(len(tracks))
    ]
    turns = attribute.build_turns(_attributed(tracks, voices.spans, by_track))
    provenance = provenances.listening(tracks, by_track, voices.seconds)
    return _transcript(recording, plan, turns, texts, provenance)


def _tracks(recording: Recording, plan: Probe) -> list[Track]:
    return tracks_of(recording.paths, plan.layouts, recording.tracks, recording.names)


def _attributed(
    tracks: Sequence[Track], spans: Sequence[SpeakerSpan], texts: Sequence[Sequence[WindowText]]
) -> list[attribute.Spoken]:
    """Every word with its speaker, in time order."""
    spoken: list[attribute.Spoken] = []
    balance = None if tracks[0].channel is None else audio.channel_balance(tracks[0].path, tracks[0].name)
    for track, windows in zip(tracks, texts, strict=True):
        words = [word for window in windows for word in window.words]
        if track.speaker is None:
            spoken += attribute.assign(words, spans)
        else:
            if track.channel is not None and balance is not None:
                words = without_bleed(track.channel, words, balance)
            spoken += [attribute.Spoken(word, track.speaker) for word in words]
    return sorted(spoken, key=lambda item: item.word.start_s)


def _transcript(
    recording: Recording,
    plan: Probe,
    turns: Sequence[Turn],
    windows: Sequence[WindowText],
    provenance: dict[str, StepProvenance],
) -> Transcript:
    known = recording.participants
    if recording.tracks:
        people = {p.id: p for p in known} or {t: Participant(t) for t in recording.tracks}
        named = tuple(people.get(t, Participant(t)) for t in dict.fromkeys(recording.tracks))
        sure = True
        renamed = tuple(turns)
    else:
        who, sure = attribute.identify(turns, known)
        renamed = tuple(replace(turn, speaker=who[turn.speaker].id) for turn in turns)
        silent = [p for p in known if p.id not in {w.id for w in who.values()}]
        named = (*who.values(), *silent)
    if known and not sure and turns:
        unclear = ("speakers not matched to participants: too unclear",)
        provenance["attribute"] = replace(provenance["attribute"], notes=unclear)
    return Transcript(
        id=recording.id,
        language=_language(windows),
        date=recording.date,
        participants=named or known,
        turns=renamed,
        started_at=recording.started_at,
        tz=recording.tz,
        kind=recording.kind,
        duration_s=plan.duration_s,
        uncovered_speech_s=round(sum(window.uncovered_s for window in windows), 2),
        provenance=provenance,
    )


def _language(windows: Sequence[WindowText]) -> Literal["en", "zh", "mixed"]:
    seconds = {"en": 0.0, "zh": 0.0}
    for window in windows:
        for word, code in zip(window.words, window.languages, strict=True):
            seconds[code] += word.end_s - word.start_s
    total = sum(seconds.values())
    if total and min(seconds.values()) > MIXED_SHARE * total:
        return "mixed"
    return "zh" if seconds["zh"] > seconds["en"] else "en"
