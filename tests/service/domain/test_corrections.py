"""Quotes and people of a draft after a correction of its transcript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.corrections import Anchors, Reassigned, corrected_draft
from service.domain.review import needs_own_decision
from service.domain.transcripts import Correction, TurnEdit, edited
from tests.service.domain.drafts import PEOPLE, TURNS, action, draft, quote

NOBODY = Reassigned({})


def transcript(turns=TURNS):
    people = [{"id": one, "role": "other", "name": one} for one in sorted(PEOPLE)]
    spoken = [{"i": i, "speaker": "me"[i % 2], "text": text} for i, text in turns.items()]
    return {"rev": 1, "participants": people, "turns": spoken}


def anchors(*edits, turns=TURNS):
    before = transcript(turns)
    return Anchors(before, edited(before, Correction(edits), before["participants"]))


def evidence(turn, words):
    return {"turn": turn, "quote": words, "start_s": None, "end_s": None}


@pytest.mark.parametrize(
    ("before", "after", "words", "now"),
    [
        (
            "I will send the sequel queries.",
            "I will send the SQL queries.",
            "send the sequel queries",
            "send the SQL queries",
        ),
        ("Well, I will do it.", "I will do it.", "I will do it", "I will do it"),
        ("Um I send it, um, by Friday.", "I send it by Friday.", "send it, um, by", "send it by"),
        ("我下周五之前把报高发给你。", "我下周五之前把报告发给你。", "把报高发给你", "把报告发给你"),
        ("Yes. I will send it.", "Thanks. I will not do any of that.", "Yes.", None),
        ("I will send it by Friday.", "Good morning everybody.", "send it by Friday", None),
    ],
)
def test_a_quote_follows_the_correction_of_its_words(before, after, words, now):
    item = {"id": "a1", "evidence": [evidence(0, words)]}
    (one,) = anchors(TurnEdit(0, text=after), turns={0: before}).followed(item)["evidence"]
    if now is None:
        assert one == {**evidence(0, words), "stale": True}
    else:
        assert one["quote"] == now
        assert now in after
        assert one.get("reworded", False) is (now != words)


def test_a_quote_follows_its_words_into_the_part_that_was_split_off():
    item = {"id": "a1", "evidence": [evidence(1, "send the SQL queries")]}
    made = anchors(TurnEdit(1, split_at=8)).followed(item)
    assert made["evidence"] == [evidence(4, "send the SQL queries")]


def test_what_was_reworded_or_is_gone_needs_a_decision_of_its_own():
    sure = action(confidence=0.95)
    assert not needs_own_decision(sure)
    for text in ("Thank you. I will send the queries by Friday.", "No."):
        made = corrected_draft(draft(), anchors(TurnEdit(1, text=text)), NOBODY)
        assert needs_own_decision(made["action_items"][0])


def test_words_that_came_back_are_no_longer_stale():
    gone = anchors(TurnEdit(1, text="No.")).followed(action())
    before = transcript({**TURNS, 1: "No."})
    back = edited(before, Correction([TurnEdit(1, text=TURNS[1])]), before["participants"])
    assert Anchors(before, back).followed(gone) == action()


def test_a_hint_goes_with_its_words_and_moves_with_a_split():
    assert corrected_draft(draft(), anchors(TurnEdit(0, text="It went out.")), NOBODY)["tone_flags"] == []
    (moved,) = corrected_draft(draft(), anchors(TurnEdit(0, split_at=32)), NOBODY)["tone_flags"]
    assert (moved["turn"], moved["quote"]) == (4, "well")


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60), st.data())
def test_evidence_is_in_its_turn_or_says_that_it_is_not(before, after, data):
    start = data.draw(st.integers(0, len(before) - 1))
    words = before[start : data.draw(st.integers(start + 1, len(before)))]
    old, new = transcript({0: before}), transcript({0: after})
    (one,) = Anchors(old, new).followed({"id": "a1", "evidence": [evidence(0, words)]})["evidence"]
    assert one.get("stale") or one["quote"] in after


def test_owners_follow_a_speaker_but_not_against_a_decision():
    swap = {"m": "e", "e": "m"}
    assert Reassigned(swap, PEOPLE).followed(action())["owner"] == "m"
    assert Reassigned(swap, PEOPLE, {"a1"}).followed(action())["owner"] == "e"
    unknown = action(owner="s1")
    assert Reassigned({"s1": "e"}, PEOPLE, {"a1"}).followed(unknown)["owner"] == "e"


def test_figures_of_two_speakers_who_are_one_are_added():
    talk = {
        "s1": {"share": 0.25, "turns": 2, "longest_turn_s": 9.0, "open_questions": 1},
        "e": {"share": 0.5, "turns": 3, "longest_turn_s": 4.0, "open_questions": 0},
    }
    assert Reassigned({"s1": "e"}, PEOPLE).talk(talk) == {
        "e": {"share": 0.75, "turns": 5, "longest_turn_s": 9.0, "open_questions": 1}
    }


def test_a_voice_becomes_somebody_who_had_said_nothing():
    shares = {
        "s1": {"share": 1.0, "turns": 3, "longest_turn_s": 9.0, "open_questions": 1},
        "m": {"share": 0.0, "turns": 0, "longest_turn_s": None, "open_questions": 0},
    }
    assert Reassigned({"s1": "m"}).talk(shares) == {"m": shares["s1"]}


def test_nothing_else_of_a_draft_changes():
    before = draft()
    assert corrected_draft(before, anchors(TurnEdit(0, text=TURNS[0] + " Really.")), NOBODY) == before
    assert quote(0)["quote"] in TURNS[0]
