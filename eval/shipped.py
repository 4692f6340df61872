"""The functions that ship, in the form the evaluations call them. Nothing is computed here: what is measured
is models/pipeline.py and the stages and engines it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from eval.data import DATE_UNKNOWN, Reference
from models import offering
from models.audio import examine, windows
from models.development import Profile
from models.pipeline import DraftOptions, draft_minutes, transcribe_recording
from models.recording_steps import Recording
from models.registry import Engines
from models.schema import Draft, SkillGap, SpeakerSpan, ToneFlag, Transcript, TurnLabels
from models.stages import clauses, recommend, taxonomy
from models.stages.acts import label_turns
from models.stages.recommend import Offer, Shelf
from models.stages.tone import flag_tone

Report = Callable[[str, float], None]
Sensitivity = Literal["low", "normal", "high"]


def _silent(step: str, share: float) -> None:
    """Progress that nobody watches."""


class Shipped:
    """The pipeline with its engines. Transcripts and speaker spans are kept, since several evaluations of
    one run ask for the same ones.
    """

    def __init__(self, engines: Engines, report: Report = _silent) -> None:
        self.engines = engines
        self._report = report
        self._transcripts: dict[str, Transcript] = {}
        self._shelves: dict[Path | None, Shelf] = {}
        self._spans: dict[tuple[str, int | None], list[SpeakerSpan]] = {}

    def load(self) -> None:
        """Loads every engine that a recording needs, which otherwise happens at first use."""
        for name in ("detector", "transcriber", "diarizer", "embedder", "reader"):
            getattr(self.engines, name)

    def transcript(self, reference: Reference) -> Transcript:
        """Recording to transcript with the number of people known, as it is from the invitation."""
        if reference.id not in self._transcripts:
            self._transcripts[reference.id] = transcribe_recording(
                recording(reference), self.engines, self._report
            )
        return self._transcripts[reference.id]

    def recording_to_draft(self, reference: Reference) -> tuple[Transcript, Draft]:
        """The whole way, nothing kept from earlier: what the speed evaluation times."""
        transcript = transcribe_recording(recording(reference), self.engines, self._report)
        return transcript, self.draft(transcript)

    def draft(self, transcript: Transcript) -> Draft:
        """Transcript to draft with the default options."""
        options = DraftOptions(minutes_language=None, sensitivity="normal", catalogue=None, previous=None)
        return draft_minutes(transcript, options, self.engines, self._report).draft

    def labels(self, transcript: Transcript) -> Sequence[TurnLabels]:
        """Acts and tone of every turn."""
        return label_turns(transcript, self.engines.reader.read(transcript, clauses.of(transcript)).turns)

    def flags(
        self, transcript: Transcript, labels: Sequence[TurnLabels], sensitivity: Sensitivity
    ) -> Sequence[ToneFlag]:
        """Tone flags at a sensitivity."""
        language: Literal["en", "zh"] = "en" if transcript.language == "en" else "zh"
        return flag_tone(transcript, list(labels), sensitivity, language)

    def spans(self, reference: Reference, speakers: int | None) -> list[SpeakerSpan]:
        """Who speaks when, with the number of people given or (None) estimated."""
        if (reference.id, speakers) not in self._spans:
            audio = windows(reference.path, examine(reference.path))
            self._spans[reference.id, speakers] = self.engines.diarizer.diarize(audio, speakers)
        return self._spans[reference.id, speakers]

    def offers(
        self, gaps: Sequence[SkillGap], catalogue: Path | None, top_k: int, person: Profile, day: str
    ) -> list[Offer]:
        """What is offered for each gap."""
        if catalogue not in self._shelves:
            self._shelves[catalogue] = offering.shelf(catalogue, self.engines)
        return recommend.offers(gaps, self._shelves[catalogue], "en", top_k, person, day)

    def skills(self, phrase: str, top: int) -> list[str]:
        """Labels of the skills nearest in meaning, best first."""
        return [skill.label for skill in taxonomy.load().ranked(phrase, self.engines.embedder, top)]


def recording(reference: Reference) -> Recording:
    """What the pipeline is told about a recording."""
    held = reference.conversation.transcript if reference.conversation else None
    return Recording(
        id=reference.id,
        paths=(reference.path,),
        tracks=(),
        date=held.date if held else DATE_UNKNOWN,
        started_at=None,
        tz=None,
        participants=reference.participants,
        speakers=reference.speakers,
        kind=held.kind if held else "other",
        language="auto",
    )


def bare_recording(path: Path, speakers: int) -> Reference:
    """A recording of which nothing is known but how many people speak."""
    people = tuple(SpeakerSpan(0.0, 0.0, f"s{i + 1}") for i in range(speakers))
    return Reference(path.stem, "joined", path, "mixed", spans=people)
