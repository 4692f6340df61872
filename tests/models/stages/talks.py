"""Small conversations for tests: one line a turn, "speaker: text"."""

from __future__ import annotations

import re

from models.schema import Participant, Transcript, Turn
from models.stages import acts
from models.stages.extract import Extraction, extract

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
