"""A short talk in the smallest form that is a transcript, and ways to change and to read it."""

from __future__ import annotations

import json

from models.parsing import parse_transcript
from models.schema import Transcript

DAY = "2026-05-05"
MINIMAL = {
    "id": "talk-1",
    "language": "en",
    "date": DAY,
    "participants": [{"id": "m", "role": "manager", "name": "Dana"}],
    "turns": [{"i": 0, "speaker": "m", "text": "Hello."}],
}


def parse(text: str, name: str = "weekly.txt", **more) -> Transcript:
    return parse_transcript(text, name, date=DAY, **more)


def said(transcript: Transcript) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in transcript.turns]


def names(transcript: Transcript) -> dict[str, str]:
    return {person.id: person.name for person in transcript.participants}


def changed(**fields) -> str:
    return json.dumps(MINIMAL | fields)


def with_turn(**fields) -> str:
    return changed(turns=[{"i": 0, "speaker": "m", "text": "Hello."} | fields])
