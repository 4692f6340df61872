"""Templates that ship, and what an organisation may make of them."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from models.schema import Kind
from service.domain.errors import NotValid
from service.domain.templates import HOLDS, shipped, template_of


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_the_same_template_in_both_languages(kind):
    english, mandarin = shipped(kind, "en"), shipped(kind, "zh")
    assert [(s.minutes, len(s.questions)) for s in english.agenda] == [
        (s.minutes, len(s.questions)) for s in mandarin.agenda
    ]
    assert [s.holds for s in english.sections] == [s.holds for s in mandarin.sections]
    words = [*(s.title for s in mandarin.agenda), *(q for s in mandarin.agenda for q in s.questions)]
    assert all(re.search("[\u4e00-\u9fff]", one) and not re.search("[,?;:]", one) for one in words)
    assert template_of(english.document()) == english


def test_a_check_in_takes_a_quarter_of_an_hour_and_a_review_has_grow():
    assert [one.minutes for one in shipped("check_in", "en").agenda] == [5, 5, 5]
    titles = [one.title for one in shipped("review", "en").agenda]
    assert titles[3:7] == ["Goal", "Reality", "Options", "Will"]
    assert {what for one in shipped("review", "zh").sections for what in one.holds} == set(HOLDS)


def stage(**changes):
    return {"title": "Begin", "minutes": 5, "questions": ["How are you?"], **changes}


def section(**changes):
    return {"title": "Agreed", "holds": ["agreements"], **changes}


@pytest.mark.parametrize(
    ("agenda", "sections", "key"),
    [
        ([], [section()], "bad_length"),
        ([stage()], [], "bad_length"),
        ([stage(minutes=0)], [section()], "bad_stage"),
        ([stage(questions=["?"] * 11)], [section()], "bad_stage"),
        ([stage(title=" ")], [section()], "text_empty"),
        ([stage(questions=["a\0b"])], [section()], "text_unreadable"),
        ([stage()], [section(holds=["secrets"])], "not_a_choice"),
        ([stage()], [section(), section()], "held_twice"),
    ],
)
def test_what_is_no_template(agenda, sections, key):
    with pytest.raises(NotValid) as refused:
        template_of({"agenda": agenda, "sections": sections})
    assert refused.value.key == key
