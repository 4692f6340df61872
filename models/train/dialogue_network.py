"""The reader as torch sees it while it learns: upper layers with adapters, linear heads, the link network.

The lower layers stay as they are and their output is computed once (`lower_states`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from models.engines import dialogue_links
from models.engines.dialogue_reader import LINKED, TONES
from models.engines.dialogue_windows import Span, Windows
from models.engines.networks.adapters import ADAPTED, Adapted
from models.engines.networks.encoder import Encoder
from models.ports import MOVES
from models.schema import ACTS

HIDDEN = 384
TOP = 6
RANK = 16


@dataclass(frozen=True, slots=True)
class Lower:
    """Output of the lower layers over the windows of a talk: `states` (n_windows, n_tokens, 384), `mask`."""

    states: Tensor
    mask: Tensor
    turns: tuple[Span, ...]
    clauses: tuple[Span, ...]


def lower_states(encoder: Encoder, words: npt.NDArray[np.float16], windows: Windows) -> Lower:
    """Run the frozen part once. `words`: the word table (n_words, 384)."""
    longest = max(map(len, windows.tokens))
    ids = np.ones((len(windows.tokens), longest), np.int64)
    mask = torch.zeros(ids.shape)
    for row, tokens in enumerate(windows.tokens):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    with torch.no_grad():
        x = encoder.norm(torch.from_numpy(words[ids].astype(np.float32)) + encoder.position[:longest])
        bias = (1 - mask)[:, None, None, :] * -1e4
        for layer in list(encoder.layers)[:-TOP]:
            x = layer(x, bias)
    return Lower(x.half(), mask, windows.turns, windows.clauses)


class ReaderNetwork(nn.Module):
    """Upper layers and heads; names of the heads are those of dialogue_reader.safetensors."""

    mean: Tensor
    spread: Tensor

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.layers = nn.ModuleList(list(encoder.layers)[-TOP:])
        self.first = len(encoder.layers) - TOP
        for layer in self.layers:
            layer.requires_grad_(False)
            for name in ADAPTED:
                setattr(layer, name, Adapted(getattr(layer, name), RANK, dropout=0.1))
        width = 2 * HIDDEN
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        self.dropout = nn.Dropout(0.2)
        self.moves = nn.Linear(width, len(MOVES))
        self.holds = nn.Linear(width, 1)
        self.by_speaker = nn.Linear(width, 1)
        self.dates = nn.Linear(width, 1)
        self.acts = nn.Linear(width, len(ACTS))
        self.tone = nn.Linear(width, len(TONES))
        self.query, self.key = nn.Linear(width, 64), nn.Linear(width, 64)
        self.pair = _network(dialogue_links.FEATURES + 2 * LINKED)
        self.opens = _network(width + LINKED)

    def vectors(self, lower: Lower) -> tuple[Tensor, Tensor]:
        """Standardised vectors of turns and clauses, (n_turns, 768) and (n_clauses, 768)."""
        x, bias = lower.states.float(), (1 - lower.mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        turns, clauses = (
            torch.stack([_pooled(x[s.window, s.first : s.last]) for s in spans])
            for spans in (lower.turns, lower.clauses)
        )
        return (turns - self.mean) / self.spread, (clauses - self.mean) / self.spread

    def links(self, vectors: Tensor, moves: Tensor, compared: Tensor) -> Tensor:
        """Scores (m, m + 1): column 0 opens a new task, column a + 1 goes on with move a."""
        count = len(vectors)
        seen = [compared, moves[:, None].expand(count, count, -1), moves[None].expand(count, count, -1)]
        scores = self.query(vectors) @ self.key(vectors).T / dialogue_links.SCALE
        scores = scores + self.pair(torch.cat(seen, -1)).squeeze(-1)
        later = torch.triu(torch.ones(count, count, dtype=torch.bool))
        opening = self.opens(torch.cat([vectors, moves], -1))
        return torch.cat([opening, scores.masked_fill(later, -1e4)], 1)

    def adapters(self) -> dict[str, Tensor]:
        """Trained adapters by the name that networks/adapters.merge knows."""
        return {
            f"{self.first + number}.{name}.{side}": getattr(getattr(layer, name), side).weight.detach()
            for number, layer in enumerate(self.layers)
            for name in ADAPTED
            for side in ("down", "up")
        }

    def heads(self) -> dict[str, Tensor]:
        """Everything else that was trained."""
        return {name: t for name, t in self.state_dict().items() if not name.startswith("layers.")}


def _network(inputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, 32), nn.GELU(approximate="tanh"), nn.Linear(32, 1))


def _pooled(states: Tensor) -> Tensor:
    return torch.cat([states.mean(0), states.max(0).values])
