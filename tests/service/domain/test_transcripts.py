"""Corrections of a transcript."""

from __future__ import annotations

import pytest

from service.domain.errors import NotValid
from service.domain.transcripts import Correction, TurnEdit, edited

PEOPLE = [{"id": "m", "role": "manager", "name": "Dana"}, {"id": "e", "role": "employee", "name": "Luis"}]


def transcript():
    words = [{"w": "One", "start_s": 0.0, "end_s": 1.0}]
    turns = [
        {"i": 0, "speaker": "m", "text": "One. Two.", "start_s": 0.0, "end_s": 9.0, "words": words},
        {"i": 5, "speaker": "s1", "text": "Three."},
    ]
    unknown = {"id": "s1", "role": "unknown", "name": ""}
    return {"rev": 4, "participants": [PEOPLE[0], unknown], "turns": turns}


def test_words_and_speakers_change_and_the_given_document_stays():
    given = transcript()
    made = edited(given, Correction([TurnEdit(0, text=" Uno. ", speaker="e")]), PEOPLE)
    assert made["rev"] == 5
    assert made["turns"][0] == {"i": 0, "speaker": "e", "text": "Uno.", "start_s": 0.0, "end_s": 9.0}
    assert given == transcript()


def test_a_split_gives_the_new_part_the_next_identity_and_a_place_in_time():
    made = edited(transcript(), Correction([TurnEdit(0, split_at=4, speaker="e")]), PEOPLE)["turns"]
    assert [(t["i"], t["speaker"], t["text"]) for t in made] == [
        (0, "m", "One."),
        (6, "e", "Two."),
        (5, "s1", "Three."),
    ]
    assert made[0]["end_s"] == made[1]["start_s"] == 4.0
    assert "words" not in made[0]


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (TurnEdit(9, text="x"), "unknown_turn"),
        (TurnEdit(0, speaker="x"), "not_a_participant"),
        (TurnEdit(0, text=" "), "text_empty"),
        (TurnEdit(0, text="a\0b"), "text_unreadable"),
        (TurnEdit(5, split_at=6), "bad_split"),
    ],
)
def test_what_cannot_be(edit, key):
    with pytest.raises(NotValid) as refused:
        edited(transcript(), Correction([edit]), PEOPLE)
    assert refused.value.key == key


def speakers(made):
    return [turn["speaker"] for turn in made["turns"]], [one["id"] for one in made["participants"]]


def test_an_unknown_voice_becomes_a_participant_everywhere_and_is_gone():
    made = edited(transcript(), Correction(speakers={"s1": "e"}), PEOPLE)
    assert speakers(made) == (["m", "e"], ["m", "e"])


def test_two_become_one_and_two_change_places():
    assert speakers(edited(transcript(), Correction(speakers={"s1": "m"}), PEOPLE)) == (["m", "m"], ["m"])
    swapped = edited(transcript(), Correction(speakers={"s1": "m", "m": "s1"}), PEOPLE)
    assert speakers(swapped) == (["s1", "m"], ["m", "s1"])


def test_a_speaker_gets_a_name():
    made = edited(transcript(), Correction(names={"s1": " Ms Li "}), PEOPLE)
    assert made["participants"][1] == {"id": "s1", "role": "unknown", "name": "Ms Li"}


@pytest.mark.parametrize(
    ("correction", "key"),
    [
        (Correction(speakers={"s9": "e"}), "not_a_participant"),
        (Correction(speakers={"s1": "x"}), "not_a_participant"),
        (Correction(names={"s9": "Li"}), "not_a_participant"),
        (Correction(names={"s1": " "}), "text_empty"),
    ],
)
def test_speakers_that_cannot_be(correction, key):
    with pytest.raises(NotValid) as refused:
        edited(transcript(), correction, PEOPLE)
    assert refused.value.key == key
