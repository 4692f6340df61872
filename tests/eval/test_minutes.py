from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.corpora import LabelledMeeting
from eval.data import Conversation, GoldItem, NothingToMeasure, Reference, SpokenTurn
from eval.minutes import cut_to, dialogue_acts, evaluate, judge
from models.schema import (
    ActionItem,
    Agreement,
    Checks,
    Draft,
    Evidence,
    Participant,
    SkillGap,
    Transcript,
    Turn,
)

TEXTS = (
    "Can you send it?",
    "Yes, by Friday.",
    "We keep three steps.",
    "I can't do SQL.",
    "I'll ask Bea today.",
)
PEOPLE = (Participant("m", "manager"), Participant("e", "employee"))
TALK = Transcript(
    "talk", "en", "2026-01-05", PEOPLE, tuple(Turn(i, "me"[i % 2], t) for i, t in enumerate(TEXTS))
)
GOLD = Conversation(
    transcript=TALK,
    split="held_back",
    tone=("neutral",) * 5,
    action_items=(
        GoldItem(frozenset({0, 1}), "e", "2026-01-09"),
        GoldItem(frozenset({4}), "m", "2026-01-05"),
    ),
    agreements=(GoldItem(frozenset({2})),),
    skill_gaps=(GoldItem(frozenset({3})),),
)
SAME = {i: frozenset({i}) for i in range(5)}


def said(turn: int, quote: str | None = None) -> Evidence:
    return Evidence(turn, TEXTS[turn] if quote is None else quote)


def item(owner: str | None, due: str | None, *evidence: Evidence) -> ActionItem:
    return ActionItem("a", "task", owner, evidence, 0.9, due=due)


def draft(
    *items: ActionItem, agreements: tuple[Agreement, ...] = (), gaps: tuple[SkillGap, ...] = ()
) -> Draft:
    return Draft(
        id="talk",
        transcript_rev=1,
        language="en",
        minutes_language="en",
        date="2026-01-05",
        kind="check_in",
        summary="",
        stages=(),
        points=(),
        agreements=agreements,
        action_items=items,
        skill_gaps=gaps,
        recommendations=(),
        tone_flags=(),
        follow_up=(),
        feedback_quality={},
        talk={},
        checks=Checks(),
        provenance={},
    )


def test_owner_and_date_must_both_be_right() -> None:
    found = draft(item("e", "2026-01-09", said(1)), item("m", "2026-01-06", said(4)))
    counts = judge(found, TALK, GOLD, SAME, {})
    assert (counts["items_matched"], counts["items_found"], counts["items_gold"]) == (2, 2, 2)
    assert (counts["owner_right"], counts["date_right"], counts["all_right"]) == (2, 1, 1)


def test_a_withheld_owner_is_not_a_wrong_one() -> None:
    counts = judge(draft(item(None, None, said(1)), item("e", None, said(4))), TALK, GOLD, SAME, {})
    assert (counts["owner_withheld"], counts["owner_wrong"], counts["owner_right"]) == (1, 1, 0)


def test_no_date_is_right_only_where_none_was_agreed() -> None:
    undated = replace(GOLD, action_items=(GoldItem(frozenset({1}), "e", None),))
    assert judge(draft(item("e", None, said(1))), TALK, undated, SAME, {})["all_right"] == 1
    assert judge(draft(item("e", "2026-01-09", said(1))), TALK, undated, SAME, {})["date_right"] == 0


def test_a_quote_that_nobody_said_is_counted() -> None:
    found = draft(item("e", None, said(1, "by Thursday"), said(1), said(2, "")))
    counts = judge(found, TALK, GOLD, SAME, {})
    assert (counts["quotes"], counts["quotes_missing"]) == (3, 2)


def test_turns_and_people_of_a_recording_are_carried_over() -> None:
    found = draft(item("s2", "2026-01-09", said(0)))
    counts = judge(found, TALK, GOLD, {0: frozenset({1})}, {"s2": "e"})
    assert (counts["items_matched"], counts["all_right"]) == (1, 1)


def test_agreements_and_gaps_are_matched_too() -> None:
    found = draft(
        agreements=(Agreement("g", "three steps", (said(2),), 0.9), Agreement("h", "no", (said(0),), 0.9)),
        gaps=(SkillGap("s", "SQL", "e", (said(3),), 0.9),),
    )
    counts = judge(found, TALK, GOLD, SAME, {})
    assert (counts["agreements_matched"], counts["agreements_found"], counts["agreements_gold"]) == (1, 2, 1)
    assert (counts["gaps_matched"], counts["gaps_found"], counts["gaps_gold"]) == (1, 1, 1)


def test_dialogue_acts_by_hand() -> None:
    found = draft(item("e", None, said(0), said(1)), item("m", None, said(1)))
    assert dialogue_acts(found, frozenset({1, 4})) == {"acts_matched": 1, "acts_found": 2, "acts_gold": 2}


def test_sixty_turns_have_sixty_numbers() -> None:
    sixty = cut_to(TALK, 60)
    assert [turn.i for turn in sixty.turns] == list(range(60))
    assert sixty.turns[5].text == TEXTS[0]


class Drafter:
    """Finds the first item, from text as from sound, where the speaker has no name yet."""

    def draft(self, transcript: Transcript) -> Draft:
        owner = transcript.turns[1].speaker
        return draft(item(owner, "2026-01-09", said(1)))

    def transcript(self, reference: Reference) -> Transcript:
        turns = tuple(Turn(t.i, f"s{1 + t.i % 2}", t.text, t.start_s, t.end_s) for t in reference.turns)
        return replace(TALK, turns=turns)


def test_text_sound_and_ami_have_rows_of_their_own() -> None:
    turns = tuple(SpokenTurn(t.i, t.speaker, t.text, t.i * 3.0, t.i * 3.0 + 2) for t in TALK.turns)
    spoken = Reference("r", "checkins", Path("r.ogg"), "en", turns, participants=PEOPLE, conversation=GOLD)
    ami = LabelledMeeting(TALK, frozenset({1, 2}))
    outcome = evaluate([GOLD], [spoken], [ami], Drafter(), seed=0)
    values = {(f.key, f.row): f.value for f in outcome.figures}
    for row in ("en/held_back", "en/checkins/recognised"):
        assert values["all_right", row] == 0.5
        assert values["action_items_f1", row] == pytest.approx(2 / 3)
        assert values["quotes_missing", row] == 0
    assert values["dialogue_acts_f1", "en/ami"] == pytest.approx(2 / 3)
    assert values["seconds_for_60_turns", "en"] >= 0


def test_no_data_is_said() -> None:
    with pytest.raises(NothingToMeasure):
        evaluate([], [], [], Drafter(), seed=0)
