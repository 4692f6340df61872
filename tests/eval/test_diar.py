from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.data import Reference, SpokenTurn
from eval.diar import cp_errors, evaluate, speaker_errors
from models.schema import SpeakerSpan, Transcript, Turn

REAL = (SpeakerSpan(0, 4, "m"), SpeakerSpan(4, 10, "e"))


def test_der_by_hand() -> None:
    # 1 s of m given to e, 2 s of e missed, 1 s heard after the end: 4 s of 10 s
    found = [SpeakerSpan(0, 3, "s1"), SpeakerSpan(3, 8, "s2"), SpeakerSpan(10, 11, "s2")]
    errors = speaker_errors(REAL, found, length_s=12)
    assert errors["confused"] == pytest.approx(1)
    assert errors["missed"] == pytest.approx(2)
    assert errors["false_alarm"] == pytest.approx(1)
    assert errors["errors"] / errors["speech"] == pytest.approx(0.4)


def test_names_of_speakers_do_not_matter() -> None:
    found = [SpeakerSpan(0, 4, "s2"), SpeakerSpan(4, 10, "s1")]
    assert speaker_errors(REAL, found, 10)["errors"] == pytest.approx(0)


def test_there_is_no_collar_around_changes() -> None:
    found = [SpeakerSpan(0, 4.2, "s1"), SpeakerSpan(4.2, 10, "s2")]
    assert speaker_errors(REAL, found, 10)["errors"] == pytest.approx(0.2)


def test_overlap_counts_for_both_speakers() -> None:
    real = [SpeakerSpan(0, 4, "m"), SpeakerSpan(2, 4, "e")]
    errors = speaker_errors(real, [SpeakerSpan(0, 4, "s1")], 4)
    assert errors["speech"] == pytest.approx(6)
    assert errors["missed"] == pytest.approx(2)


def talk(*turns: tuple[str, str]) -> tuple[SpokenTurn, ...]:
    return tuple(SpokenTurn(i, speaker, text, i * 1.0, i + 1.0) for i, (speaker, text) in enumerate(turns))


def heard(*turns: tuple[str, str]) -> Transcript:
    return Transcript("x", "en", "2026-01-05", (), tuple(Turn(i, s, t) for i, (s, t) in enumerate(turns)))


REFERENCE = Reference(
    "x", "checkins", Path("x.wav"), "en", talk(("m", "one apple"), ("e", "red pears")), spans=REAL
)


def test_cpwer_finds_the_best_assignment() -> None:
    assert cp_errors(REFERENCE, heard(("s2", "red pears"), ("s1", "one apple"))) == (0, 4)


def test_a_word_given_to_the_wrong_speaker_counts_twice() -> None:
    assert cp_errors(REFERENCE, heard(("s1", "one apple red"), ("s2", "pears"))) == (2, 4)


def test_an_invented_speaker_counts_with_all_words() -> None:
    found = heard(("s1", "one apple"), ("s2", "red pears"), ("s3", "thanks for watching"))
    assert cp_errors(REFERENCE, found) == (3, 4)


def test_a_speaker_nobody_found_counts_with_all_words() -> None:
    assert cp_errors(REFERENCE, heard(("s1", "one apple"))) == (2, 4)


class Finder:
    """Right when told how many speak; otherwise hears one person."""

    def spans(self, reference: Reference, speakers: int | None) -> list[SpeakerSpan]:
        return list(REAL) if speakers == 2 else [SpeakerSpan(0, 10, "s1")]

    def transcript(self, reference: Reference) -> Transcript:
        return heard(("s1", "one apple"), ("s2", "red pears"))


def test_given_and_estimated_numbers_of_speakers_have_rows_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((np.random.default_rng(0).normal(0, 3000, 160_000)).astype("<i2").tobytes())
    outcome = evaluate([replace(REFERENCE, path=path)], Finder(), True, seed=0)
    values = {(f.key, f.row): f.value for f in outcome.figures}
    assert values["diarization_error_rate", "en/checkins/given"] == pytest.approx(0)
    assert values["diarization_error_rate", "en/checkins/estimated"] == pytest.approx(0.4)
    assert values["speakers_off", "en/checkins/estimated"] == 1
    assert values["speaker_attributed_error_rate", "en/checkins"] == 0
