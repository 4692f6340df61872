from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from eval.data import NothingToMeasure, Reference, SpokenTurn
from eval.joining import join
from eval.speed import evaluate
from models.audio import examine
from models.schema import Draft, SpeakerSpan, Transcript, Turn

Noise = Callable[[str, float], Path]


def spoken(name: str, path: Path, language: str = "en") -> Reference:
    return Reference(
        name,
        "checkins",
        path,
        language,  # type: ignore[arg-type]
        (SpokenTurn(0, "m", "by Friday", 0.2, 0.8),),
        (SpeakerSpan(0.2, 0.8, "m"),),
    )


def test_joined_recordings_keep_their_people_apart_and_move_their_times(noise: Noise, tmp_path: Path) -> None:
    one, other = spoken("a", noise("a.wav", 1.0)), spoken("b", noise("b.wav", 2.0))
    joined = join([one, other], tmp_path / "long.wav", at_least_s=3.5)
    assert examine(joined.path).duration_s == pytest.approx(4.0, abs=0.05)
    assert [t.i for t in joined.turns] == [0, 1, 2]
    assert [t.speaker for t in joined.turns] == ["a:m", "b:m", "a:m"]
    assert [s.start_s for s in joined.spans] == pytest.approx([0.2, 1.2, 3.2], abs=0.01)
    assert joined.speakers == 2
    assert joined.row == "en/joined"


def test_nothing_to_join_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingToMeasure):
        join([], tmp_path / "long.wav", at_least_s=1)


class Both:
    """Stands for either side and writes down who ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def load(self) -> None:
        self.ran.append("load")

    def recording_to_draft(self, reference: Reference) -> tuple[Transcript, Draft]:
        self.ran.append(f"ours {reference.id}")
        turns = (Turn(0, "s1", "by Friday"),)
        return Transcript("x", "en", "2026-01-05", (), turns), cast("Draft", None)

    def spans(self, reference: Reference, speakers: int | None) -> list[SpeakerSpan]:
        return list(reference.spans) if speakers == reference.speakers else []

    def text(self, path: Path) -> str:
        self.ran.append(f"theirs {path.stem}")
        return "by Monday"


def test_runs_alternate_after_a_warm_up_and_errors_stand_beside_the_time(noise: Noise) -> None:
    both = Both()
    reference = spoken("a", noise("a.wav", 1.0))
    outcome = evaluate([reference], both, lambda: both, pairs=2, joined_s=1.0, seed=0)
    assert both.ran == ["load", "theirs warm-up", "ours warm-up", *["theirs joined-en", "ours joined-en"] * 2]
    values = {(f.key, f.row): f.value for f in outcome.figures}
    assert values["word_error_rate", "en/joined"] == 0
    assert values["word_error_rate", "en/joined/sequential"] == 0.5
    assert values["diarization_error_rate", "en/joined"] == pytest.approx(0)
    assert values["time_ratio", "en/joined"] > 0
    assert values["time_ratio", "all/joined"] > 0


def test_mixed_recordings_are_left_out(noise: Noise) -> None:
    mixed = replace(spoken("a", noise("a.wav", 1.0)), language="mixed")
    with pytest.raises(NothingToMeasure):
        evaluate([mixed], Both(), Both, pairs=1, joined_s=1, seed=0)
