from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.asr import compare, count_errors, evaluate
from eval.data import NothingToMeasure, Reference, SpokenTurn
from models.schema import Transcript, Turn

TALK = Reference(
    "talk",
    "checkins",
    Path("talk.ogg"),
    "en",
    (
        SpokenTurn(0, "m", "How did it go today?"),
        SpokenTurn(1, "e", "Quite well, I think."),
        SpokenTurn(2, "m", "Good."),
    ),
)


class Hears:
    def __init__(self, *turns: str, uncovered_s: float = 0.0) -> None:
        self.turns = turns
        self.uncovered_s = uncovered_s

    def transcript(self, reference: Reference) -> Transcript:
        turns = tuple(Turn(i, "s1", text) for i, text in enumerate(self.turns))
        return Transcript(
            reference.id, "en", "2026-01-05", (), turns, duration_s=10.0, uncovered_speech_s=self.uncovered_s
        )


def test_word_errors_by_hand() -> None:
    # a b c d against a x c d e: one substitution, one insertion, three hits
    found = count_errors([["a", "b"], ["c", "d"]], ["a", "x", "c", "d", "e"])
    assert (found.hits, found.substitutions, found.deletions, found.insertions) == (3, 1, 0, 1)
    assert found.errors == 2
    assert found.words == 4


def test_case_and_punctuation_are_no_errors() -> None:
    assert compare(TALK, "how did it go today quite well i think good").errors == 0


def test_a_turn_nobody_recognised_is_lost_and_a_short_one_is_not_counted() -> None:
    found = compare(TALK, "How did it go today? Good.")
    assert (found.losable, found.lost) == (2, 1)
    nothing = compare(TALK, "")
    assert (nothing.losable, nothing.lost, nothing.deletions) == (2, 2, nothing.words)


def test_a_quarter_of_a_turn_is_not_lost() -> None:
    reference = [["a", "b", "c", "d"]]
    assert count_errors(reference, ["a"]).lost == 0
    assert count_errors(reference, ["x"]).lost == 1


def test_figures_of_both_systems_stand_side_by_side() -> None:
    outcome = evaluate([TALK], Hears("How did it go today?", uncovered_s=2.0), lambda _: "good", seed=0)
    values = {(f.key, f.row): f.value for f in outcome.figures}
    assert values["word_error_rate", "en/checkins"] == pytest.approx(5 / 10)
    assert values["word_error_rate", "en/checkins/sequential"] == pytest.approx(9 / 10)
    assert values["uncovered_speech", "en/checkins"] == pytest.approx(0.2)
    assert ("uncovered_speech", "en/checkins/sequential") not in values


def test_mandarin_gets_characters_and_a_row_of_its_own() -> None:
    mandarin = replace(TALK, id="zh", language="zh", turns=(SpokenTurn(0, "m", "我们周五交"),))
    outcome = evaluate([mandarin], Hears("我们周四交"), None, seed=0)
    first = outcome.figures[0]
    assert (first.key, first.row, first.value) == ("character_error_rate", "zh/checkins", 0.2)


def test_no_recordings_is_said() -> None:
    with pytest.raises(NothingToMeasure):
        evaluate([], Hears(), None, seed=0)


def test_details_hold_no_words_of_the_talk() -> None:
    outcome = evaluate([TALK], Hears("How did it go today?"), None, seed=0)
    assert "today" not in str(outcome.details).lower()
