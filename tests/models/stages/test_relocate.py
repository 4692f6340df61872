from __future__ import annotations

import pytest

from models.stages.relocate import is_telling, relocate

TEXT = "Yes, I'll  send the “supplier” report by 1.5 weeks, OK?"


@pytest.mark.parametrize(
    ("quote", "exact"),
    [
        ("I'll  send the", "I'll  send the"),
        ("i'll send THE supplier report", "I'll  send the “supplier” report"),
        ("...by 1.5 weeks.", "by 1.5 weeks"),
        ("Yes", "Yes"),
    ],
)
def test_a_quote_is_found_as_it_stands_in_the_turn(quote, exact):
    start, end = relocate(quote, TEXT)
    assert TEXT[start:end] == exact


@pytest.mark.parametrize(
    "quote", ["I'll send a report", "supp", "end the", "by 15 weeks", "report, yes", "", "...", "1"]
)
def test_words_that_do_not_stand_there_in_a_row_are_not_found(quote):
    assert relocate(quote, TEXT) is None


def test_mandarin_is_found_whatever_the_width_of_its_marks():
    text = "好,那我周五前,把报告发给您。"
    start, end = relocate("那我周五前，把报告发给您", text)
    assert text[start:end] == "那我周五前,把报告发给您"
    assert relocate("那我周六前", text) is None


def test_a_later_place_is_found_when_the_first_is_part_of_a_word():
    text = "The artist likes art."
    assert relocate("art", text) == (17, 20)


def test_a_yes_is_not_telling():
    assert not is_telling("Yes.")
    assert not is_telling("好的")
    assert is_telling("I'll do it")
    assert is_telling("交给我")
