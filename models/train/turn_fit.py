"""Fitting of the two stages of the turn heads; models/train/turn_heads.py tells why and measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge

from models.engines import turn_features as features
from models.engines import turn_heads as heads
from models.engines.turn_features import Matrix
from models.ports import Embedder
from models.train.turn_data import Kind, Labelled

VECTOR_C, PIECES_C, ACT_C, ACT_PIECES_C, AUXILIARY_C, SECOND_C = 0.1, 3.0, 0.05, 5.0, 0.1, 0.05
KIND_WEIGHT: dict[Kind, float] = {"conversation": 1.0, "exchange": 1.0, "meeting": 0.3}
INNER_FOLDS = 5
AUXILIARY = ("annoyance", "disapproval", "praise", "care", "amusement", "offence", "politeness")

Weights = dict[str, Matrix]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled transcript with its sentence vectors and word pieces, computed once."""

    labelled: Labelled
    vectors: Matrix
    pieces: sparse.csr_matrix
    dense: Matrix


def prepare(data: Sequence[Labelled], embedder: Embedder, mean: Matrix | None = None) -> list[Sample]:
    """Embed everything; `mean` is the centre, by default the mean vector of the conversations."""
    vectors = [embedder.embed([turn.text for turn in item.transcript.turns]) for item in data]
    if mean is None:
        talks = [v for v, item in zip(vectors, data, strict=True) if item.kind == "conversation"]
        mean = np.vstack(talks).mean(axis=0)
    return [_sample(item, v, mean) for item, v in zip(data, vectors, strict=True)]


def _sample(item: Labelled, vectors: Matrix, mean: Matrix) -> Sample:
    texts = [turn.text for turn in item.transcript.turns]
    around = features.neighbours(item.transcript)
    centred = heads.centre(vectors, mean)
    roles = features.roles(item.transcript, around)
    dense = heads.act_input(centred, features.surface(texts), roles, around)
    return Sample(item, vectors, _piece_matrix(texts), dense)


def _piece_matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    found = [features.word_pieces(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(pieces) for pieces in found])
    values = np.concatenate([np.full(len(p), 1 / np.sqrt(max(1, len(p)))) for p in found])
    return sparse.csr_matrix((values, (rows, np.concatenate(found))), shape=(len(texts), features.BUCKETS))


def fit_auxiliary(
    public: Mapping[str, tuple[list[str], Matrix]], embedder: Embedder, mean: Matrix
) -> Weights:
    """Heads for qualities of single texts, columns in the order of AUXILIARY."""
    columns, biases = [], []
    for quality in AUXILIARY:
        texts, values = public[quality]
        centred = heads.centre(embedder.embed(texts), mean)
        if quality == "politeness":
            model = Ridge(alpha=30.0).fit(centred, values)
        else:
            model = LogisticRegression(C=AUXILIARY_C, max_iter=300).fit(centred, values > 0)
        columns.append(np.ravel(model.coef_))
        biases.append(float(np.ravel(model.intercept_)[0]))
    return {"auxiliary": np.array(columns, np.float32).T, "auxiliary_bias": np.array(biases, np.float32)}


def fit_first(samples: Sequence[Sample], fixed: Weights) -> Weights:
    """Stage one on these samples; `fixed` holds centre and auxiliary heads."""
    centred = np.vstack([heads.centre(s.vectors, fixed["centre"]) for s in samples])
    pieces = sparse.vstack([s.pieces for s in samples]).tocsr()
    tone = np.concatenate([s.labelled.tone for s in samples])
    by_vector = LogisticRegression(C=VECTOR_C, max_iter=300).fit(centred, tone)
    by_pieces = LogisticRegression(C=PIECES_C, max_iter=300).fit(pieces, tone)
    talks = [s for s in samples if s.labelled.acts is not None]
    dense, act_pieces = np.vstack([s.dense for s in talks]), sparse.vstack([s.pieces for s in talks]).tocsr()
    acts = np.vstack([s.labelled.acts for s in talks if s.labelled.acts is not None])
    by_dense = [LogisticRegression(C=ACT_C, max_iter=300).fit(dense, column) for column in acts.T]
    by_piece = [LogisticRegression(C=ACT_PIECES_C, max_iter=300).fit(act_pieces, column) for column in acts.T]
    act_bias = [
        float(d.intercept_[0] + heads.PIECES_SHARE * p.intercept_[0])
        for d, p in zip(by_dense, by_piece, strict=True)
    ]
    table = np.vstack([by_pieces.coef_[1:] - by_pieces.coef_[:1], *[p.coef_ for p in by_piece]])
    return fixed | {
        "tone_vector": (by_vector.coef_[1:] - by_vector.coef_[:1]).T.astype(np.float32),
        "tone_vector_bias": (by_vector.intercept_[1:] - by_vector.intercept_[0]).astype(np.float32),
        "pieces": table.T.astype(np.float16).astype(np.float32),
        "act_dense": np.vstack([d.coef_ for d in by_dense]).T.astype(np.float32),
        "act_bias": np.array(act_bias, np.float32),
    }


