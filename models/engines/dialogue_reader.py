"""Reads a whole conversation: acts and tone of its turns, moves of its clauses, and what refers to what.

multilingual-e5-small with adapters (models/weights/dialogue_reader.safetensors) runs over windows of turns,
so every word is read in its surroundings. A turn or clause is the mean and the maximum of its tokens' states;
linear heads judge it. One pass serves acts, tone and commitments. Training: models/train/dialogue_reader.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from models.engines import dialogue_links, dialogue_windows
from models.engines.dialogue_links import Matrix, softmax
from models.engines.dialogue_windows import Span, Windows
from models.errors import WeightsMissing
from models.ports import DECISION_MOVES, MOVES, TASK_MOVES, ClauseReading, Reading, SpokenClause
from models.schema import ACTS, Transcript, TurnLabels
from models.store import Store

WEIGHTS = Path(__file__).parents[1] / "weights" / "dialogue_reader.safetensors"
TONES = ("neutral", "critical", "defensive")
LINKED = len(TASK_MOVES) + len(DECISION_MOVES)
MOVING = 0.3
"""A clause takes part in the dialogue of commitments when one of its moves is at least this probable."""
LOOK_BACK = 120
"""A move goes on with one of at least so many moves before it; two of three hours ago are not compared."""
BATCH = 2
"""Windows read at a time."""


class Heads:
    """Everything behind the encoder, over the tensors of dialogue_reader.safetensors."""

    def __init__(self, weights: Mapping[str, Matrix]) -> None:
        self.weights = {name: tensor.astype(np.float32) for name, tensor in weights.items()}

    def reading(
        self, transcript: Transcript, clauses: Sequence[SpokenClause], turns: Matrix, said: Matrix
    ) -> Reading:
        """What the vectors of turns (n_turns, 768) and clauses (n_clauses, 768) tell."""
        known = self.weights
        acts = sigmoid(self.logits("acts", turns) * known["act_slope"] + known["act_offset"])
        tone = self._tone(turns)
        sharpest = self._sharpest(transcript, clauses, said)
        labels = tuple(
            TurnLabels(
                turn=turn.i,
                acts=dict(zip(ACTS, act_row.tolist(), strict=True)),
                tone=dict(zip(TONES, tone_row.tolist(), strict=True)),
                sharpest=sharpest[position],
            )
            for position, (turn, act_row, tone_row) in enumerate(
                zip(transcript.turns, acts, tone, strict=True)
            )
        )
        return Reading(labels, self._clauses(said, clauses))

    def _sharpest(
        self, transcript: Transcript, clauses: Sequence[SpokenClause], said: Matrix
    ) -> list[dict[str, tuple[str, float]]]:
        """By turn and tone the clause that sounds most like it: the same head, over the words of a clause."""
        found: list[dict[str, tuple[str, float]]] = [{} for _ in transcript.turns]
        for clause, shares in zip(clauses, self._tone(said).tolist(), strict=True):
            words = transcript.turns[clause.position].text[clause.start : clause.end]
            for tone, share in zip(TONES[1:], shares[1:], strict=True):
                if share > found[clause.position].get(tone, ("", 0.0))[1]:
                    found[clause.position][tone] = (words, share)
        return found

    def _tone(self, vectors: Matrix) -> Matrix:
        """Probability of each tone, shape (n, 3)."""
        scaled = self.logits("tone", vectors) + self.weights["tone_prior"]
        return softmax(scaled / self.weights["tone_warmth"])

    def logits(self, name: str, vectors: Matrix) -> Matrix:
        """Scores of a linear head by name, shape (n, outputs)."""
        logits: Matrix = vectors @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return logits

    def standardised(self, vectors: Matrix) -> Matrix:
        """Vectors of this encoder lie close together: centred and scaled they tell more."""
        scaled: Matrix = (vectors - self.weights["mean"]) / self.weights["spread"]
        return scaled

    def _clauses(self, said: Matrix, clauses: Sequence[SpokenClause]) -> tuple[ClauseReading, ...]:
        moves = sigmoid(self.logits("moves", said))
        holds, by_speaker, dates = (
            sigmoid(self.logits(name, said))[:, 0] for name in ("holds", "by_speaker", "dates")
        )
        moving = np.flatnonzero((moves[:, :LINKED] >= MOVING).any(axis=1)).tolist()
        earlier = self._earlier(moving, clauses, said, moves)
        return tuple(
            ClauseReading(
                moves=dict(zip(MOVES, moves[k].tolist(), strict=True)),
                holds=float(holds[k]),
                by_speaker=float(by_speaker[k]),
                dates=float(dates[k]),
                moving=k in earlier,
                earlier=earlier.get(k, {}),
            )
            for k in range(len(clauses))
        )

    def _earlier(
        self, moving: Sequence[int], clauses: Sequence[SpokenClause], said: Matrix, moves: Matrix
    ) -> dict[int, dict[int, float]]:
        """For each clause with a move the earlier ones it may go on with; in blocks, so that a long meeting
        takes no more memory than a short one.
        """
        found: dict[int, dict[int, float]] = {}
        for start in range(0, len(moving), LOOK_BACK):
            near = moving[max(0, start - LOOK_BACK) : start + LOOK_BACK]
            compared = dialogue_links.features(clauses, near)
            shares = dialogue_links.antecedents(said[near], moves[near][:, :LINKED], compared, self.weights)
            for row in range(min(start, LOOK_BACK), len(near)):
                found[near[row]] = {near[a]: float(shares[row, a + 1]) for a in range(row)}
        return found


class DialogueReader:
    """DialogueReader over the folder with tokenizer.json, embeddings.npy and talk_encoder.onnx."""

    def __init__(self, folder: Path, threads: int, heads: Heads) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.words: npt.NDArray[np.float16] = np.load(folder / "embeddings.npy", mmap_mode="r")
        self.heads = heads
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.encoder = onnxruntime.InferenceSession(
            str(folder / "talk_encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def read(self, transcript: Transcript, clauses: Sequence[SpokenClause]) -> Reading:
        """Acts 0..1, tone probabilities that sum to 1, moves with what they refer to."""
        if not transcript.turns:
            return Reading((), ())
        windows = dialogue_windows.cut(transcript, clauses, self.tokenizer)
        return self.heads.reading(transcript, clauses, *self._vectors(windows))

    def _vectors(self, windows: Windows) -> tuple[Matrix, Matrix]:
        """Vectors of turns and of clauses, standardised, shapes (n_turns, 768) and (n_clauses, 768)."""
        turns = np.zeros((len(windows.turns), 2 * self.words.shape[1]), np.float32)
        clauses = np.zeros((len(windows.clauses), turns.shape[1]), np.float32)
        for window, states in self._states(windows):
            for spans, vectors in ((windows.turns, turns), (windows.clauses, clauses)):
                for row, span in enumerate(spans):
                    if span.window == window:
                        vectors[row] = pooled(states, span)
        return self.heads.standardised(turns), self.heads.standardised(clauses)

    def _states(self, windows: Windows) -> Iterator[tuple[int, Matrix]]:
        """Each window with its hidden states, shape (n_tokens, 384)."""
        for start in range(0, len(windows.tokens), BATCH):
            batch = windows.tokens[start : start + BATCH]
            longest = max(map(len, batch))
            ids = np.ones((len(batch), longest), np.int64)
            mask = np.zeros((len(batch), longest), np.float32)
            for row, tokens in enumerate(batch):
                ids[row, : len(tokens)] = tokens
                mask[row, : len(tokens)] = 1
            (states,) = self.encoder.run(None, {"words": self.words[ids].astype(np.float32), "mask": mask})
            yield from ((start + row, states[row]) for row in range(len(batch)))


def pooled(states: Matrix, span: Span) -> Matrix:
    """Mean and maximum of the states of a span, shape (768,)."""
    part = states[span.first : span.last]
    return np.concatenate([part.mean(axis=0), part.max(axis=0)])


def sigmoid(logits: Matrix) -> Matrix:
    """1 / (1 + exp(-x)), safe for large x."""
    return np.float32(0.5) * (1 + np.tanh(logits / 2))


def load(store: Store, threads: int, path: Path = WEIGHTS) -> DialogueReader:
    """Make the engine for models/registry; raises WeightsMissing."""
    from safetensors.numpy import load_file

    if not path.is_file():
        raise WeightsMissing("reader_weights_missing", path=path.name)
    return DialogueReader(store.path("e5-small"), threads, Heads(load_file(path)))
