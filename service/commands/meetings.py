"""`rapport process` and `rapport transcribe`: recordings in, documents out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from models.errors import NotAudio
from models.parsing import document, meeting_id
from models.schema import Kind, Participant
from service.commands import options
from service.commands.drafting import Drafting, as_transcript, draft_options, language_model, tasks_before
from service.commands.outputs import Outputs
from service.commands.progress import progress
from service.commands.surroundings import Surroundings
from service.errors import WrongUsage

Audio = Annotated[list[str] | None, typer.Argument(metavar="AUDIO", show_default=False)]
Tracks = Annotated[list[str] | None, typer.Option("--tracks", metavar="FILE=ID")]
TRANSCRIBING = ("load", "listen", "transcribe")


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting: its files, and the participant of each when they are separate tracks."""

    paths: tuple[Path, ...]
    tracks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options say of every meeting of this run."""

    meetings: tuple[Meeting, ...]
    people: tuple[Participant, ...]
    when: options.When
    language: str = "auto"
    speakers: int | None = None
    kind: str = "other"

    def spoken(self, language: str, speakers: int | None, kind: str) -> Wish:
        """The same with how the talk is to be heard, checked."""
        options.one_of("--language", language, ("auto", "en", "zh"))
        options.one_of("--kind", kind, get_args(Kind))
        return replace(self, language=language, speakers=speakers, kind=kind)

    @property
    def inputs(self) -> list[Path]:
        """Every file of every meeting."""
        return [path for meeting in self.meetings for path in meeting.paths]

    def recording(self, meeting: Meeting, identity: str) -> dict[str, Any]:
        """The fields of models.pipeline.Recording."""
        return {
            "id": identity,
            "paths": [str(path.absolute()) for path in meeting.paths],
            "tracks": meeting.tracks,
            "date": self.when.date,
            "started_at": self.when.started_at,
            "tz": None,
            "participants": [document(person) for person in self.people],
            "speakers": self.speakers,
            "kind": self.kind,
            "language": self.language,
        }


def process(
    ctx: typer.Context,
    *,
    audio: Audio = None,
    tracks: Tracks = None,
    out_dir: options.OutDir = Path(),
    engine: options.Engine = "default",
    day: options.Date = None,
    started_at: options.StartedAt = None,
    participants: options.Participants = None,
    language: options.Spoken = "auto",
    minutes_language: options.MinutesLanguage = None,
    speakers: options.Speakers = None,
    kind: options.KindOption = "other",
    catalog: options.Catalog = None,
    previous: options.Previous = None,
    sensitivity: options.Sensitivity = "normal",
    formats: options.Formats = "json",
    explain: options.Explain = False,
    json_only: options.JsonOnly = False,
) -> None:
    """The whole job for each recording."""
    around: Surroundings = ctx.obj
    people, when = options.participants(participants), options.when(day, started_at, date.today())
    wish = _wish(audio, tracks, people, when).spoken(language, speakers, kind)
    wishes = draft_options(minutes_language, sensitivity, catalog, previous, around.settings)
    fields = {"options": wishes, **language_model(engine, around)}
    wanted, before = options.formats(formats), tasks_before(previous)
    outputs = Outputs(options.writable(out_dir), wish.inputs, ("transcript", "draft"), wanted)
    with around.model_process() as models:
        drafting = Drafting(models, fields, outputs, around, before, explain=explain, json_only=json_only)

        def work(meeting: Meeting) -> None:
            drafting.process(wish.recording(meeting, _claim(meeting, outputs)), wish.when)

        raise typer.Exit(around.each(wish.meetings, work))


def transcribe(
    ctx: typer.Context,
    *,
    audio: Audio = None,
    tracks: Tracks = None,
    out_dir: options.OutDir = Path(),
    day: options.Date = None,
    started_at: options.StartedAt = None,
    participants: options.Participants = None,
    language: options.Spoken = "auto",
    speakers: options.Speakers = None,
    kind: options.KindOption = "other",
) -> None:
    """Only the transcript of each recording."""
    around: Surroundings = ctx.obj
    people, when = options.participants(participants), options.when(day, started_at, date.today())
    wish = _wish(audio, tracks, people, when).spoken(language, speakers, kind)
    outputs = Outputs(options.writable(out_dir), wish.inputs, ("transcript",))
    with around.model_process() as models:

        def work(meeting: Meeting) -> None:
            identity = _claim(meeting, outputs)
            with progress(identity, around, TRANSCRIBING) as shown:
                told = models.ask(shown, "transcribe", recording=wish.recording(meeting, identity))
            outputs.write_transcript(as_transcript(told, wish.when))

        raise typer.Exit(around.each(wish.meetings, work))


def _wish(
    audio: Sequence[str] | None,
    tracks: Sequence[str] | None,
    people: tuple[Participant, ...],
    when: options.When,
) -> Wish:
    if tracks:
        # The shell gives "--tracks a=m b=e" as one value of the option and one argument.
        files, ids, people = options.tracks([*tracks, *(audio or ())], people)
        return Wish((Meeting(files, ids),), people, when)
    if not audio:
        raise WrongUsage("no_input")
    return Wish(tuple(Meeting((Path(one),)) for one in audio), people, when)


def _claim(meeting: Meeting, outputs: Outputs) -> str:
    """The id of the meeting, after a look whether its files are there: models take seconds to load."""
    for path in meeting.paths:
        if not path.exists():
            raise NotAudio("no_such_file", path=path)
    identity = meeting_id(meeting.paths[0].stem)
    outputs.claim(identity, meeting.paths[0])
    return identity