def first_stage(sample: Sample, weights: Weights) -> heads.FirstStage:
    """Scores of stage one for a sample."""
    return heads.FirstStage(sample.labelled.transcript, sample.vectors, weights)


def fit_second(samples: Sequence[Sample], fixed: Weights, seed: int) -> Weights:
    """Stage two on scores that stage one gave to samples it had not seen, plus stage one on all of them."""
    fold = folds(len(samples), INNER_FOLDS, seed)
    inputs: list[Matrix] = [np.empty(0, np.float32)] * len(samples)
    for k in range(INNER_FOLDS):
        weights = fit_first([s for s, f in zip(samples, fold, strict=True) if f != k], fixed)
        for i in np.flatnonzero(fold == k).tolist():
            inputs[i] = heads.second_stage_input(first_stage(samples[i], weights))
    stacked = np.vstack(inputs)
    mean, spread = stacked.mean(axis=0), stacked.std(axis=0) + 1e-6
    standard = np.clip((stacked - mean) / spread, -heads.OUTLIER, heads.OUTLIER)
    tone = np.concatenate([s.labelled.tone for s in samples])
    importance = np.concatenate(
        [np.full(len(s.labelled.tone), KIND_WEIGHT[s.labelled.kind]) for s in samples]
    )
    model = LogisticRegression(C=SECOND_C, max_iter=1000).fit(standard, tone, importance)
    return fit_first(samples, fixed) | {
        "tone_mean": mean.astype(np.float32),
        "tone_spread": spread.astype(np.float32),
        "tone": model.coef_.T.astype(np.float32),
        "tone_bias": model.intercept_.astype(np.float32),
        "temperature": np.ones(1, np.float32),
    }


def folds(count: int, number: int, seed: int) -> Labels:
    """A fold for each of `count` whole transcripts, shape (count,)."""
    return np.random.default_rng(seed).permutation(count) % number


def best_threshold(labels: Matrix, scores: Matrix) -> tuple[float, float]:
    """Score from which on calling it positive gives the best F1, and that F1."""
    order = np.argsort(-scores)
    hits = np.cumsum(labels[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + labels.sum())
    at = int(f1.argmax())
    return float(scores[order[at]]), float(f1[at])


def act_scaling(acts: Matrix, logits: Matrix) -> Weights:
    """Slope and offset by act that put the best F1 of out-of-fold logits at 0.5."""
    slopes, offsets = [], []
    for column, scores in zip(acts.T, logits.T, strict=True):
        slope = float(LogisticRegression(C=1e3).fit(scores[:, None], column).coef_[0, 0])
        threshold, _ = best_threshold(column, scores)
        slopes.append(slope)
        offsets.append(-slope * threshold)
    return {"act_slope": np.array(slopes, np.float32), "act_offset": np.array(offsets, np.float32)}


def temperature(labels: Labels, probabilities: Matrix) -> float:
    """Temperature (Guo et al. 2017) that fits out-of-fold tone probabilities best, from a grid."""
    logits = np.log(np.maximum(probabilities, 1e-9))
    grid = np.arange(0.6, 3.01, 0.05)

    def loss(value: float) -> float:
        scaled = logits / value
        normal = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-normal[np.arange(len(labels)), labels].mean())

    return float(min(grid, key=loss))
