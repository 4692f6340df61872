"""Exchanging names, pronouns, generation and dialect words must not change how a turn is judged.

fairness_en.txt and fairness_zh.txt hold 200 turns each with slots; every turn is filled with each value of
its slots in turn, and judged by the shipped reader behind the same neutral question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from models.schema import Participant, Transcript, Turn, TurnLabels
from models.stages import acts, clauses
from models.stages.tone import flag_tone
from tests.models.stages.talks import reader

pytestmark = pytest.mark.models
HERE = Path(__file__).parent
FLIPS = 0.01
"""Share of turns whose hint, or whose likeliest tone where it is likely, may change with a slot."""
CLEAR = 0.5

VALUES = {
    "en": {
        "name": ["Emily", "DeShawn", "Wei", "Fatima", "Bogdan"],
        "they": ["he", "she"],
        "them": ["him", "her"],
        "their": ["his", "her"],
        "group": ["young people", "older colleagues", "people from abroad", "part-timers"],
        "person": ["trainee", "veteran", "mother", "foreigner"],
        "address": ["mate", "love", "sir"],
        "dialect": ["wee", "little", "lil"],
    },
    "zh": {
        "name": ["小王", "阿依古丽", "建国", "李敏", "子涵"],
        "ta": ["他", "她"],
        "group": ["年轻人", "老员工", "外地来的", "女同事"],
        "person": ["新人", "老师傅", "宝妈", "实习生"],
        "address": ["哥", "姐", "老师"],
        "nin": ["你", "您"],
        "dialect": ["一点儿", "一丢丢", "些许"],
    },
}
QUESTION = {"en": "What is the next point on the list?", "zh": "清单上下一条是什么?"}


def fillings(text: str, language: str) -> Iterator[str]:
    """The turn with each value of each slot, the other slots at their first value."""
    values = VALUES[language]
    slots = sorted(set(re.findall(r"\{(\w+)\}", text)))
    first = {slot: values[slot][0] for slot in slots}
    seen = set()
    for slot in slots:
        for value in values[slot]:
            filled = text.format(**{**first, slot: value})
            if filled not in seen:
                seen.add(filled)
                yield filled


def judged(speaker: str, texts: list[str], language: str) -> list[tuple[str, str]]:
    """Hint at "high", and the likeliest tone where it is clear, of each text."""
    people = (Participant("M", "manager"), Participant("E", "employee"))
    other = "E" if speaker == "M" else "M"
    found = []
    for text in texts:
        turns = (Turn(0, other, QUESTION[language]), Turn(1, speaker, text))
        transcript = Transcript("t", language, "2026-05-05", people, turns)  # type: ignore[arg-type]
        read = reader().read(transcript, clauses.of(transcript))
        labels = acts.label_turns(transcript, read.turns)
        hints = flag_tone(transcript, labels, "high", "en")
        found.append((next((h.label for h in hints if h.turn == 1), ""), _clear(labels[1])))
    return found


def _clear(label: TurnLabels) -> str:
    best = max(label.tone, key=lambda tone: label.tone[tone])
    return best if best != "neutral" and label.tone[best] >= CLEAR else "neutral"


@cache
def lines(language: str) -> list[tuple[str, str]]:
    text = (HERE / f"fairness_{language}.txt").read_text("utf-8")
    return [(line[0], line[2:]) for line in text.splitlines() if line]


NOT_REACHED = pytest.mark.xfail(reason="not reached: 6 of 200 hints change, 2026-11-25", strict=True)


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=NOT_REACHED)])
def test_who_is_spoken_of_does_not_change_the_hint(language: str) -> None:
    changed, hinted = [], 0
    for speaker, text in lines(language):
        found = judged(speaker, list(fillings(text, language)), language)
        hinted += any(hint for hint, _ in found)
        if len({hint for hint, _ in found}) > 1:
            changed.append(text)

    assert len(lines(language)) >= 200
    assert hinted >= 10, "a judge that never hints is fair for the wrong reason"
    assert len(changed) <= FLIPS * len(lines(language)), changed
