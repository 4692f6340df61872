from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from models.stages import acts, summarise
from models.stages.extract import Extraction, extract
from tests.models.stages.talks import minutes, talk

TALK = """m: How did the sessions go? Nice work on the cards.
e: Really well, five of six people found it.
e: The problem is the basket, I'm stuck there and it is slow.
m: What is hard about it?
e: I can't reach the vendor.
m: I'll ask the vendor tomorrow.
e: Great. I'll send you the list by Friday.
m: Anything else next?"""


def test_stages_are_contiguous_in_order_and_cover_the_talk() -> None:
    transcript = talk(TALK)
    spans = summarise.stages(transcript, acts.label_turns(transcript, None))
    names = [s.name for s in spans]
    assert names == ["progress_and_highlights", "obstacles_and_risks", "next_steps_and_support"]
    assert spans[0].from_turn == 0 and spans[-1].to_turn == 7
    assert all(a.to_turn + 1 == b.from_turn for a, b in pairwise(spans))


def test_free_kinds_have_no_stages() -> None:
    transcript = talk(TALK, kind="career")
    assert summarise.stages(transcript, acts.label_turns(transcript, None)) == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_summary_names_what_was_extracted_and_nothing_else(language: str) -> None:
    transcript = talk(TALK)
    found = extract(transcript, acts.label_turns(transcript, None), language)
    text = summarise.summary(transcript, found, language)
    for item in found.action_items[:3]:
        assert item.task in text
    assert ("待办" in text) == (language == "zh")


def test_summary_of_nothing_says_so() -> None:
    text = summarise.summary(talk(TALK), Extraction(), "en")
    assert "No action item" in text


def test_summary_quotes_what_was_said_and_dates_in_words() -> None:
    transcript = talk(TALK)
    found = extract(transcript, acts.label_turns(transcript, None), "en")
    quotes = [p.text for p in found.points] + [i.task for i in found.action_items]
    text = summarise.summary(transcript, found, "en")
    for quoted in re.findall("“(.+?)”", text):
        assert any(quoted in quote for quote in quotes)
    assert "8 May 2026" in text
    assert "2026年5月8日" in summarise.summary(transcript, found, "zh")


def test_summary_has_two_to_four_sentences_even_with_nothing_but_a_task() -> None:
    found = minutes("m: Could you send me the customer list by Friday?\ne: Okay.")
    text = summarise.summary(talk(TALK), replace(found, points=()), "en")
    assert text.startswith("The conversation took place on 5 May 2026.")
    assert 2 <= len(re.findall(r"\.(?: |$)", text)) <= 4


def test_summary_gives_no_task_to_somebody_who_is_not_known_to_own_it() -> None:
    transcript = talk(TALK)
    found = extract(transcript, acts.label_turns(transcript, None), "en")
    orphan = replace(found.action_items[0], owner=None)
    text = summarise.summary(transcript, replace(found, action_items=(orphan,)), "en")
    assert "nobody is named yet for" in text and "takes on" not in text


def test_tables_have_both_languages() -> None:
    folder = Path(summarise.__file__).parent
    for name in ("summary.toml", "trails.toml"):
        for key, row in tomllib.loads((folder / name).read_text("utf-8")).items():
            assert set(row) == {"en", "zh"}, (name, key)
