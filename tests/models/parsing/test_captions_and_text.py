from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import NotATranscript, UnusableInput
from models.parsing import (
    is_id,
)
from models.schema import (
    Participant,
)
from tests.models.parsing.talk import names, parse, said


def test_webvtt_with_voices_tags_entities_notes_and_settings():
    transcript = parse(
        "WEBVTT - weekly\n\nNOTE made by a machine\n\nSTYLE\n::cue { color: red }\n\n"
        "intro\n00:01.000 --> 00:04.500 align:start\n<v.loud Dana>Hello <b>there</b> &amp; welcome</v>\n\n"
        "00:00:05.000 --> 00:00:06.000\nand more\n\n"
        "01:00:07.000 --> 01:00:08.000\n<v Dana>So?</v> <v Luis>Fine.</v>\n",
        "weekly call.vtt",
    )
    assert transcript.id == "weekly-call"
    assert names(transcript) == {"s1": "Dana", "s2": "Luis"}
    assert said(transcript) == [("s1", "Hello there & welcome and more So?"), ("s2", "Fine.")]
    assert transcript.turns[0].start_s == 1.0
    assert (transcript.turns[1].start_s, transcript.turns[1].end_s) == (3607.0, 3608.0)
    assert transcript.duration_s == 3608.0


def test_srt_with_names_windows_line_ends_and_a_sentence_with_a_colon():
    transcript = parse(
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nDana: Hello.\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:02,500\r\nthe plan is: we ship\r\n\r\n"
        "3\r\n00:00:05,000 --> 00:00:06,000\r\nLuis: okay\r\n"
    )
    assert said(transcript) == [("s1", "Hello. the plan is: we ship"), ("s2", "okay")]
    assert transcript.turns[0].end_s == 3.0


def test_captions_without_names_keep_their_pieces():
    transcript = parse("1\n00:00:01,000 --> 00:00:02,000\nhello\n\n2\n00:00:03,000 --> 00:00:04,000\nbye\n")
    assert said(transcript) == [("s1", "hello"), ("s1", "bye")]


def test_names_with_times_on_their_own_lines_in_chinese():
    transcript = parse(
        "周会\n2026年\n\n张三 00:00:05\n最近怎么样?\n\n李四 01:09\n还行。\n就是忙。\n\n张三 00:02:00\n嗯\n"
    )
    assert names(transcript) == {"s1": "张三", "s2": "李四"}
    assert [turn.start_s for turn in transcript.turns] == [5.0, 69.0, 120.0]
    assert transcript.turns[1].text == "还行。 就是忙。"
    assert transcript.language == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:05] Dana: Hi.\n[00:00:07] Luis Meyer: Hello.",
        "Dana (00:00:05): Hi.\nLuis Meyer (00:07): Hello.",
        "Dana 00:00:05\nHi.\nLuis Meyer 00:00:07\nHello.",
        "Dana: Hi.\n\nLuis Meyer: Hello.\n",
    ],
)
def test_layouts_of_named_text(text):
    transcript = parse(text)
    assert names(transcript) == {"s1": "Dana", "s2": "Luis Meyer"}
    assert said(transcript) == [("s1", "Hi."), ("s2", "Hello.")]


def test_given_participants_are_found_by_name_alias_or_id():
    people = (Participant("m", "manager", "Dana Wu", ("Dana",)), Participant("e", "employee", "Luis"))
    transcript = parse("dana: Hi.\ndana: So?\nE: Fine.\nLUIS: Yes.\nDana Wu: Good.", participants=people)
    assert said(transcript) == [("m", "Hi. So?"), ("e", "Fine. Yes."), ("m", "Good.")]
    assert transcript.participants == people


def test_a_first_name_is_enough_where_only_one_participant_bears_it():
    people = (Participant("m", "manager", "Dana Wu"), Participant("e", "employee", "Luis Wu"))
    transcript = parse("Dana: Hi.\nLuis: Hello.\nWu: Who?", participants=people)
    assert [turn.speaker for turn in transcript.turns] == ["m", "e", "s1"]


def test_language_of_text_is_counted_by_turns():
    assert parse("Dana: Hi.\nLuis: Hello.\n").language == "en"
    assert parse("张三: 那个 dashboard 今天 deploy 了吗?\n李四: 已经 deploy 完了。\n").language == "zh"
    assert parse("Dana: Hi, how are you?\n李四: 我很好,谢谢。\n").language == "mixed"


@pytest.mark.parametrize("text", ["", "\n\n", "a letter to nobody", "https://example.org: x", "[1, 2]"])
def test_text_without_turns_is_refused(text):
    with pytest.raises(NotATranscript):
        parse(text)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    try:
        transcript = parse(text)
    except UnusableInput:
        return
    assert transcript.turns
    assert all(is_id(turn.speaker) for turn in transcript.turns)
