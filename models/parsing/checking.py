"""What types alone do not say of a transcript: real dates, finite times, ids, bounded sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as calendar_date
from datetime import datetime
from zoneinfo import ZoneInfo

from models.errors import NotATranscript
from models.parsing.documents import require_ids
from models.schema import Transcript

MAX_TURNS = 50_000
MAX_TURN_CHARACTERS = 100_000
MAX_PARTICIPANTS = 500
MAX_SECONDS = 7 * 24 * 3600.0
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200


def is_date(text: str) -> bool:
    """Whether the text is a day YYYY-MM-DD of the calendar, 1970 to 2200."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        return EARLIEST_YEAR <= calendar_date.fromisoformat(text).year <= LATEST_YEAR
    except ValueError:
        return False


def is_started_at(text: str) -> bool:
    """Whether the text is a moment with an offset, RFC 3339: 2026-05-05T14:00:00+02:00."""
    if not re.match(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}", text, re.ASCII) or not is_date(text[:10]):
        return False
    try:
        return datetime.fromisoformat(text.upper()).tzinfo is not None
    except ValueError:
        return False


def is_zone(text: str) -> bool:
    """Whether the text is a time zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError
        return False
    return True


def check_transcript(transcript: Transcript, name: str) -> Transcript:
    """The same transcript, or NotATranscript that names the field which cannot be used."""
    require_ids(name, _ids(transcript))
    for field, right in _rules(transcript):
        if not right:
            raise NotATranscript("document_field", path=name, field=field)
    return transcript


def _ids(transcript: Transcript) -> Iterator[tuple[str, str]]:
    yield "id", transcript.id
    yield from (("participants.id", person.id) for person in transcript.participants)
    yield from ((f"turns.{turn.i}.speaker", turn.speaker) for turn in transcript.turns)
    yield from (("person_id", p.person_id) for p in transcript.participants if p.person_id is not None)


def _rules(transcript: Transcript) -> Iterator[tuple[str, bool]]:
    people, turns = transcript.participants, transcript.turns
    yield "date", is_date(transcript.date)
    yield "started_at", transcript.started_at is None or is_started_at(transcript.started_at)
    yield "tz", transcript.tz is None or is_zone(transcript.tz)
    yield "rev", 1 <= transcript.rev < 10**9
    yield "duration_s", _seconds(transcript.duration_s)
    yield "uncovered_speech_s", _seconds(transcript.uncovered_speech_s)
    yield "participants", len(people) <= MAX_PARTICIPANTS
    yield "participants.id", len({person.id for person in people}) == len(people)
    yield "participants.name", all(len(person.name) <= 200 for person in people)
    yield "turns", len(turns) <= MAX_TURNS
    yield "turns.i", len({turn.i for turn in turns}) == len(turns)
    for turn in turns:
        yield f"turns.{turn.i}.i", 0 <= turn.i < 10**9
        yield f"turns.{turn.i}.text", len(turn.text) <= MAX_TURN_CHARACTERS
        yield f"turns.{turn.i}.end_s", _span(turn.start_s, turn.end_s)
        yield f"turns.{turn.i}.words", all(_span(word.start_s, word.end_s) for word in turn.words)


def _seconds(value: float | None) -> bool:
    return value is None or 0.0 <= value <= MAX_SECONDS


def _span(start_s: float | None, end_s: float | None) -> bool:
    in_order = start_s is None or end_s is None or start_s <= end_s
    return _seconds(start_s) and _seconds(end_s) and in_order
