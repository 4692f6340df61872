"""Fit models/stages/confidence.toml: how much each sign of a thread says that it is an action item.

    python -m models.train.confidence FOLDER --models DIR [--write]

FOLDER holds labelled conversations; only those of the split "train" are used. The act probabilities that the
signs hold come from turn heads that never saw the conversation (trained afresh in each fold, without the real
meetings, which only steady the tone), so the weights meet the errors they will meet in use. Copies with the
labelled acts, blurred at random, are added, for threads are few: on unseen talks that did better than either
alone. Figures are cross-validated over whole talks; "before" are those of the weights that lie in the file,
which saw these conversations if they were fitted on them. Two minutes on one core.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from models.engines import turn_heads as heads
from models.engines.turn_features import Matrix
from models.ports import Embedder
from models.registry import Engines
from models.schema import ACTS, Participant, Transcript, Turn, TurnLabels
from models.stages import confidence
from models.stages.acts import label_turns
from models.stages.extract import action_item, hear
from models.stages.threads import STANDING, Thread
from models.train import turn_data, turn_fit

SEED = 0
FOLDS = 6
STRENGTH = {"cues_only": 0.5, "with_classifier": 0.15}
"""Inverse strength of the L2 penalty, by table."""
SEEN_IN = 5
"""A sign of fewer threads than this gets no weight."""
SMALL = 0.05
"""Weights nearer to zero than this are left out of the file."""
REAL_COPIES, BLURRED_COPIES = 2, 3
HIT, MISS = (4.0, 2.0), (1.2, 6.0)
"""Beta distributions of the probability of an act that is there, or not, in a blurred copy."""
BY_HAND = {"handover": 1.2}
"""Least weight of a sign: "leave that with me" accepts by definition and is rare in the data."""
HEADER = """\
# Log-odds that a thread is an action item, by sign; a sign adds its weight times its value 0..1. Written by
# models/train/confidence.py: logistic regression (L2) on the training conversations, so figures measured on
# those are not held out. "with_classifier" was fitted on act probabilities of turn heads that had not seen
# the conversation. "handover" is set by hand: "leave that with me" accepts by definition and is rare.
"""

Score = Callable[[dict[str, float]], float]
Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action item of the labelled minutes."""

    turns: frozenset[int]
    owner: str | None
    due: str | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A labelled conversation with its own date and names."""

    transcript: Transcript
    items: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A standing thread of a meeting: its signs, and whether a labelled item is its partner."""

    thread: Thread
    signs: dict[str, float]
    turns: frozenset[int]
    right: bool


@dataclass(frozen=True, slots=True)
class KnownLabels:
    """A TurnClassifier that repeats what was computed before, by transcript id."""

    labels: Mapping[str, list[TurnLabels]]

    def classify(self, transcript: Transcript) -> list[TurnLabels]:
        """Repeat the labels of this transcript."""
        return self.labels[transcript.id]


