"""Phrases as they are said, without punctuation or with it, for a meeting on Wednesday, 14 October 2026.

Each line of deadlines_*_autumn.txt: phrase => due|recurrence; "-" for no date, "none" for no deadline.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.stages.deadlines import Calendar, resolve

WEDNESDAY = Calendar(date(2026, 10, 14))


def table(language: str) -> list[tuple[str, str, str]]:
    """(phrase, due, recurrence) of each line."""
    path = Path(__file__).parent / f"deadlines_{language}_autumn.txt"
    rows = [line.split(" => ") for line in path.read_text("utf-8").splitlines()]
    return [(phrase, due.partition("|")[0], due.partition("|")[2]) for phrase, due in rows]


def check(phrase: str, due: str, recurrence: str, language: str) -> None:
    """Compare the deadline that governs the phrase with its line."""
    found = resolve(phrase, WEDNESDAY, "zh" if language == "zh" else "en")
    if due == "none":
        assert found is None, found
        return
    assert (found and found.due) == (None if due == "-" else due), found
    assert ((found and found.recurrence) or "") == recurrence, found


@pytest.mark.parametrize(("phrase", "due", "recurrence"), table("en"))
def test_english_phrase(phrase: str, due: str, recurrence: str) -> None:
    check(phrase, due, recurrence, "en")


@pytest.mark.parametrize(("phrase", "due", "recurrence"), table("zh"))
def test_mandarin_phrase(phrase: str, due: str, recurrence: str) -> None:
    check(phrase, due, recurrence, "zh")


def test_tables_are_large_enough() -> None:
    assert min(len(table("en")), len(table("zh"))) >= 150
