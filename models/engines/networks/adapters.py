"""Low-rank adapters (Hu et al. 2021, arXiv 2106.09685): a frozen matrix plus a trained product of two thin
ones. They are trained beside the matrix and added into it for use, so they cost nothing at run time.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from models.engines.networks.encoder import Encoder

SCALE = 2.0
ADAPTED = ("query", "key", "value", "mixed", "wide", "narrow")


class Adapted(nn.Module):
    """A linear layer with an adapter of `rank`; it starts as the layer itself."""

    def __init__(self, linear: nn.Linear, rank: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.down = nn.Linear(linear.in_features, rank, bias=False)
        self.up = nn.Linear(rank, linear.out_features, bias=False)
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output plus the adapter's."""
        y: Tensor = self.linear(x) + SCALE * self.up(self.dropout(self.down(x)))
        return y


def merge(encoder: Encoder, adapters: Mapping[str, Tensor]) -> None:
    """Add adapters into the encoder's matrices. Keys: "<layer>.<name>.down" and ".up" (see `ADAPTED`)."""
    with torch.no_grad():
        for key, up in adapters.items():
            if key.endswith(".up"):
                layer, name, _ = key.split(".")
                linear = getattr(encoder.layers[int(layer)], name)
                linear.weight += SCALE * up.float() @ adapters[f"{layer}.{name}.down"].float()
