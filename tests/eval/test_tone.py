from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from eval.data import Conversation
from eval.tone import (
    calibration_bins,
    calibration_error,
    confusion,
    evaluate,
    flag_counts,
    labels_present,
    macro_f1,
    probabilities,
)
from models.schema import ToneFlag, Transcript, Turn, TurnLabels

GOLD = ("neutral", "critical", "defensive", "neutral")
TALK = Transcript("t", "en", "2026-01-05", (), tuple(Turn(10 + i, "m", "x") for i in range(4)))


def test_macro_f1_by_hand() -> None:
    counts = confusion(GOLD, [0, 2, 2, 0])
    # neutral 1.0; critical 0; defensive: precision 1/2, recall 1 -> 2/3
    assert macro_f1(labels_present([counts]))(np.array(counts, dtype=float)) == pytest.approx(
        (1 + 0 + 2 / 3) / 3
    )


def test_a_label_that_never_occurs_does_not_lower_macro_f1() -> None:
    counts = confusion(("neutral",) * 3, [0, 0, 0])
    assert macro_f1(labels_present([counts]))(np.array(counts, dtype=float)) == 1


def test_a_resample_without_sharp_turns_says_nothing() -> None:
    sharp, calm = confusion(GOLD, [0, 0, 0, 0]), confusion(("neutral",) * 3, [0, 0, 0])
    assert math.isnan(macro_f1(labels_present([sharp, calm]))(np.array(calm, dtype=float)))


def test_neutral_is_the_rest() -> None:
    assert probabilities(TurnLabels(0, {}, {"critical": 0.25, "defensive": 0.25})) == (0.5, 0.25, 0.25)


def test_calibration_error_by_hand() -> None:
    # Two at 0.9 of which one is right (gap 0.4), two at 0.5 of which one is right (gap 0): mean 0.2
    bins = calibration_bins([0.9, 0.9, 0.5, 0.5], [True, False, True, False])
    assert calibration_error(np.array(bins)) == pytest.approx(0.2)
    assert calibration_error(np.array(calibration_bins([1.0], [True]))) == pytest.approx(0)


def test_a_flag_is_right_on_any_sharp_turn_and_its_label_is_judged_apart() -> None:
    counts = flag_counts(GOLD, {0: "critical", 1: "defensive", 2: "defensive"})
    assert counts == {"flags": 3, "sharp": 2, "right": 2, "label_right": 1}


class Judge:
    """Thinks the second turn critical and, asked to be sensitive, the last too."""

    def labels(self, transcript: Transcript) -> Sequence[TurnLabels]:
        sharp = {"neutral": 0.2, "critical": 0.7, "defensive": 0.1}
        calm = {"neutral": 0.9, "critical": 0.05, "defensive": 0.05}
        return [TurnLabels(t.i, {}, sharp if n == 1 else calm) for n, t in enumerate(transcript.turns)]

    def flags(
        self,
        transcript: Transcript,
        labels: Sequence[TurnLabels],
        sensitivity: Literal["low", "normal", "high"],
    ) -> Sequence[ToneFlag]:
        places = {"low": [], "normal": [1], "high": [1, 3]}[sensitivity]
        return [ToneFlag("f", transcript.turns[n].i, "critical", 0.7, "x", "why") for n in places]


def test_flags_are_judged_at_every_sensitivity_and_alarms_on_calm_talk() -> None:
    talk = Conversation(TALK, "held_back", GOLD, (), (), ())
    outcome = evaluate([talk], {"zh/vcsum": [replace(TALK, id="calm")]}, Judge(), seed=0)
    values = {(f.key, f.row): f.value for f in outcome.figures}
    assert values["flag_precision", "en/held_back"] == 1
    assert values["flag_recall", "en/held_back"] == 0.5
    assert values["flag_precision", "en/held_back/high"] == 0.5
    assert ("flag_precision", "en/held_back/low") not in values
    assert values["flag_recall", "en/held_back/low"] == 0
    assert values["false_alarm_rate", "zh/vcsum"] == 0.25
    assert values["critical_taken_for_defensive", "en/held_back"] == 0
