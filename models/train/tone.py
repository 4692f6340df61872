"""Fit the tables "critical", "defensive" and "tone_shown" of confidence.toml.

    python -m models.train.tone CONVERSATIONS ANNOTATIONS --models DIR

From talks that the reader never saw (models/train/unseen.py). A hint is shown from the probability on at
which the share of right hints in cross-validation by talk is at least that of RIGHT. Prints what that finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.schema import ToneLabel, Transcript, TurnLabels
from models.stages import acts, confidence, tone_odds
from models.stages.words import language_of
from models.train import unseen
from models.train.calibration import Judged, Table, judging_table

RIGHT = {"low": 0.95, "normal": 0.88, "high": 0.7}
"""Share of hints that must be right, by sensitivity."""
LIKELY = {"low": 0.5, "normal": 0.5, "high": 0.3}
"""Least probability of a hint: few hints can all be right by chance."""
FEWEST = 8
"""A threshold rests on at least this many hints."""
FOLDS = 6


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk with what is read of its turns, and the tone of each by the labels."""

    transcript: Transcript
    read: Sequence[TurnLabels]
    tones: Sequence[str]

    def judged(self, label: ToneLabel) -> list[Judged]:
        """Every turn: has it this tone?"""
        return [
            Judged(tone_odds.signs(label, k, self.transcript, self.read), tone == label)
            for k, tone in enumerate(self.tones)
        ]


@dataclass(frozen=True, slots=True)
class Guess:
    """The likelier sharp label of a turn with its probability, by tables that have not seen the talk."""

    language: str
    label: str
    share: float
    tone: str


def main() -> None:
    """Fit, choose thresholds, write."""
    talks = [_talk(talk) for talk in unseen.talks(__doc__)]
    guesses = [
        guess
        for fold in range(FOLDS)
        for guess in _guesses(
            _tables([t for k, t in enumerate(talks) if k % FOLDS != fold]), talks[fold::FOLDS]
        )
    ]
    shown = {
        f"{language}_{sensitivity}": max(
            LIKELY[sensitivity], _threshold([g for g in guesses if g.language == language], right)
        )
        for language in ("en", "zh")
        for sensitivity, right in RIGHT.items()
    }
    unseen.write(_tables(talks) | {"tone_shown": shown})
    for key, least in shown.items():
        mine = [g for g in guesses if g.language == key[:2]]
        flagged = [g for g in mine if g.share >= least]
        right = sum(g.tone != "neutral" for g in flagged)
        sharp = sum(g.tone != "neutral" for g in mine)
        print(f"{key}: from {least:.2f}, {right} of {len(flagged)} right, {sharp} sharp turns", flush=True)


def _talk(talk: unseen.Talk) -> Talk:
    said = {turn["i"]: turn["tone"] for turn in talk.labels["turns"]}
    tones = [said.get(turn.i, "neutral") for turn in talk.transcript.turns]
    return Talk(talk.transcript, acts.label_turns(talk.transcript, talk.reading.turns), tones)


def _tables(talks: Sequence[Talk]) -> dict[str, Table]:
    return {
        label: judging_table([judged for talk in talks for judged in talk.judged(label)])
        for label in tone_odds.LABELS
    }


def _guesses(tables: Mapping[str, Table], talks: Sequence[Talk]) -> list[Guess]:
    found = []
    for talk in talks:
        judged = {label: talk.judged(label) for label in tone_odds.LABELS}
        for k, turn in enumerate(talk.transcript.turns):
            shares = {
                label: confidence.probability(confidence.weighed(judged[label][k].signs, tables[label]))
                for label in tone_odds.LABELS
            }
            best = max(shares, key=lambda label: shares[label])
            found.append(Guess(language_of(turn.text), best, shares[best], talk.tones[k]))
    return found


def _threshold(guesses: Sequence[Guess], right: float) -> float:
    """The least probability from which on this share of the guesses is right; 1.0 where there is none."""
    ordered = sorted(guesses, key=lambda guess: -guess.share)
    hits = np.cumsum([guess.tone != "neutral" for guess in ordered])
    shares = hits / np.arange(1, len(ordered) + 1)
    enough = [k for k, share in enumerate(shares) if share >= right and k + 1 >= FEWEST]
    return round(ordered[enough[-1]].share, 3) if enough else 1.0


if __name__ == "__main__":
    main()