def main() -> None:
    """Fit, report, and write the table when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of labelled conversations")
    parser.add_argument("--models", type=Path, required=True, help="the model store, for the encoder")
    parser.add_argument("--write", action="store_true", help="put the weights into confidence.toml")
    chosen = parser.parse_args()
    fit(chosen.folder, Engines(chosen.models, threads=1).embedder, chosen.write)


def fit(folder: Path, embedder: Embedder, write: bool) -> None:
    """Both tables with their figures."""
    meetings = read(folder)
    classifier = KnownLabels(unseen_labels(folder, embedder))
    text = HEADER
    for table, given in (("cues_only", None), ("with_classifier", classifier)):
        found = [candidates(m, label_turns(m.transcript, given)) for m in meetings]
        report(f"{table}, before", meetings, found, [confidence.confidence] * len(meetings))
        known = found if given is None else enlarged(folder, meetings, found)
        report(f"{table}, after", meetings, found, cross_validated(known, table))
        text += f"[{table}]\n" + "".join(f"{sign} = {w:.2f}\n" for sign, w in _weights(known, table).items())
        text += "\n" if given is None else ""
    if write:
        (Path(confidence.__file__).parent / "confidence.toml").write_text(text, "utf-8")


def read(folder: Path) -> list[Meeting]:
    """The conversations of the split "train", by file name."""
    documents = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return [_meeting(d) for d in documents if d.get("split", "train") == "train"]


def _meeting(document: dict[str, Any]) -> Meeting:
    people = tuple(Participant(p["id"], p["role"], p["name"]) for p in document["participants"])
    turns = tuple(Turn(t["i"], t["speaker"], t["text"]) for t in document["turns"])
    items = (
        Wanted(frozenset(item["turns"]), item["owner"], item["due"])
        for item in document["minutes"]["action_items"]
    )
    transcript = Transcript(document["id"], document["language"], document["date"], people, turns)
    return Meeting(transcript, tuple(items))


def unseen_labels(folder: Path, embedder: Embedder) -> dict[str, list[TurnLabels]]:
    """Acts and tone of every conversation by heads that never saw it.

    Centre and auxiliary heads are the shipped ones: they know no label of a conversation.
    """
    shipped = {name: tensor.astype(np.float32) for name, tensor in load_file(heads.WEIGHTS).items()}
    fixed = {name: shipped[name] for name in ("centre", "auxiliary", "auxiliary_bias")}
    talks = turn_fit.prepare(turn_data.conversations([folder]), embedder, fixed["centre"])
    extra = turn_fit.prepare(turn_data.exchanges(), embedder, fixed["centre"])
    fold = turn_fit.folds(len(talks), FOLDS, SEED)
    logits: list[Matrix] = [np.empty(0, np.float32)] * len(talks)
    tone = list(logits)
    for k in range(FOLDS):
        known = [s for s, f in zip(talks, fold, strict=True) if f != k]
        weights = turn_fit.fit_second([*known, *extra], fixed, SEED + k)
        for i in np.flatnonzero(fold == k).tolist():
            first = turn_fit.first_stage(talks[i], weights)
            logits[i] = first.acts
            tone[i] = heads.tone_probabilities(heads.second_stage_input(first), weights)
    truth = np.vstack([s.labelled.acts for s in talks if s.labelled.acts is not None])
    scaling = turn_fit.act_scaling(truth, np.vstack(logits))
    acts = [heads.sigmoid(rows * scaling["act_slope"] + scaling["act_offset"]) for rows in logits]
    said = [talk.labelled.transcript for talk in talks]
    return {t.id: _labels(t, acts[i], tone[i]) for i, t in enumerate(said)}


def _labels(transcript: Transcript, acts: Matrix, tone: Matrix) -> list[TurnLabels]:
    return [
        TurnLabels(turn.i, dict(zip(ACTS, by_act, strict=True)), dict(zip(heads.TONES, by_tone, strict=True)))
        for turn, by_act, by_tone in zip(transcript.turns, acts.tolist(), tone.tolist(), strict=True)
    ]


def candidates(meeting: Meeting, labels: Sequence[TurnLabels]) -> list[Candidate]:
    """The standing threads of a meeting; those matched with a labelled item are right."""
    heard = hear(meeting.transcript, labels)
    threads = [t for t in heard.threads if t.state in STANDING]
    turns = [_turns(t, meeting) for t in threads]
    partners = match(turns, [item.turns for item in meeting.items])
    signs = [confidence.signs(t, len(heard.turns), heard.classified) for t in threads]
    return [
        Candidate(t, s, at, i in partners)
        for i, (t, s, at) in enumerate(zip(threads, signs, turns, strict=True))
    ]


def enlarged(
    folder: Path, meetings: Sequence[Meeting], found: Sequence[Sequence[Candidate]]
) -> list[list[Candidate]]:
    """Candidates of each meeting several times: by real act probabilities, and by blurred labelled acts."""
    labelled = {talk.transcript.id: talk for talk in turn_data.conversations([folder])}
    copies = [[*known] * REAL_COPIES for known in found]
    for seed in range(BLURRED_COPIES):
        rng = np.random.default_rng(seed)
        for meeting, known in zip(meetings, copies, strict=True):
            known.extend(candidates(meeting, _blurred(labelled[meeting.transcript.id], rng)))
    return copies


def _blurred(talk: turn_data.Labelled, rng: np.random.Generator) -> list[TurnLabels]:
    truth = talk.acts if talk.acts is not None else np.zeros((len(talk.tone), len(ACTS)), np.float32)
    acts = np.where(truth > 0, rng.beta(*HIT, truth.shape), rng.beta(*MISS, truth.shape)).astype(np.float32)
    tone = np.where(talk.tone[:, None] == np.arange(len(heads.TONES)), 0.8, 0.1).astype(np.float32)
    return _labels(talk.transcript, acts, tone)


def _turns(thread: Thread, meeting: Meeting) -> frozenset[int]:
    item = action_item("a", thread, meeting.transcript, 1.0, "en")
    return frozenset(said.turn for said in item.evidence)


def match(found: Sequence[frozenset[int]], wanted: Sequence[frozenset[int]]) -> dict[int, int]:
    """Index of found -> index of wanted, one to one, with the largest sum of overlaps (Jaccard index)."""
    if not found or not wanted:
        return {}
    overlap = np.array([[len(f & w) / max(1, len(f | w)) for w in wanted] for f in found])
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if overlap[r, c] > 0}


def cross_validated(found: Sequence[Sequence[Candidate]], table: str) -> list[Score]:
    """For each meeting a confidence fitted without it."""
    scores: list[Score] = [confidence.confidence] * len(found)
    order = np.arange(len(found))
    for known, apart in GroupKFold(FOLDS).split(order, groups=order):
        weights = _weights([found[i] for i in known], table)
        for i in apart.tolist():
            scores[i] = partial(confidence.probability, weights=weights)
    return scores


def _weights(found: Sequence[Sequence[Candidate]], table: str) -> Weights:
    """Bias first, then the signs in order of the alphabet, rounded as they are written."""
    flat = [c for meeting in found for c in meeting]
    vectors = DictVectorizer(sparse=False)
    values = vectors.fit_transform([c.signs for c in flat])
    values *= (values > 0).sum(axis=0) >= SEEN_IN
    model = LogisticRegression(C=STRENGTH[table], max_iter=3000).fit(values, [c.right for c in flat])
    weights = {"bias": round(float(model.intercept_[0]), 2)}
    fitted = dict(zip(vectors.feature_names_, model.coef_[0].tolist(), strict=True))
    for sign in sorted(fitted | BY_HAND):
        weight = max(fitted.get(sign, 0.0), BY_HAND.get(sign, -np.inf))
        if abs(weight) >= SMALL:
            weights[sign] = round(weight, 2)
    return weights


def report(
    name: str, meetings: Sequence[Meeting], found: Sequence[Sequence[Candidate]], scores: Sequence[Score]
) -> None:
    """Precision, recall and F1 of the items shown; of all labelled ones, how many with owner, date, both."""
    print(name)
    sums: dict[str, Any] = defaultdict(lambda: np.zeros(6, int))
    for meeting, threads, score in zip(meetings, found, scores, strict=True):
        shown = [c for c in threads if score(c.signs) >= confidence.SHOWN]
        counts = np.array(_counts(meeting, shown))
        sums[meeting.transcript.language] += counts
        sums["all"] += counts
    for language, (hits, shown, wanted, owner, due, both) in sorted(sums.items()):
        print(
            f"  {language}: P {hits / max(1, shown):.3f} R {hits / wanted:.3f} "
            f"F1 {2 * hits / (shown + wanted):.3f}; of {wanted} labelled: owner right {owner / wanted:.3f}, "
            f"date right {due / wanted:.3f}, found with both right {both / wanted:.3f}"
        )


def _counts(meeting: Meeting, shown: Sequence[Candidate]) -> tuple[int, ...]:
    partners = match([c.turns for c in shown], [item.turns for item in meeting.items])
    owner = due = both = 0
    for at, wanted in partners.items():
        item = action_item("a", shown[at].thread, meeting.transcript, 1.0, "en")
        right = item.owner == meeting.items[wanted].owner, item.due == meeting.items[wanted].due
        owner, due, both = owner + right[0], due + right[1], both + all(right)
    return len(partners), len(shown), len(meeting.items), owner, due, both


if __name__ == "__main__":
    main()
