"""The way of one recording, step by step: sound → speakers → words → turns → understanding → draft.

Plain functions over values; the command line, the evaluation and the durable workflow only call them: the
workflow takes the steps of `recording_steps` one by one, `transcribe_recording` takes them all. The engines
come in as an argument (models/registry.Engines, or fakes), progress goes out through `report`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from models import offering, recording_steps
from models.development import Competency, Profile
from models.parsing import read_action_items
from models.ports import DialogueReader, TextGenerator
from models.recording_steps import Probe, Recording, Report
from models.schema import Draft, Language, StepProvenance, TrailStep, Transcript
from models.stages import (
    acts,
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
)
from models.stages.punctuate import is_mandarin
from models.tracks import WindowReader


class Engines(recording_steps.Engines, offering.Engines, Protocol):
    """What the whole way needs; each attribute loads its model when it is first read."""

    @property
    def reader(self) -> DialogueReader: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """How to draft. `minutes_language` None: that of the talk. `competencies`: the organisation's own.

    `profiles`: participant -> what is known of them.
    """

    minutes_language: Language | None = None
    sensitivity: tone.Sensitivity = "normal"
    catalogue: Path | None = None
    previous: Path | None = None
    competencies: tuple[Competency, ...] = ()
    profiles: Mapping[str, Profile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and for each of its items how it came about."""

    draft: Draft
    trails: dict[str, tuple[TrailStep, ...]]


def transcribe_recording(recording: Recording, engines: Engines, report: Report) -> Transcript:
    """Sound to transcript. Raises UnusableInput for what cannot be read, WeightsMissing without models."""
    report("load", 0.0)
    plan = recording_steps.probe(recording)
    recording_steps.load(recording, plan, engines)
    report("load", 1.0)
    voices = recording_steps.listen(recording, plan, engines, report)
    reader, texts = WindowReader(), []
    for number in range(len(plan.windows)):
        told = partial(_overall, report, plan, number)
        texts.append(
            recording_steps.transcribe_window(recording, plan, number, voices, engines, told, reader)
        )
    return recording_steps.assemble(recording, plan, voices, texts)


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
            offering.for_draft(gaps, shelf, language, transcript, options.profiles),
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


def _overall(report: Report, plan: Probe, number: int, step: str, share: float) -> None:
    """Reports the share of all windows, told that of one."""
    lengths = [end_s - start_s for _, start_s, end_s in plan.windows]
    report(step, (sum(lengths[:number]) + share * lengths[number]) / sum(lengths))


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
