"""The way of one recording, step by step: sound → speakers → words → turns → understanding → draft.

Plain functions over values; the command line, the evaluation and the durable workflow only call them. The
engines come in as an argument (models/registry.Engines, or fakes), progress goes out through `report`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from models import audio, offering
from models.development import Competency
from models.parsing import read_action_items
from models.ports import DialogueReader, Diarizer, Embedder, SpeechDetector, TextGenerator, Transcriber
from models.schema import (
    Draft,
    Kind,
    Language,
    Participant,
    SpeakerSpan,
    StepProvenance,
    TrailStep,
    Transcript,
    Turn,
)
from models.stages import (
    acts,
    attribute,
    clauses,
    draft,
    extract,
    feedback,
    follow_up,
    llm_minutes,
    provenances,
    skills,
    summarise,
    tone,
    transcribe,
)
from models.stages.punctuate import is_mandarin
from models.stages.transcribe import WindowText
from models.tracks import Track, tracks_of, without_bleed

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
    @property
    def embedder(self) -> Embedder: ...  # noqa: D102
    @property
    def reader(self) -> DialogueReader: ...  # noqa: D102
    def catalogue_embedder(self, advance: offering.Advance) -> Embedder: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Recording:
    """One meeting to transcribe. `tracks`: the participant of each path, when every path is one voice."""

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


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """How to draft. `minutes_language` None: that of the talk. `competencies`: the organisation's own."""

    minutes_language: Language | None = None
    sensitivity: tone.Sensitivity = "normal"
    catalogue: Path | None = None
    previous: Path | None = None
    competencies: tuple[Competency, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and for each of its items how it came about."""

    draft: Draft
    trails: dict[str, tuple[TrailStep, ...]]


def transcribe_recording(recording: Recording, engines: Engines, report: Report) -> Transcript:
    """Sound to transcript. Raises UnusableInput for what cannot be read, WeightsMissing without models."""
    report("load", 0.0)
    tracks = tracks_of(recording.paths, recording.tracks)
    detector, transcriber = engines.detector, engines.transcriber
    diarizer = None if tracks[0].speaker else engines.diarizer
    report("load", 1.0)
    began = time.monotonic()
    spans = _listen(tracks, diarizer, recording, report)
    heard = time.monotonic()
    texts = [_transcribe_track(t, spans, detector, transcriber, recording.language, report) for t in tracks]
    spoken = _attributed(tracks, spans, texts)
    turns = attribute.build_turns(spoken)
    provenance = provenances.listening(tracks, texts, heard - began, time.monotonic() - heard)
    return _transcript(recording, tracks, turns, texts, provenance)


def draft_minutes(
    transcript: Transcript,
    options: DraftOptions,
    engines: Engines,
    report: Report,
    generator: TextGenerator | None = None,
) -> Drafted:
    """Transcript to draft, worded by the `generator` if any. Raises NotACatalogue, NotATranscript."""
    language = options.minutes_language or _main_language(transcript)
    shelf = offering.shelf(options.catalogue, engines, competencies=options.competencies)
    open_items = read_action_items(options.previous) if options.previous else ()
    began = time.monotonic()
    report("understand", 0.0)
    said = clauses.of(transcript)
    reading = engines.reader.read(transcript, said)
    labels = acts.label_turns(transcript, reading.turns)
    understood = time.monotonic()
    report("understand", 1.0)
    heard = extract.extract(transcript, labels, language, reading.clauses, said)
    provenance = provenances.drafting(transcript, understood - began)
    summary, found = _written(transcript, heard, generator, language, report, provenance)
    gaps = skills.find_gaps(transcript, labels, shelf.skills, engines.embedder, said, reading.clauses)
    report("draft", 0.9)
    return Drafted(
        draft.assemble(
            transcript,
            language,
            found,
            gaps,
            offering.for_draft(gaps, shelf, language, transcript),
            tone.flag_tone(transcript, labels, options.sensitivity, language),
            feedback.indicators(transcript, labels, heard.action_items, language),
            feedback.talk(transcript, labels),
            follow_up.follow_up(open_items, transcript, labels),
            summarise.stages(transcript, labels),
            summary,
            provenances.timed(provenance, time.monotonic() - understood),
        ),
        found.trails,
    )


def _listen(
    tracks: Sequence[Track], diarizer: Diarizer | None, recording: Recording, report: Report
) -> list[SpeakerSpan]:
    """Who speaks when, where one track carries several voices."""
    if diarizer is None:
        report("listen", 1.0)
        return []
    speakers = recording.speakers or len(recording.participants) or None
    spans = diarizer.diarize(tracks[0].windows(lambda share: report("listen", share)), speakers)
    report("listen", 1.0)
    return spans


def _transcribe_track(
    track: Track,
    spans: Sequence[SpeakerSpan],
    detector: SpeechDetector,
    transcriber: Transcriber,
    language: str,
    report: Report,
) -> list[WindowText]:
    """The windows of a track, one after the other."""
    texts = []
    for start_s, samples in track.windows(lambda share: report("transcribe", share)):
        end_s = start_s + samples.size / audio.SAMPLE_RATE
        here = [s for s in spans if s.end_s > start_s and s.start_s < end_s]
        texts.append(transcribe.transcribe_window(samples, start_s, here, detector, transcriber, language))
    report("transcribe", 1.0)
    return texts


def _attributed(
    tracks: Sequence[Track], spans: Sequence[SpeakerSpan], texts: Sequence[Sequence[WindowText]]
) -> list[attribute.Spoken]:
    """Every word with its speaker, in time order."""
    spoken: list[attribute.Spoken] = []
    balance = None if tracks[0].channel is None else audio.channel_balance(tracks[0].path)
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
    tracks: Sequence[Track],
    turns: Sequence[Turn],
    texts: Sequence[Sequence[WindowText]],
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
    windows = [window for track in texts for window in track]
    return Transcript(
        id=recording.id,
        language=_language(windows),
        date=recording.date,
        participants=named or known,
        turns=renamed,
        started_at=recording.started_at,
        tz=recording.tz,
        kind=recording.kind,
        duration_s=round(max(track.layout.duration_s for track in tracks), 3),
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


def _main_language(transcript: Transcript) -> Language:
    if transcript.language != "mixed":
        return transcript.language
    return "zh" if is_mandarin(" ".join(turn.text for turn in transcript.turns)) else "en"


def _written(
    transcript: Transcript,
    found: extract.Extraction,
    generator: TextGenerator | None,
    language: Language,
    report: Report,
    provenance: dict[str, StepProvenance],
) -> tuple[str, extract.Extraction]:
    """Summary and extraction: the default engine's, or a language model's after the same checks."""
    if generator is None:
        return summarise.summary(transcript, found, language), found
    written = llm_minutes.write(
        transcript, found, generator, language, lambda share: report("draft", 0.9 * share)
    )
    provenance.update(written.provenance)
    return written.summary, written.extraction
