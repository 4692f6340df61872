"""How sure a thread is an action item: a logistic model over signs that a person could name."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from models.schema import TurnLabels
from models.stages.threads import State, Thread

SHOWN = 0.4
"""Items below this confidence are dropped and counted."""
DOUBTFUL = 0.49
"""An item without an owner is never surer than this."""


@cache
def _models() -> dict[str, dict[str, float]]:
    """Table name -> sign -> log-odds, with the bias among the signs."""
    return tomllib.loads((Path(__file__).parent / "confidence.toml").read_text("utf-8"))


def signs(thread: Thread, turns: int, labels: Mapping[int, TurnLabels] | None = None) -> dict[str, float]:
    """Named signs of a thread, each 0..1. `turns` is the length of the talk.

    `labels` by turn identity, only when a classifier made them: cues are in the thread already.
    """
    first = thread.what[0]
    found = dict.fromkeys(thread.signs, 1.0)
    found[thread.kind] = 1.0
    found["dated"] = float(thread.date is not None)
    found["resolved"] = float(bool(thread.date and thread.date.due))
    found["own_date"] = float(thread.dated is not None and thread.dated in thread.what)
    found["by_date"] = float(thread.dated is not None and thread.dated.has("commit", "amend", "shift"))
    found["wordy"] = float(len(first.text) > (45 if first.language == "zh" else 120))
    found["recurring"] = float(bool(thread.date and thread.date.recurrence))
    found["amended"] = float(thread.state == State.AMENDED)
    found["replied"] = float(bool(thread.replies))
    found["words"] = min(len(thread.words), 6) / 6
    found["thin"] = float(len(thread.words) <= 1)
    found["opening"] = float(first.position < 4)
    found["closing"] = float(first.position >= turns - 3)
    found["question"] = float(all(c.question for c in thread.what))
    found["several_turns"] = float(len({c.turn for c in thread.what}) > 1)
    found["zh"] = float(first.language == "zh")
    if labels:
        turns_of = {c.turn for c in (*thread.what, *thread.replies)}
        heard = [labels[t] for t in turns_of if t in labels]
        for act in ("commitment", "proposal", "agreement", "support_offer"):
            found[f"act_{act}"] = max((label.acts.get(act, 0.0) for label in heard), default=0.0)
        found |= _by_speaker(thread, labels)
        found["sharp"] = max((1 - label.tone.get("neutral", 1.0) for label in heard), default=0.0)
    return found


def _by_speaker(thread: Thread, labels: Mapping[int, TurnLabels]) -> dict[str, float]:
    """Acts of the owner's turns and of the others': a promise tells more from the one who is to keep it."""
    said = [*thread.what, *thread.replies, *([thread.dated] if thread.dated else [])]
    own = [labels[c.turn] for c in said if c.speaker == thread.owner.person and c.turn in labels]
    others = [labels[c.turn] for c in said if c.speaker != thread.owner.person and c.turn in labels]
    return {
        f"{who}_{act}": max((label.acts.get(act, 0.0) for label in heard), default=0.0)
        for who, heard, act in (
            ("own", own, "commitment"),
            ("own", own, "agreement"),
            ("other", others, "proposal"),
            ("other", others, "agreement"),
        )
    }


def confidence(found: dict[str, float]) -> float:
    """Probability 0..1 from the signs; with the classifier's acts among them its own weights are used."""
    return probability(found, _models()["with_classifier" if "act_commitment" in found else "cues_only"])


def probability(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Logistic function of the weighted signs and the bias."""
    odds = weights["bias"] + sum(weights.get(sign, 0.0) * value for sign, value in found.items())
    return 1 / (1 + math.exp(-odds))
