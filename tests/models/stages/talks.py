"""Small conversations for tests: one line a turn, "speaker: text"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pytest

from models.errors import WeightsMissing
from models.ports import MOVES, ClauseReading, DialogueReader
from models.registry import Engines
from models.schema import Participant, Transcript, Turn
from models.stages import acts, clauses
from models.stages.extract import Extraction, extract
from service.settings import from_environment

TWO = (Participant("m", "manager", "Dana Whitlock"), Participant("e", "employee", "Luis Ortega"))
TWO_ZH = (Participant("m", "manager", "林静"), Participant("e", "employee", "何宇"))
THREE = (*TWO, Participant("h", "hr", "Yusuf Demir"))


def talk(
    lines: str,
    people: tuple[Participant, ...] | None = None,
    date: str = "2026-05-05",
    kind: str = "check_in",
) -> Transcript:
    """A transcript dated on a Tuesday unless said otherwise."""
    said = [line.strip().split(": ", 1) for line in lines.strip().splitlines()]
    zh = bool(re.search(r"[\u3400-\u9fff]", lines))
    turns = tuple(Turn(i, speaker, text) for i, (speaker, text) in enumerate(said))
    who = people or (TWO_ZH if zh else TWO)
    return Transcript("t1", "zh" if zh else "en", date, who, turns, kind=kind)  # type: ignore[arg-type]


def minutes(
    lines: str, people: tuple[Participant, ...] | None = None, date: str = "2026-05-05"
) -> Extraction:
    """What is extracted from a small conversation by cues alone, after some opening turns."""
    zh = re.search(r"[\u3400-\u9fff]", lines)
    opening = "m: 早。\ne: 早上好。\nm: 坐。\ne: 嗯。\n" if zh else "m: Morning.\ne: Hello.\nm: So.\ne: Mm.\n"
    transcript = talk(opening + lines, people, date)
    return extract(transcript, acts.label_turns(transcript, None), transcript.language)


@cache
def reader() -> DialogueReader:
    """The reader that ships; the test is skipped where its model is not in the store."""
    settings = from_environment()
    try:
        return Engines(settings.models_dir, settings.threads).reader
    except WeightsMissing as missing:
        pytest.skip(str(missing))


def read_minutes(
    lines: str, people: tuple[Participant, ...] | None = None, date: str = "2026-05-05"
) -> Extraction:
    """What is extracted from a small conversation with the real reader."""
    transcript = talk(lines, people, date)
    reading = reader().read(transcript, clauses.of(transcript))
    labels = acts.label_turns(transcript, reading.turns)
    return extract(transcript, labels, transcript.language, reading.clauses)


SURE, SMALL = 0.9, 0.02


def readings(transcript: Transcript, moves: Sequence[str]) -> list[ClauseReading]:
    """Readings by hand, one entry a turn: "" or "move thread", with " off" for a version given up.

    Every clause of the turn makes the move and goes on with the thread of that name.
    """
    home: dict[str, list[int]] = {}
    found = []
    for number, clause in enumerate(clauses.of(transcript)):
        move, thread, *off = [*moves[clause.position].split(), "", ""]
        probabilities = dict.fromkeys(MOVES, SMALL) | ({move: SURE} if move else {})
        before = home.setdefault(thread, [])
        earlier = {k: SURE / len(before) for k in before} if move else {}
        before += [number] if move else []
        holds = 1 - SURE if "off" in off else SURE
        found.append(ClauseReading(probabilities, holds, 0.5, holds, bool(move), earlier))  # type: ignore[arg-type]
    return found
