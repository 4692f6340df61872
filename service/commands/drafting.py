"""`rapport draft`, and what it shares with `rapport process`: draft, write, print."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from models.language_model import checked
from models.parsing import build, document, read_action_items, read_transcript, to_json
from models.schema import Draft, Transcript
from service.commands import options
from service.commands.outputs import Outputs
from service.commands.progress import progress
from service.commands.surroundings import Surroundings
from service.errors import WrongUsage
from service.export.outline import TODAY
from service.jobs.model_process import ModelProcess
from service.settings import Settings

Transcripts = Annotated[list[Path] | None, typer.Argument(metavar="TRANSCRIPT", show_default=False)]
Document = TypeVar("Document", Draft, Transcript)
PROCESSING = ("load", "listen", "transcribe", "understand", "draft")
DRAFTING = ("load", "understand", "draft")
DATELESS = "read"
"""Step in the provenance of a transcript that was read from a form without a date."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """Drafts meetings one after the other with the same loaded models."""

    models: ModelProcess
    fields: dict[str, Any]
    """What the model process is asked with: `options`, and `language_model` when one writes."""
    outputs: Outputs
    around: Surroundings
    previous: Mapping[str, str]
    explain: bool
    json_only: bool

    def process(self, recording: dict[str, Any], when: options.When) -> None:
        """A recording to its documents; the transcript is on disk before the draft is begun."""
        found: list[Transcript] = []

        def keep(told: dict[str, Any]) -> None:
            found.append(as_transcript(told, when))
            self.outputs.write_transcript(found[0])

        with progress(recording["id"], self.around, PROCESSING) as shown:
            told = self.models.ask(shown, "process", keep, recording=recording, **self.fields)
        self._finish(told, found[0], when)

    def draft(self, transcript: Transcript, when: options.When) -> None:
        """A transcript to its draft."""
        with progress(transcript.id, self.around, DRAFTING) as shown:
            told = self.models.ask(shown, "draft", transcript=document(transcript), **self.fields)
        self._finish(told, transcript, when)

    def _finish(self, told: dict[str, Any], transcript: Transcript, when: options.When) -> None:
        draft = _stamp(build(Draft, told["draft"]), when)
        self.outputs.write_draft(draft, transcript, self.previous)
        from service.commands.printing import print_draft, print_trails  # noqa: PLC0415 - loads rich

        if self.json_only:
            sys.stdout.write(to_json(draft, indent=None))
        else:
            print_draft(draft, transcript, self.previous)
        if self.explain:
            print_trails(told["trails"], self.around, to_stderr=self.json_only)
        sys.stdout.flush()


def as_transcript(told: dict[str, Any], when: options.When) -> Transcript:
    """The transcript that the model process made."""
    return _stamp(build(Transcript, told["transcript"]), when)


def _stamp(made: Document, when: options.When) -> Document:
    """The document with a note in its provenance when the day of the meeting was only assumed."""
    return replace(made, provenance={**made.provenance, "date": TODAY}) if when.assumed else made


def draft_options(
    minutes_language: str | None,
    sensitivity: str,
    catalog: Path | None,
    previous: Path | None,
    settings: Settings,
) -> dict[str, Any]:
    """The fields of models.pipeline.DraftOptions; the operator may have switched hints on tone off."""
    if minutes_language is not None:
        options.one_of("--minutes-language", minutes_language, ("en", "zh"))
    options.one_of("--sensitivity", sensitivity, ("low", "normal", "high"))
    catalog, previous = options.existing(catalog), options.existing(previous)
    return {
        "minutes_language": minutes_language,
        "sensitivity": sensitivity if settings.tone_hints else "off",
        "catalogue": None if catalog is None else str(catalog),
        "previous": None if previous is None else str(previous),
        "competencies": options.competencies(settings),
    }


def language_model(engine: str, around: Surroundings) -> dict[str, Any]:
    """The field `language_model` of a request when --engine is llm, else none.

    Says on stderr when words will leave this machine. Raises WrongUsage, LanguageModelRefused.
    """
    if options.one_of("--engine", engine, ("default", "llm")) == "default":
        return {}
    if around.settings.language_model is None:
        raise WrongUsage("llm_not_set")
    wanted = checked(around.settings.language_model)
    if wanted.host is not None:
        around.note("llm_remote", model=wanted.model, host=wanted.host)
    return {"language_model": asdict(wanted)}


def tasks_before(previous: Path | None) -> dict[str, str]:
    """The task of each item of the previous minutes by its id. Raises NotATranscript, DiskProblem."""
    return {} if previous is None else {item.id: item.task for item in read_action_items(previous)}


def draft(
    ctx: typer.Context,
    *,
    transcripts: Transcripts = None,
    out_dir: options.OutDir = Path(),
    engine: options.Engine = "default",
    day: options.Date = None,
    participants: options.Participants = None,
    minutes_language: options.MinutesLanguage = None,
    catalog: options.Catalog = None,
    previous: options.Previous = None,
    sensitivity: options.Sensitivity = "normal",
    formats: options.Formats = "json",
    explain: options.Explain = False,
    json_only: options.JsonOnly = False,
) -> None:
    """Only text: one draft for each transcript."""
    around: Surroundings = ctx.obj
    if not transcripts:
        raise WrongUsage("no_input")
    when = options.when(day, None, date.today())
    people = options.participants(participants)
    wishes = draft_options(minutes_language, sensitivity, catalog, previous, around.settings)
    fields = {"options": wishes, **language_model(engine, around)}
    wanted, before = options.formats(formats), tasks_before(previous)
    outputs = Outputs(options.writable(out_dir), transcripts, ("draft",), wanted)
    with around.model_process() as models:
        drafting = Drafting(models, fields, outputs, around, before, explain=explain, json_only=json_only)

        def work(path: Path) -> None:
            transcript = read_transcript(path, date=when.date, participants=people)
            outputs.claim(transcript.id, path)
            dated = replace(when, assumed=when.assumed and DATELESS in transcript.provenance)
            drafting.draft(transcript, dated)

        raise typer.Exit(around.each(transcripts, work))
