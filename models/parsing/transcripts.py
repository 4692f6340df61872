"""A transcript from any of the forms that people have: our JSON, WebVTT, SRT, or text with names.

| form | recognised by | speakers | times |
|---|---|---|---|
| `rapport.transcript/1`, or only id, language, date, participants, turns | a JSON object | ids | if given |
| WebVTT, SRT | `WEBVTT`, a line with `-->` | `<v Name>` or `Name: ` | cues |
| `Name 00:01:02`, then text; `[00:01:02] Name: text` | a name with a time | names | starts |
| `Name: text` | two lines that start with a name | names | none |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from models.errors import NotATranscript
from models.parsing import captions, named_text
from models.parsing.checking import check_transcript
from models.parsing.documents import check_schema, load_object, validate
from models.parsing.identifiers import meeting_id
from models.parsing.people import assemble, with_known_speakers
from models.parsing.reading import read_text
from models.schema import TRANSCRIPT_SCHEMA, Participant, StepProvenance, Transcript


def read_transcript(path: Path, *, date: str, participants: Sequence[Participant] = ()) -> Transcript:
    """The transcript in a file; `date` (ISO) and `participants` serve the forms that carry none.

    Raises NotATranscript, UnknownLanguage, UnusableInput (no id in the file's name), DiskProblem.
    """
    return parse_transcript(read_text(path), path.name, date=date, participants=participants)


def parse_transcript(
    text: str, name: str, *, date: str, participants: Sequence[Participant] = ()
) -> Transcript:
    """The transcript in a text; `name` is the file's name, for messages and for a missing id."""
    if text.lstrip().startswith("{"):
        raw = load_object(text, name)
        check_schema(raw, TRANSCRIPT_SCHEMA, name)
        return with_known_speakers(check_transcript(validate(raw, Transcript, name), name))
    form, read = ("captions", captions.parse) if captions.is_captions(text) else ("text", named_text.parse)
    utterances = read(text)
    if not utterances:
        raise NotATranscript("transcript_unknown_form", path=name)
    meeting = meeting_id(Path(name).stem)
    transcript = assemble(utterances, meeting=meeting, date=date, participants=participants)
    read_from = StepProvenance(engine="rapport.parsing", notes=(f"read from {form}; it carries no date",))
    return check_transcript(replace(transcript, provenance={"read": read_from}), name)
