"""How probably the wording of a turn is critical or defensive, from the reader, from cues, and from context.

A logistic model a label over signs that a person could name: what the reader makes of the turn and of its
sharpest clause, cues of the labelling guide, what was said before and by whom. Text and roles only. Tables
"critical" and "defensive" of confidence.toml, fitted by models/train/tone.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from models import tone_cues
from models.even_words import even
from models.schema import ToneLabel, Transcript, TurnLabels
from models.stages import confidence

LABELS: tuple[ToneLabel, ...] = ("critical", "defensive")
BEFORE = 3
"""Turns before, of others, that a turn may answer."""
STEEP = 4.0
"""Log-odds that count as one."""
ACTS = (
    "improvement_feedback",
    "recognition",
    "data_reference",
    "empathy",
    "agreement",
    "commitment",
    "proposal",
)
FEWEST_WORDS, MANY_WORDS = 4, 120
QUOTED = re.compile(r"[\"“「『][^\"”」』]{2,}[\"”」』]|'[^']{12,}'(?!\w)")


def probability(
    label: ToneLabel, position: int, transcript: Transcript, labels: Sequence[TurnLabels]
) -> float:
    """Probability 0..1 that the turn at this position is `label`; `labels` in the order of the turns."""
    return confidence.probability(confidence.odds(signs(label, position, transcript, labels), label))


def signs(
    label: ToneLabel, position: int, transcript: Transcript, labels: Sequence[TurnLabels]
) -> dict[str, float]:
    """Named signs that the turn is `label`; log-odds are divided by STEEP, the others lie within 0..1."""
    turn, read = transcript.turns[position], labels[position]
    rival = LABELS[1 - LABELS.index(label)]
    person = transcript.participant(turn.speaker)
    text = even(turn.text).text
    words = tone_cues.word_count(text)
    found = {
        "read": _logit(read.tone.get(label, 0.0)),
        "read_rival": _logit(read.tone.get(rival, 0.0)),
        "read_sharp": _logit(1.0 - read.tone.get("neutral", 1.0)),
        "clause": _logit(read.sharpest.get(label, ("", 0.0))[1]),
        "clause_rival": _logit(read.sharpest.get(rival, ("", 0.0))[1]),
        "by_manager": float(person is not None and person.role == "manager"),
        "short": float(words < FEWEST_WORDS),
        "long": min(1.0, words / MANY_WORDS),
    }
    found |= {f"act_{act}": read.acts.get(act, 0.0) for act in ACTS}
    return found | _cues(text, label, rival) | _before(position, transcript, labels)


def _cues(text: str, label: ToneLabel, rival: ToneLabel) -> dict[str, float]:
    """Cues of the labelling guide in the turn's own words, not in what it quotes."""
    own = QUOTED.sub(" ", text)
    by_label = dict.fromkeys((*LABELS, "calm"), 0)
    for rule, hits in tone_cues.matches(own).items():
        by_label[tone_cues.rules()[rule]] += len(hits)
    return {
        "cue": float(by_label[label] > 0),
        "cues": min(3, by_label[label]) / 3,
        "rival_cue": float(by_label[rival] > 0),
        "calm_cue": float(by_label["calm"] > 0),
        "quotes": float(own != text),
    }


def _before(position: int, transcript: Transcript, labels: Sequence[TurnLabels]) -> dict[str, float]:
    """What others said just before: criticism and feedback invite defence, defence invites criticism."""
    speaker = transcript.turns[position].speaker
    near = [
        labels[k]
        for k in range(max(0, position - BEFORE), position)
        if transcript.turns[k].speaker != speaker
    ]
    found = {f"after_{label}": max((n.tone.get(label, 0.0) for n in near), default=0.0) for label in LABELS}
    for act in ("improvement_feedback", "open_question"):
        found[f"after_{act}"] = max((n.acts.get(act, 0.0) for n in near), default=0.0)
    return found | {"reply": float(any(t.speaker != speaker for t in transcript.turns[:position]))}


def _logit(share: float) -> float:
    inside = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside)) / STEEP
