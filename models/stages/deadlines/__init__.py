"""When is it due? Spoken deadlines of English and Mandarin utterances as calendar dates.

A grammar of small productions (weekday, day of the month, period, distance, holiday, event) under modifiers
(by, before, until, every, from), one for each language; what the words leave open stays open: `due` is None
and `due_text` keeps the words. The meanings are those of the project's table of dates: weeks run Monday to
Sunday, a bare weekday is its next occurrence after the meeting, "before" excludes the day and 前 includes it.

>>> from datetime import date
>>> resolve("Thursday, no wait, Friday at noon", Calendar(date(2026, 5, 5)), "en").due
'2026-05-08'
"""

from __future__ import annotations

import re
from typing import Literal

from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.english import english_phrases
from models.stages.deadlines.english_context import months_mentioned
from models.stages.deadlines.expression import Deadline, Phrase
from models.stages.deadlines.focus import Focus, settled
from models.stages.deadlines.governing import governing, without_past
from models.stages.deadlines.mandarin import mandarin_phrases
from models.stages.deadlines.rendering import forms, render
from models.stages.deadlines.series import joined

__all__ = ["Calendar", "Deadline", "Focus", "find_deadlines", "forms", "render", "resolve"]

Spoken = Literal["en", "zh", "mixed"]
_LATIN = re.compile("[A-Za-z]{3}")
_HAN = re.compile("[\u4e00-\u9fff]")


def _narrow(text: str) -> str:
    """Write full-width letters, digits and punctuation as ASCII, so that every character keeps its place."""
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)


def _phrases(text: str, calendar: Calendar, language: Spoken, focus: Focus | None) -> list[Phrase]:
    text = _narrow(text)
    found: list[Phrase] = []
    if language != "zh" or _LATIN.search(text):
        found += english_phrases(text, calendar, mandarin=_HAN.search(text) is not None)
    if language != "en" or _HAN.search(text):
        found += mandarin_phrases(text, calendar)
    apart: list[Phrase] = []
    for phrase in sorted(found, key=lambda p: (p.start, -p.end)):
        if not apart or phrase.start >= apart[-1].end:
            apart.append(phrase)
        elif phrase.end - phrase.start > apart[-1].end - apart[-1].start:
            apart[-1] = phrase
    return joined(settled(without_past(apart, text), calendar, focus, months_mentioned(text)), text, calendar)


def find_deadlines(
    text: str, calendar: Calendar, language: Spoken, focus: Focus | None = None
) -> list[Deadline]:
    """Find all expressions of time, in text order, without overlap (`is_deadline` False: past, durations).

    `focus` carries what earlier turns named and takes in what this one names; give each turn once, in order.
    Without it a text is its own context and nothing else is.
    """
    return [Deadline.of(phrase, text) for phrase in _phrases(text, calendar, language, focus)]


def resolve(text: str, calendar: Calendar, language: Spoken) -> Deadline | None:
    """Give the deadline that governs an utterance, or None where no point in the future is named."""
    phrase = governing(_phrases(text, calendar, language, None), _narrow(text))
    return Deadline.of(phrase, text) if phrase else None
