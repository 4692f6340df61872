from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from models.engines import turn_heads
from models.errors import WeightsMissing
from models.schema import ACTS, Participant, Transcript, Turn, TurnLabels, Word


class SameVector:
    """An embedder that gives every text the mean vector, so that form, words and roles alone decide."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.calls.append(list(texts))
        return np.tile(load_file(turn_heads.WEIGHTS)["centre"], (len(texts), 1)).astype(np.float32)


def talk(*said: tuple[str, str]) -> Transcript:
    people = (Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis"))
    return Transcript("t", "en", "2025-03-03", people, tuple(Turn(i, s, t) for i, (s, t) in enumerate(said)))


def classify(transcript: Transcript) -> list[TurnLabels]:
    return turn_heads.load(SameVector()).classify(transcript)


CALM = ("m", "The report came on Thursday and had five pages.")
SHARP = ("m", "You always have an excuse, you are so lazy, and you just don't care.")
DEFLECTING = ("e", "That's not my fault, nobody told me, what was I supposed to do?")


def test_one_label_a_turn_in_order_with_probabilities():
    labels = classify(talk(CALM, SHARP, DEFLECTING))

    assert [label.turn for label in labels] == [0, 1, 2]
    for label in labels:
        assert tuple(label.acts) == ACTS
        assert all(0 <= p <= 1 for p in label.acts.values())
        assert set(label.tone) == {"neutral", "critical", "defensive"}
        assert sum(label.tone.values()) == pytest.approx(1, abs=1e-5)


def test_the_encoder_runs_once():
    embedder = SameVector()

    turn_heads.load(embedder).classify(talk(CALM, SHARP, DEFLECTING))

    assert embedder.calls == [[CALM[1], SHARP[1], DEFLECTING[1]]]


def test_sharp_and_deflecting_wording_stand_out():
    calm, sharp, deflecting = (label.tone for label in classify(talk(CALM, SHARP, DEFLECTING)))

    assert calm["neutral"] > 0.9
    assert sharp["critical"] > max(calm["critical"], deflecting["critical"], sharp["defensive"])
    assert deflecting["defensive"] > max(calm["defensive"], sharp["defensive"], deflecting["critical"])


def test_chinese_wording_stands_out_with_either_punctuation():
    for comma, stop in ((",", "。"), (",", ".")):
        sharp = ("m", f"你这个人就是没脑子{comma}从来不肯承认自己的错{stop}")
        calm = ("m", f"报告是周四交的{comma}一共五页{stop}")
        first, second = classify(talk(calm, sharp))
        assert second.tone["critical"] > 0.5 > first.tone["critical"]


def test_only_text_and_roles_count():
    plain = talk(CALM, SHARP, DEFLECTING)
    timed = replace(
        plain,
        turns=tuple(
            replace(turn, start_s=turn.i * 7.0, end_s=turn.i * 7.0 + 90, words=(Word("x", 0.0, 9.0, 0.01),))
            for turn in plain.turns
        ),
        duration_s=4000.0,
    )

    assert classify(timed) == classify(plain)


def test_who_speaks_counts():
    plain = talk(CALM, DEFLECTING)
    swapped = replace(plain, participants=tuple(replace(p, role="other") for p in plain.participants))

    assert classify(swapped)[1].tone != classify(plain)[1].tone


def test_an_empty_transcript_needs_no_encoder():
    embedder = SameVector()

    assert turn_heads.load(embedder).classify(talk()) == []
    assert embedder.calls == []


def test_turns_without_words_are_neutral():
    for label in classify(talk(CALM, ("e", ""), ("m", "…"), ("e", "\x00 <b>{}%s</b>"))):
        assert label.tone["neutral"] > 0.5


def test_missing_weights_say_what_to_do(tmp_path: Path):
    with pytest.raises(WeightsMissing, match="Install Rapport again"):
        turn_heads.load(SameVector(), tmp_path / "turn_heads.safetensors")


@pytest.mark.models
def test_with_the_real_encoder(fetched):
    from models.engines import e5

    transcript = talk(
        ("m", "The price list went out on Thursday with last year's numbers, and the customer called me."),
        DEFLECTING,
        ("m", "The list was old, that's true. Could you check the date before you send it?"),
        ("e", "Yes, I will check it every time, starting Monday."),
        ("m", "You always say that. You are so careless, you never check anything."),
    )

    labels = turn_heads.load(e5.load(fetched("e5-small"), threads=1)).classify(transcript)

    assert [max(label.tone, key=lambda name: label.tone[name]) for label in labels] == [
        "neutral",
        "defensive",
        "neutral",
        "neutral",
        "critical",
    ]
    assert labels[3].has("commitment")
    assert not labels[4].has("commitment")
