"""The transformer encoder of BERT (Vaswani et al. 2017, arXiv 1706.03762; Devlin et al. 2018, arXiv
1810.04805), normalised after each step, from word vectors to hidden states. The word table
stays outside: it is four fifths of a multilingual model and can be mapped from disk.
"""

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
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.mixed = nn.Linear(hidden, hidden)
        self.wide = nn.Linear(hidden, feed_forward)
        self.narrow = nn.Linear(feed_forward, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=EPSILON)
        self.norm = nn.LayerNorm(hidden, eps=EPSILON)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Shape (batch, n_tokens, hidden), kept; `bias` is added to the attention scores."""
        query, key, value = (
            project(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        mixed = mixed.transpose(1, 2).flatten(2)
        x = self.attention_norm(x + self.mixed(mixed))
        normalised: Tensor = self.norm(x + self.narrow(functional.gelu(self.wide(x))))
        return normalised


class Encoder(nn.Module):
    """Word vectors (batch, n_tokens, hidden) and mask (batch, n_tokens; 1 for a token, 0 for padding) to
    hidden states (batch, n_tokens, hidden). At most `positions` tokens.
    """

    def __init__(self, hidden: int, depth: int, heads: int, feed_forward: int, positions: int) -> None:
        super().__init__()
        self.position = nn.Parameter(torch.zeros(positions, hidden))
        self.norm = nn.LayerNorm(hidden, eps=EPSILON)
        self.layers = nn.ModuleList([Layer(hidden, heads, feed_forward) for _ in range(depth)])

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Hidden states of the last layer."""
        x: Tensor = self.norm(words + self.position[: words.shape[1]])
        bias = (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x
