"""The transformer encoder of BERT (Vaswani et al. 2017, arXiv 1706.03762; Devlin et al. 2018, arXiv
1810.04805), post-norm, from word vectors to hidden states. The word table stays outside: it is four fifths
of a multilingual model and can be mapped from disk."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-12


class Layer(nn.Module):
    """Self-attention and a feed-forward network, each added to its input and normalised."""

    def __init__(self, hidden: int, heads: int, feed_forward: int) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi = nn.Linear(hidden, feed_forward)
        self.fo = nn.Linear(feed_forward, hidden)
        self.aln = nn.LayerNorm(hidden, eps=EPSILON)
        self.oln = nn.LayerNorm(hidden, eps=EPSILON)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Shape (batch, n_tokens, hidden), kept; `bias` is added to the attention scores."""
        q, k, v = (
            project(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for project in (self.q, self.k, self.v)
        )
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5 + bias
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        x = self.aln(x + self.ao(mixed))
        normalised: Tensor = self.oln(x + self.fo(functional.gelu(self.fi(x))))
        return normalised


class Encoder(nn.Module):
    """Word vectors (batch, n_tokens, hidden) and mask (batch, n_tokens; 1 for a token, 0 for padding) to
    hidden states (batch, n_tokens, hidden). At most `positions` tokens."""

    def __init__(self, hidden: int, layers: int, heads: int, feed_forward: int, positions: int) -> None:
        super().__init__()
        self.pos = nn.Parameter(torch.zeros(positions, hidden))
        self.ln = nn.LayerNorm(hidden, eps=EPSILON)
        self.l = nn.ModuleList([Layer(hidden, heads, feed_forward) for _ in range(layers)])

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Hidden states of the last layer."""
        x = self.ln(words + self.pos[: words.shape[1]])
        bias = (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self.l:
            x = layer(x, bias)
        return x
