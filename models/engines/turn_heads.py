"""Dialogue acts and tone of turns by linear heads on a frozen multilingual encoder.

Two stages, both linear. The first scores each text from its sentence vector and its hashed word pieces:
tone, eleven acts, and auxiliary qualities learnt from public sets (offence, annoyance, politeness ...).
The second judges tone from those scores, the cues of tone_cues and the same of the turns before: who
speaks to whom and what was just said decide between critical and defensive (stacked generalisation,
Wolpert 1992). One pass of the encoder serves both. Training: models/train/turn_heads.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.engines import turn_features as features
from models.engines.turn_features import Matrix, Neighbours
from models.errors import WeightsMissing
from models.ports import Embedder
from models.schema import ACTS, Transcript, TurnLabels

WEIGHTS = Path(__file__).parents[1] / "weights" / "turn_heads.safetensors"
TONES = ("neutral", "critical", "defensive")
EMBEDDING_SCALE = 8.0
"""Sentence vectors lie close together; centred and times eight their columns have a spread near 0.3."""
PREVIOUS_SCALE = 0.5
PIECES_SHARE = 0.7
OUTLIER = 6.0


class TurnHeads:
    """TurnClassifier; `weights` are the tensors of turn_heads.safetensors."""

    def __init__(self, embedder: Embedder, weights: Mapping[str, Matrix]) -> None:
        self.embedder = embedder
        self.weights = {name: tensor.astype(np.float32) for name, tensor in weights.items()}

    def classify(self, transcript: Transcript) -> list[TurnLabels]:
        """One TurnLabels a turn: acts 0..1 (0.5 is where F1 was best), tone probabilities that sum to 1."""
        if not transcript.turns:
            return []
        vectors = self.embedder.embed([turn.text for turn in transcript.turns])
        first = FirstStage(transcript, vectors, self.weights)
        acts = sigmoid(first.acts * self.weights["act_slope"] + self.weights["act_offset"])
        tone = tone_probabilities(second_stage_input(first), self.weights)
        return [
            TurnLabels(
                turn=turn.i,
                acts=dict(zip(ACTS, act_row.tolist(), strict=True)),
                tone=dict(zip(TONES, tone_row.tolist(), strict=True)),
            )
            for turn, act_row, tone_row in zip(transcript.turns, acts, tone, strict=True)
        ]


class FirstStage:
    """Scores of every turn by itself: `tone` (n, 4), `acts` (n, 11), `auxiliary` (n, m), all logits."""

    def __init__(self, transcript: Transcript, vectors: Matrix, weights: Mapping[str, Matrix]) -> None:
        texts = [turn.text for turn in transcript.turns]
        self.around = features.neighbours(transcript)
        self.roles = features.roles(transcript, self.around)
        self.surface = features.surface(texts)
        self.cues = features.cue_counts(texts)
        centred = centre(vectors, weights["centre"])
        pieces = features.piece_scores(texts, weights["pieces"])
        self.tone = np.hstack([centred @ weights["tone_vector"] + weights["tone_vector_bias"], pieces[:, :2]])
        self.auxiliary = centred @ weights["auxiliary"] + weights["auxiliary_bias"]
        dense = act_input(centred, self.surface, self.roles, self.around)
        self.acts = dense @ weights["act_dense"] + weights["act_bias"] + PIECES_SHARE * pieces[:, 2:]


def centre(vectors: Matrix, mean: Matrix) -> Matrix:
    """Sentence vectors around their mean over conversations, shape (n, 384)."""
    return ((vectors - mean) * EMBEDDING_SCALE).astype(np.float32)


def act_input(centred: Matrix, surface: Matrix, roles: Matrix, around: Neighbours) -> Matrix:
    """What the act heads see beside word pieces: this turn, the one it answers, form and roles."""
    answered = features.taken(around.other, centred) * np.float32(PREVIOUS_SCALE)
    before = features.taken(around.other, surface[:, : features.SURFACE_OF_PREVIOUS])
    return np.hstack([centred, answered, surface, before, roles])


def second_stage_input(first: FirstStage) -> Matrix:
    """What the tone head sees: scores and cues of this turn, of the one it answers, of the speaker's last."""
    other, own = first.around.other, first.around.own
    return np.hstack(
        [
            first.cues,
            features.taken(other, first.cues),
            first.surface,
            features.taken(other, first.surface[:, : features.SURFACE_OF_PREVIOUS]),
            first.tone,
            features.taken(other, first.tone),
            features.taken(own, first.tone),
            first.acts,
            features.taken(other, first.acts),
            first.auxiliary,
            features.taken(other, first.auxiliary),
            first.roles,
        ]
    )


def tone_probabilities(inputs: Matrix, weights: Mapping[str, Matrix]) -> Matrix:
    """Softmax with temperature over the standardised input, shape (n, 3)."""
    standard = (inputs - weights["tone_mean"]) / weights["tone_spread"]
    logits = np.clip(standard, -OUTLIER, OUTLIER) @ weights["tone"] + weights["tone_bias"]
    logits = logits / weights["temperature"]
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return probabilities


def sigmoid(logits: Matrix) -> Matrix:
    """1 / (1 + exp(-x)), safe for large x."""
    return np.float32(0.5) * (1 + np.tanh(logits / 2))


def load(embedder: Embedder, path: Path = WEIGHTS) -> TurnHeads:
    """Factory for models/registry; raises WeightsMissing when the file that ships with the code is gone."""
    from safetensors.numpy import load_file

    if not path.is_file():
        raise WeightsMissing("turn_heads_missing", path=path.name)
    return TurnHeads(embedder, load_file(path))
