from __future__ import annotations

import pytest

from eval.text_norm import tokens


@pytest.mark.parametrize(
    ("said", "recognised"),
    [
        ("I'm at twenty-five, um, okay.", "i am at 25 OK"),
        ("What's the colour of Mr. Smith's team?", "what is the color of mister smith's team"),
        ("Take five percent", "take 5%"),
    ],
)
def test_english_spellings_of_one_thing_are_equal(said: str, recognised: str) -> None:
    assert tokens(said, "en") == tokens(recognised, "en")


@pytest.mark.parametrize(
    ("said", "recognised"),
    [
        ("我们二零二六年九月四日要百分之二十五", "我們2026年9月4日,要25%。"),
        ("一千二百台,两百块", "1,200台、200塊"),
        ("零点五天,五号", "0.5天05号"),
        ("KPI 完成了", "kpi完成了!"),
    ],
)
def test_mandarin_spellings_of_one_thing_are_equal(said: str, recognised: str) -> None:
    assert tokens(said, "zh") == tokens(recognised, "zh")


def test_mandarin_is_compared_by_character() -> None:
    assert tokens("三家,太棒了。", "zh") == ["三", "家", "太", "棒", "了"]


def test_different_words_stay_different() -> None:
    assert tokens("by Thursday", "en") != tokens("by Tuesday", "en")
    assert tokens("周四", "zh") != tokens("周五", "zh")


def test_mixed_text_gives_words_and_characters() -> None:
    found = tokens("Okay, 三家,太棒了。We signed four by Friday, 周五之前", "mixed")
    assert found == ["ok", *"三家太棒了", "we", "signed", "4", "by", "friday", *"周五之前"]


def test_numbers_of_two_sentences_are_not_joined() -> None:
    assert tokens("I take one. Two are left.", "en")[2:4] == ["one", "2"]


def test_a_very_long_number_is_no_error() -> None:
    assert tokens("1" * 30, "zh") == ["1" * 30]
