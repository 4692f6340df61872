from __future__ import annotations

import re
from dataclasses import replace

import pytest

from models import tone_cues
from models.schema import Participant, Transcript, Turn, TurnLabels, Word
from models.stages import tone, tone_odds
from models.stages.tone import flag_tone


def talk(*said: tuple[str, str]) -> Transcript:
    people = (Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis"))
    return Transcript("t", "en", "2025-03-03", people, tuple(Turn(i, s, t) for i, (s, t) in enumerate(said)))


def tones(*pairs: tuple[float, float]) -> list[TurnLabels]:
    """As a reader that is as sure of the sharpest clause as of the turn."""
    return [
        TurnLabels(
            i,
            {},
            {"neutral": 1 - c - d, "critical": c, "defensive": d},
            {"critical": ("", c), "defensive": ("", d)},
        )
        for i, (c, d) in enumerate(pairs)
    ]


CALM = ("m", "The report came on Thursday and had five pages.")
SHARP = ("m", "The list is long. In May 3 reports were late, and you never check anything. Shall we go on?")
REPLY = ("e", "It wasn't me, ask the night shift. And what was I supposed to do?")


def test_a_flag_quotes_the_words_that_carry_it_and_names_the_rule():
    transcript = talk(CALM, SHARP, REPLY)

    critical, defensive = flag_tone(transcript, tones((0, 0), (0.95, 0), (0, 0.95)), "normal", "en")

    assert (critical.turn, critical.label) == (1, "critical")
    assert critical.quote == "In May 3 reports were late, and you never check anything."
    assert "generalises" in critical.why
    assert (defensive.turn, defensive.label) == (2, "defensive")
    assert defensive.quote in REPLY[1]
    assert [critical.id, defensive.id] == ["t1", "t2"]


def test_nothing_of_the_sound_counts():
    plain = talk(CALM, SHARP, REPLY)
    labels = tones((0, 0), (0.95, 0), (0, 0.95))
    loud = tuple(
        replace(turn, start_s=3.0 * turn.i, end_s=900.0, words=(Word("hm", 0.0, 60.0, 0.001),))
        for turn in plain.turns
    )

    flagged = flag_tone(plain, labels, "normal", "en")

    assert flagged
    assert flag_tone(replace(plain, turns=loud, duration_s=9999.0), labels, "normal", "en") == flagged


def test_no_field_that_reaches_the_stage_can_hold_audio():
    kinds = {
        str(field.type) for kind in (Turn, TurnLabels, Word) for field in kind.__dataclass_fields__.values()
    }

    assert kinds <= {
        "int",
        "str",
        "float",
        "float | None",
        "tuple[Word, ...]",
        "dict[str, float]",
        "dict[str, tuple[str, float]]",
    }


def test_the_bolder_the_setting_the_more_is_flagged():
    transcript = talk(CALM, *[SHARP] * 199)
    labels = tones((0, 0), *[(p / 200, 0) for p in range(1, 200)])

    low, normal, high = (
        {flag.turn for flag in flag_tone(transcript, labels, s, "en")} for s in ("low", "normal", "high")
    )

    assert low < normal < high
    assert 1 not in high


def test_without_a_cue_the_words_that_sound_sharpest_to_the_reader_are_quoted():
    text = "The sheet is on the desk. The calendar seems to be a private matter of yours. Shall we go on?"
    labels = tones((0, 0), (0.9999, 0))
    heard = {"critical": ("The calendar seems to be a private matter of yours", 0.9999)}
    labels[1] = replace(labels[1], sharpest=labels[1].sharpest | heard)

    (flag,) = flag_tone(talk(CALM, ("e", text)), labels, "high", "en")

    assert flag.quote == "The calendar seems to be a private matter of yours."
    assert "blame or judge" in flag.why


def test_sharp_words_without_a_sure_classifier_are_not_enough():
    assert flag_tone(talk(CALM, SHARP), tones((0, 0), (0.1, 0)), "high", "en") == []


def test_switched_off_nothing_is_said():
    assert flag_tone(talk(CALM, SHARP), tones((0, 0), (0.99, 0)), "high", "en")
    assert flag_tone(talk(CALM, SHARP), tones((0, 0), (0.99, 0)), "off", "en") == []


@pytest.mark.parametrize("text", ["Unbelievable.", "Whatever.", "Mm-hm.", "胡说。", "Says who?"])
def test_backchannels_and_very_short_turns_are_left_alone(text: str):
    assert flag_tone(talk(CALM, ("e", text)), tones((0, 0), (0, 0.99)), "high", "en") == []


def test_the_first_word_of_a_talk_cannot_be_defensive():
    assert flag_tone(talk(REPLY, CALM), tones((0, 0.99), (0, 0)), "high", "en") == []
    assert flag_tone(talk(CALM, REPLY), tones((0, 0), (0, 0.99)), "high", "en")


def test_when_both_labels_compete_nothing_is_said():
    said = talk(CALM, ("e", "The calendar seems to be a private matter of yours, then."))

    def apart(shares):
        labels = tones((0, 0), shares)
        one, other = (tone_odds.probability(label, 1, said, labels) for label in tone_odds.LABELS)
        return abs(one - other)

    closest = min(((k / 100, 0.99 - k / 100) for k in range(1, 99)), key=apart)
    assert flag_tone(said, tones((0, 0), (0.99, 0.001)), "high", "en")
    assert flag_tone(said, tones((0, 0), closest), "high", "en") == []


@pytest.mark.parametrize(
    "text",
    [
        'The customer wrote "you never check anything and you are so lazy" in the survey.',
        "客户在问卷里写了“你们这些人就是没脑子,从来不核对”,我想跟你商量怎么回。",
    ],
)
def test_quoting_harsh_words_of_others_is_not_flagged(text: str):
    assert flag_tone(talk(CALM, ("m", text)), tones((0, 0), (0.99, 0)), "high", "en") == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_suggestion_keeps_the_facts_and_adds_none(language):
    (flag,) = flag_tone(talk(CALM, SHARP), tones((0, 0), (0.99, 0)), "normal", language)

    assert flag.suggestion is not None
    assert "In May 3 reports were late" in flag.suggestion
    assert "never" not in flag.suggestion
    assert re.findall(r"\d+", flag.suggestion) == ["3"]


def test_a_critical_employee_is_answered_with_a_question_and_a_defensive_one_with_listening():
    said = talk(CALM, ("e", "You promised me that, and you never care about us."), REPLY)

    critical, defensive = flag_tone(said, tones((0, 0), (0.99, 0), (0, 0.99)), "normal", "en")

    assert critical.suggestion is not None
    assert critical.suggestion.startswith("Ask which situation")
    assert defensive.suggestion is not None
    assert "open question" in defensive.suggestion


def test_hints_come_in_the_language_of_the_minutes():
    labels = tones((0, 0), (0.99, 0))
    (english,) = flag_tone(talk(CALM, SHARP), labels, "normal", "en")
    (chinese,) = flag_tone(talk(CALM, SHARP), labels, "normal", "zh")

    assert chinese.quote == english.quote
    assert re.search(r"[\u4e00-\u9fff]", chinese.why)
    assert not re.search(r"[\u4e00-\u9fff]", english.why + (english.suggestion or ""))


def test_every_rule_has_its_reason_in_both_languages():
    named = {f"why_{label}_{rule}" for rule, label in tone_cues.rules().items() if label != "calm"}

    assert named <= tone.WORDING.table.keys()
    assert all(entry.keys() == {"en", "zh"} for entry in tone.WORDING.table.values())


def test_braces_and_markup_in_a_turn_are_only_text():
    text = "In May {0} and {facts} <b>3 reports</b> were late, you never check anything."

    (flag,) = flag_tone(talk(CALM, ("m", text)), tones((0, 0), (0.99, 0)), "normal", "en")

    assert flag.quote == text
    assert "{facts}" in (flag.suggestion or "")
