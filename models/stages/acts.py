"""Dialogue acts and tone of every turn: what the reader says, joined with lexical cues.

Acts are those of `models.schema.ACTS`. Without a reader the cues speak alone, with round probabilities
that only mean "cue present"; tone is then neutral, for a cue list must never accuse anybody.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from models.schema import ACTS, Transcript, Turn, TurnLabels
from models.stages.clauses import forces_of, sentences_of
from models.stages.words import fold, language_of

CUE = 0.7
"""Probability of an act whose cue is present, when nothing else is known."""
NO_CUE = 0.05
READER_WEIGHT = 0.75
"""Share of the reader in the joint probability; cues keep the rest."""

_BY_FORCE = {
    "commitment": ("commit",),
    "agreement": ("accept",),
    "proposal": ("request", "offer", "weak_commit"),
}


def label_turns(transcript: Transcript, read: Sequence[TurnLabels] | None) -> list[TurnLabels]:
    """One TurnLabels a turn, in order. Probabilities 0..1; tone sums to 1. `read`: what a reader says."""
    by_cue = [_by_cues(turn) for turn in transcript.turns]
    if read is None:
        return [
            TurnLabels(t.i, acts, {"neutral": 1.0}) for t, acts in zip(transcript.turns, by_cue, strict=True)
        ]
    said = {labels.turn: labels for labels in read}
    return [_join(turn, acts, said.get(turn.i)) for turn, acts in zip(transcript.turns, by_cue, strict=True)]


def _join(turn: Turn, by_cue: dict[str, float], said: TurnLabels | None) -> TurnLabels:
    if said is None:
        return TurnLabels(turn.i, by_cue, {"neutral": 1.0})
    share = READER_WEIGHT
    acts = {act: share * said.acts.get(act, 0.0) + (1 - share) * by_cue[act] for act in ACTS}
    return TurnLabels(turn.i, acts, dict(said.tone) or {"neutral": 1.0}, dict(said.sharpest))


@cache
def _cues() -> dict[str, dict[str, tuple[re.Pattern[str], ...]]]:
    table = tomllib.loads((Path(__file__).parent / "acts.toml").read_text("utf-8"))
    return {
        act: {lang: tuple(map(re.compile, said)) for lang, said in row.items()} for act, row in table.items()
    }


def _by_cues(turn: Turn) -> dict[str, float]:
    language, text = language_of(turn.text), fold(turn.text)
    acts = dict.fromkeys(ACTS, NO_CUE)
    for act, row in _cues().items():
        if any(pattern.search(text) for pattern in row[language]):
            acts[act] = CUE
    for sentence, asked in sentences_of(turn.text):
        forces = forces_of(sentence, language)
        for act, wanted in _BY_FORCE.items():
            if forces & set(wanted) and not (asked and act == "commitment"):
                acts[act] = CUE
        if asked and "wh" in forces and "request" not in forces:
            acts["open_question"] = CUE
    return acts
