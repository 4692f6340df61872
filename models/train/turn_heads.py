"""Train models/weights/turn_heads.safetensors.

    python -m models.train.turn_heads CONVERSATIONS... --public DIR --models DIR

Reads only conversations of the split "train". Everything is chosen and measured by cross-validation over
whole conversations; false alarms are counted on meetings left out of training. Seeds are fixed: the same
data give the same file. Figures are printed and belong on the card beside the weights.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from sklearn.metrics import average_precision_score

from models.engines import turn_heads as heads
from models.engines.turn_features import Matrix
from models.ports import Embedder
from models.registry import Engines
from models.schema import ACTS
from models.train import turn_data, turn_fit
from models.train.turn_data import Labelled
from models.train.turn_fit import Sample, Weights

SEED = 0
OUTER_FOLDS = 6
MEETINGS_FOR_TRAINING = 40
HALF_PRECISION = ("pieces", "act_dense", "auxiliary", "tone_vector")
PRECISION_TARGETS = (0.85, 0.9, 0.95)


def main() -> None:
    """Train, report, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conversations", nargs="+", type=Path, help="folders of labelled conversations")
    parser.add_argument("--public", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--models", type=Path, required=True, help="the model store, for the encoder")
    parser.add_argument("--out", type=Path, default=heads.WEIGHTS)
    chosen = parser.parse_args()
    train(chosen.conversations, chosen.public, Engines(chosen.models, threads=1).embedder, chosen.out)


def train(folders: Sequence[Path], public: Path, embedder: Embedder, out: Path) -> None:
    """The whole training; prints the figures."""
    talks = turn_fit.prepare(turn_data.conversations(folders), embedder)
    mean = np.vstack([s.vectors for s in talks]).mean(axis=0)
    fixed: Weights = {"centre": mean}
    fixed |= turn_fit.fit_auxiliary(turn_data.public_texts(public), embedder, mean)
    meetings = turn_data.meetings(public)
    extra = turn_fit.prepare([*turn_data.exchanges(), *_meetings_for_training(meetings)], embedder, mean)
    apart = turn_fit.prepare([m for m in meetings if turn_data.for_testing(m)], embedder, mean)
    scaling = cross_validate(talks, extra, apart, fixed)
    weights = turn_fit.fit_second([*talks, *extra], fixed, SEED) | scaling
    save_file({name: _stored(name, tensor) for name, tensor in weights.items()}, out)


def _meetings_for_training(meetings: Sequence[Labelled]) -> list[Labelled]:
    """All Chinese ones that are not kept for testing, and as many English ones as MEETINGS_FOR_TRAINING."""
    kept = [m for m in meetings if not turn_data.for_testing(m)]
    chinese = [m for m in kept if m.transcript.id.startswith("vcsum")]
    english = [m for m in kept if not m.transcript.id.startswith("vcsum")]
    chosen = np.random.default_rng(SEED).permutation(len(english))[:MEETINGS_FOR_TRAINING]
    return [*chinese, *[english[i] for i in chosen]]


def cross_validate(
    talks: Sequence[Sample], extra: Sequence[Sample], apart: Sequence[Sample], fixed: Weights
) -> Weights:
    """Score every conversation by heads that never saw it, print the figures, return the calibration."""
    fold = turn_fit.folds(len(talks), OUTER_FOLDS, SEED)
    tone: list[Matrix] = [np.empty(0, np.float32)] * len(talks)
    acts = list(tone)
    alarms = np.zeros((sum(len(s.labelled.tone) for s in apart), 3), np.float32)
    for k in range(OUTER_FOLDS):
        known = [s for s, f in zip(talks, fold, strict=True) if f != k]
        weights = turn_fit.fit_second([*known, *extra], fixed, SEED + k)
        for i in np.flatnonzero(fold == k).tolist():
            first = turn_fit.first_stage(talks[i], weights)
            acts[i] = first.acts
            tone[i] = heads.tone_probabilities(heads.second_stage_input(first), weights)
        alarms += _tones(apart, weights) / OUTER_FOLDS
    labels = np.concatenate([s.labelled.tone for s in talks])
    warmth = np.array([turn_fit.temperature(labels, np.vstack(tone))], np.float32)
    scaling = turn_fit.act_scaling(_acts(talks), np.vstack(acts)) | {"temperature": warmth}
    report(talks, _warmed(np.vstack(tone), warmth), np.vstack(acts), apart, _warmed(alarms, warmth))
    return scaling


def report(
    talks: Sequence[Sample], tone: Matrix, acts: Matrix, apart: Sequence[Sample], alarms: Matrix
) -> None:
    """Average precision, F1, thresholds by precision target and false alarms, by language of the turn."""
    labels = np.concatenate([s.labelled.tone for s in talks])
    languages, apart_languages = _languages(talks), _languages(apart)
    truth = _acts(talks)
    print(f"{len(labels)} turns; calibration error {calibration_error(labels, tone):.4f}")
    for language in ("en", "zh"):
        mine, others = languages == language, apart_languages == language
        for column, act in enumerate(ACTS):
            scores, hits = acts[mine, column], truth[mine, column]
            f1 = turn_fit.best_threshold(hits, scores)[1]
            print(f"{language} {act}: AP {average_precision_score(hits, scores):.2f}, best F1 {f1:.2f}")
        for column in (1, 2):
            scores, hits = tone[mine, column], labels[mine] == column
            average = average_precision_score(hits, scores)
            line = f"{language} {heads.TONES[column]} ({hits.sum()}): AP {average:.2f}"
            for target in PRECISION_TARGETS:
                threshold = threshold_for(hits, scores, target)
                recall = (scores[hits] >= threshold).mean()
                alarm = (alarms[others, column] >= threshold).mean()
                line += f"; P {target} from {threshold:.2f}: recall {recall:.2f}, false alarms {alarm:.2%}"
            print(line)


def threshold_for(hits: Matrix, scores: Matrix, precision: float) -> float:
    """The lowest score from which on precision is at least this; above 1 when there is none."""
    order = np.argsort(-scores)
    reached = np.flatnonzero(np.cumsum(hits[order]) / np.arange(1, len(order) + 1) >= precision)
    return float(scores[order[reached[-1]]]) if len(reached) else 1.01


def calibration_error(labels: turn_fit.Labels, probabilities: Matrix, bins: int = 10) -> float:
    """Expected calibration error of the most probable class (Naeini et al. 2015)."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].sum() - right[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(labels))


def _tones(samples: Sequence[Sample], weights: Weights) -> Matrix:
    inputs = [heads.second_stage_input(turn_fit.first_stage(s, weights)) for s in samples]
    return heads.tone_probabilities(np.vstack(inputs), weights)


def _warmed(probabilities: Matrix, warmth: Matrix) -> Matrix:
    raised = np.maximum(probabilities, 1e-9) ** (1 / warmth)
    warmed: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return warmed


def _acts(samples: Sequence[Sample]) -> Matrix:
    return np.vstack([s.labelled.acts for s in samples if s.labelled.acts is not None])


def _languages(samples: Sequence[Sample]) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    texts = [turn.text for s in samples for turn in s.labelled.transcript.turns]
    return np.array(["zh" if re.search(r"[\u3400-\u9fff]", text) else "en" for text in texts])


def _stored(name: str, tensor: Matrix) -> np.ndarray[tuple[int, ...], np.dtype[np.floating]]:
    return np.ascontiguousarray(tensor, np.float16 if name in HALF_PRECISION else np.float32)


if __name__ == "__main__":
    main()
