"""The fit of the reader: losses, steps, and the samples they run over."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.engines import dialogue_links
from models.engines.dialogue_links import Matrix
from models.engines.dialogue_reader import LINKED, TONES
from models.engines.networks.encoder import Encoder
from models.schema import Transcript
from models.stages.clauses import Clause
from models.train.dialogue_labels import UNKNOWN, Targets
from models.train.dialogue_network import Lower, ReaderNetwork

SHARES = {"moves": 1.0, "holds": 0.5, "by_speaker": 0.3, "dates": 0.3, "acts": 0.6, "tone": 0.5, "links": 0.7}
"""Weight of each loss."""
RARE_MOVE = 2.0
RARE_TONE = 4.0
"""How much more a rare label counts than its absence."""
WARM_UP = 0.08


@dataclass(frozen=True, slots=True)
class Sample:
    """A talk with its label sets; one is drawn each time the talk is seen. `moves_known` False: tone only."""

    transcript: Transcript
    clauses: Sequence[Clause]
    lower: Lower
    label_sets: tuple[Targets, ...]
    moves_known: bool = True


def fit(samples: Sequence[Sample], encoder: Encoder, epochs: int, rate: float, seed: int) -> ReaderNetwork:
    """Train on every sample `epochs` times with AdamW, a talk a step, and a rate that falls linearly."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - a reproducible order, not a secret
    network = ReaderNetwork(encoder)
    _standardise(network, samples)
    _begin_at_the_rates(network, samples)
    trained = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01)
    steps = epochs * len(samples)
    order = list(samples)
    done = 0
    for epoch in range(epochs):
        rng.shuffle(order)
        network.train()
        total, began = 0.0, time.monotonic()
        for sample in order:
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (done + 1) / (WARM_UP * steps)) * max(0.02, 1 - done / steps)
            loss = _loss(network, sample, rng.choice(sample.label_sets))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            total, done = total + float(loss.detach()), done + 1
        print(
            f"epoch {epoch + 1}: loss {total / len(order):.3f}, {time.monotonic() - began:.0f} s", flush=True
        )
    return network.eval()


def _standardise(network: ReaderNetwork, samples: Sequence[Sample]) -> None:
    """Vectors of this encoder lie close together: measure their centre and spread before anything moves."""
    with torch.no_grad():
        network.eval()
        seen = torch.cat([network.vectors(s.lower)[1] for s in samples[:: max(1, len(samples) // 12)]])
        network.mean.copy_(seen.mean(0))
        network.spread.copy_(seen.std(0) + 1e-4)


def _begin_at_the_rates(network: ReaderNetwork, samples: Sequence[Sample]) -> None:
    known = [s.label_sets[0] for s in samples if s.moves_known]
    for head, rows in ((network.moves, [t.moves for t in known]), (network.acts, [t.acts for t in known])):
        rate = np.vstack(rows).mean(axis=0)
        with torch.no_grad():
            head.bias.copy_(torch.from_numpy(np.log((rate + 1e-3) / (1 - rate))))
    for head in (network.moves, network.holds, network.by_speaker, network.dates, network.acts, network.tone):
        nn.init.normal_(head.weight, std=0.005)


def _loss(network: ReaderNetwork, sample: Sample, target: Targets) -> Tensor:
    turns, clauses = network.vectors(sample.lower)
    turns, clauses = network.dropout(turns), network.dropout(clauses)
    sharp = torch.tensor([1.0, *[RARE_TONE] * (len(TONES) - 1)])
    losses = {"tone": functional.cross_entropy(network.tone(turns), torch.from_numpy(target.tone), sharp)}
    if sample.moves_known:
        moves = network.moves(clauses)
        losses |= {
            "acts": _binary(network.acts(turns), target.acts),
            "moves": _binary(moves, target.moves, RARE_MOVE),
            "links": _link_loss(network, sample, target, clauses, moves),
        }
        for name in ("holds", "by_speaker", "dates"):
            losses[name] = _where_known(getattr(network, name)(clauses)[:, 0], getattr(target, name))
    return torch.stack([SHARES[name] * loss for name, loss in losses.items()]).sum()


def _binary(logits: Tensor, truth: Matrix, rare: float = 1.0) -> Tensor:
    """Cross-entropy of each column, summed over columns, mean over rows."""
    weight = torch.full((logits.shape[1],), rare)
    every = functional.binary_cross_entropy_with_logits(
        logits, torch.from_numpy(truth), pos_weight=weight, reduction="none"
    )
    return every.sum(1).mean()


def _where_known(logits: Tensor, truth: Matrix) -> Tensor:
    known = np.flatnonzero(truth > UNKNOWN)
    if not len(known):
        return logits.sum() * 0
    return functional.binary_cross_entropy_with_logits(logits[known], torch.from_numpy(truth[known]))


def _link_loss(
    network: ReaderNetwork, sample: Sample, target: Targets, clauses: Tensor, moves: Tensor
) -> Tensor:
    """Minus log of the probability that the links give to all right antecedents together."""
    linked = set(np.flatnonzero(target.moves[:, :LINKED].sum(axis=1)).tolist())
    moving = [k for k, threads in enumerate(target.threads) if threads and k in linked]
    if len(moving) < 2:
        return clauses.sum() * 0
    right = torch.zeros(len(moving), len(moving) + 1)
    for b, later in enumerate(moving):
        for a in range(b):
            right[b, a + 1] = float(bool(target.threads[moving[a]] & target.threads[later]))
        right[b, 0] = float(not right[b].any())
    # What a move is will only be guessed later: half truth, half guess.
    truth = torch.from_numpy(target.moves[moving][:, :LINKED])
    seen = (truth + moves[moving][:, :LINKED].sigmoid().detach()) / 2
    compared = torch.from_numpy(dialogue_links.features(sample.clauses, moving))
    scores = network.links(clauses[moving], seen, compared)
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores + (right - 1) * 1e4, 1)).mean()
