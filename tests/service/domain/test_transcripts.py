"""Corrections of a transcript."""

from __future__ import annotations

import pytest

from service.domain.errors import NotValid
from service.domain.transcripts import TurnEdit, edited

PEOPLE = {"m", "e"}


def transcript():
    words = [{"w": "One", "start_s": 0.0, "end_s": 1.0}]
    turns = [
        {"i": 0, "speaker": "m", "text": "One. Two.", "start_s": 0.0, "end_s": 9.0, "words": words},
        {"i": 5, "speaker": "e", "text": "Three."},
    ]
    return {"rev": 4, "turns": turns}


def test_words_and_speakers_change_and_the_given_document_stays():
    given = transcript()
    made = edited(given, [TurnEdit(0, text=" Uno. ", speaker="e")], PEOPLE)
    assert made["rev"] == 5
    assert made["turns"][0] == {"i": 0, "speaker": "e", "text": "Uno.", "start_s": 0.0, "end_s": 9.0}
    assert given == transcript()


def test_a_split_gives_the_new_part_the_next_identity_and_a_place_in_time():
    made = edited(transcript(), [TurnEdit(0, split_at=4, speaker="e")], PEOPLE)["turns"]
    assert [(t["i"], t["speaker"], t["text"]) for t in made] == [
        (0, "m", "One."),
        (6, "e", "Two."),
        (5, "e", "Three."),
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
        edited(transcript(), [edit], PEOPLE)
    assert refused.value.key == key
