"""Tone: how often a flag is right, what it misses, and how often calm talk is accused.

Macro-F1, confusions and calibration judge the most probable label of each turn; precision and recall judge
the flags as shipped, at their sensitivity: a flag is right when the turn is labelled anything but neutral.
ECE: mean distance of confidence and accuracy over ten equal bins of confidence (Guo et al. 2017).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np

from eval.bootstrap import Statistic, Sums, ratio
from eval.data import Conversation, NothingToMeasure
from eval.figures import Figure, Outcome, pooled
from models.schema import ToneFlag, Transcript, TurnLabels

LABELS = ("neutral", "critical", "defensive")
BINS = 10
SENSITIVITIES: tuple[Literal["low", "normal", "high"], ...] = ("low", "normal", "high")


class ToneJudge(Protocol):
    """What this evaluation needs of eval.shipped.Shipped."""

    def labels(self, transcript: Transcript) -> Sequence[TurnLabels]:
        """Acts and tone of every turn."""
        ...

    def flags(
        self,
        transcript: Transcript,
        labels: Sequence[TurnLabels],
        sensitivity: Literal["low", "normal", "high"],
    ) -> Sequence[ToneFlag]:
        """Tone flags."""
        ...


def evaluate(
    conversations: Sequence[Conversation],
    calm: Mapping[str, Sequence[Transcript]],
    judge: ToneJudge,
    seed: int,
) -> Outcome:
    """Labelled conversations, and by "language/corpus" talk in which a flag counts as a false alarm."""
    if not conversations and not calm:
        raise NothingToMeasure
    details = [_labelled(c, judge) for c in conversations]
    alarms = [_alarms(row, t, judge) for row, transcripts in calm.items() for t in transcripts]
    return Outcome(tuple(_figures(details, seed) + _alarm_figures(alarms, seed)), details + alarms)


def probabilities(labels: TurnLabels) -> tuple[float, ...]:
    """Probability of neutral, critical, defensive; neutral is the rest where it is not given."""
    sharp = [labels.tone.get(label, 0.0) for label in LABELS[1:]]
    return (labels.tone.get("neutral", max(0.0, 1.0 - sum(sharp))), *sharp)


def confusion(gold: Sequence[str], predicted: Sequence[int]) -> list[int]:
    """Counts of gold label by predicted label, row by row, shape (3 * 3,)."""
    matrix = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    for label, guess in zip(gold, predicted, strict=True):
        matrix[LABELS.index(label), guess] += 1
    return [int(count) for count in matrix.ravel()]


def macro_f1(present: Sequence[int]) -> Statistic:
    """Mean F1 of the labels `present`, from the counts of `confusion`.

    Undefined where one of them never occurs, so that resamples without sharp turns do not pass for perfect.
    """

    def mean_f1(sums: Sums) -> float:
        matrix = sums.reshape(len(LABELS), len(LABELS))
        totals = matrix.sum(axis=0) + matrix.sum(axis=1)
        if not all(matrix[i].sum() for i in present):
            return math.nan
        return float(np.mean([2 * matrix[i, i] / totals[i] for i in present]))

    return mean_f1


def labels_present(counts: Sequence[Sequence[int]]) -> list[int]:
    """Which labels occur in the labelled turns of these confusions."""
    gold = np.sum(counts, axis=0).reshape(len(LABELS), len(LABELS)).sum(axis=1)
    return [i for i in range(len(LABELS)) if gold[i]]


def calibration_bins(confidence: Sequence[float], right: Sequence[bool]) -> list[float]:
    """(count, sum of confidence, number right) of ten bins of confidence, shape (3 * 10,)."""
    sums = np.zeros((3, BINS))
    for value, correct in zip(confidence, right, strict=True):
        sums[:, min(BINS - 1, int(value * BINS))] += (1, value, correct)
    return [float(value) for value in sums.ravel()]


def calibration_error(sums: Sums) -> float:
    """Expected calibration error from the sums of `calibration_bins`."""
    count, confidence, right = sums.reshape(3, BINS)
    return float(np.abs(confidence - right).sum() / count.sum()) if count.sum() else math.nan


def flag_counts(gold: Sequence[str], flagged: Mapping[int, str]) -> dict[str, int]:
    """Flags against labels; `flagged`: position of the turn to label."""
    sharp = {i for i, label in enumerate(gold) if label != "neutral"}
    return {
        "flags": len(flagged),
        "sharp": len(sharp),
        "right": len(sharp & flagged.keys()),
        "label_right": sum(gold[i] == label for i, label in flagged.items()),
    }


def _labelled(conversation: Conversation, judge: ToneJudge) -> dict[str, Any]:
    transcript, gold = conversation.transcript, conversation.tone
    labels = judge.labels(transcript)
    chances = np.array([probabilities(found) for found in labels])  # (n_turns, 3)
    best = [int(i) for i in chances.argmax(axis=1)]
    right = [LABELS[guess] == label for guess, label in zip(best, gold, strict=True)]
    place = {turn.i: position for position, turn in enumerate(transcript.turns)}
    flags = {
        sensitivity: {place[flag.turn]: flag.label for flag in judge.flags(transcript, labels, sensitivity)}
        for sensitivity in SENSITIVITIES
    }
    return {
        "id": transcript.id,
        "row": f"{transcript.language}/{conversation.split}",
        "confusion": confusion(gold, best),
        "calibration": calibration_bins(chances.max(axis=1).tolist(), right),
        "flags": {sensitivity: flag_counts(gold, flagged) for sensitivity, flagged in flags.items()},
    }


def _alarms(row: str, transcript: Transcript, judge: ToneJudge) -> dict[str, Any]:
    flags = judge.flags(transcript, judge.labels(transcript), "normal")
    return {"id": transcript.id, "row": row, "false_alarms": len(flags), "turns": len(transcript.turns)}


def _entry(i: int, j: int) -> Statistic:
    """Share of turns labelled i that were taken for j, from the counts of `confusion`."""

    def share(sums: Sums) -> float:
        row = sums.reshape(len(LABELS), len(LABELS))[i]
        return float(row[j] / row.sum()) if row.sum() else math.nan

    return share


def _figures(details: Sequence[dict[str, Any]], seed: int) -> list[Figure]:
    figures: list[Figure] = []
    for row in sorted({d["row"] for d in details}):
        mine = [d for d in details if d["row"] == row]
        counted = [d["confusion"] for d in mine]
        for key, statistic in (
            ("tone_macro_f1", macro_f1(labels_present(counted))),
            ("critical_taken_for_defensive", _entry(1, 2)),
            ("defensive_taken_for_critical", _entry(2, 1)),
        ):
            figures += pooled(key, row, counted, statistic, seed)
        figures += pooled("calibration_error", row, [d["calibration"] for d in mine], calibration_error, seed)
        for sensitivity in SENSITIVITIES:
            counts = [d["flags"][sensitivity] for d in mine]
            under = row if sensitivity == "normal" else f"{row}/{sensitivity}"
            for key, over, upon in (
                ("flag_precision", "right", "flags"),
                ("flag_recall", "right", "sharp"),
                ("flag_label_right", "label_right", "right"),
            ):
                figures += pooled(key, under, [(c[over], c[upon]) for c in counts], ratio, seed)
    return figures


def _alarm_figures(alarms: Sequence[dict[str, Any]], seed: int) -> list[Figure]:
    figures: list[Figure] = []
    for row in sorted({a["row"] for a in alarms}):
        units = [(a["false_alarms"], a["turns"]) for a in alarms if a["row"] == row]
        figures += pooled("false_alarm_rate", row, units, ratio, seed)
    return figures
