"""Texts made to keep a reader busy: each once took a time that grew with the square of its length."""

from __future__ import annotations

import pytest

from models.errors import UnusableInput
from models.parsing import parse_transcript

CUE = "WEBVTT\n\n00:01 --> 00:02\n"
TEXTS = {
    "voices that do not end": CUE + "<v " * 100_000,
    "classes that do not end": CUE + "<v." * 100_000,
    "tags that do not end": CUE + "<a" * 300_000,
    "spaces after a time": "00:00:01" + " " * 100_000 + "x\n\n",
    "spaces after a name": ("A" + " " * 100_000 + "x\n") * 10,
    "blank lines": "\n" * 3_000_000,
    "a person for every line": "\n".join(f"Name{i}: hello" for i in range(10_001)),
    "one person, many lines": "张三:你好\n" * 60_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_made_to_last_is_refused_at_once(text):
    with pytest.raises(UnusableInput):
        parse_transcript(text, "transcript.txt", date="2026-05-04")


def test_a_voice_with_a_class_and_a_name_of_several_words_is_still_read():
    text = CUE + "<v.loud Dana  Moss>Hello <b>there</b>\n\n00:03 --> 00:04\n<v\tLuis>Hi"
    found = parse_transcript(text, "x.vtt", date="2026-05-04")
    assert [person.name for person in found.participants] == ["Dana  Moss", "Luis"]
    assert [turn.text for turn in found.turns] == ["Hello there", "Hi"]
