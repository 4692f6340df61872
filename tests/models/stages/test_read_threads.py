from __future__ import annotations

import pytest

from models.ports import MOVES
from models.stages import acts, clauses
from models.stages.extract import Extraction, extract
from models.stages.read_threads import TRANSITIONS, ReadThread, follow
from models.stages.threads import State
from tests.models.stages.talks import readings, talk

NEUTRAL = "The weather is what it is."


def threads(lines: str, moves: list[str]) -> list[ReadThread]:
    transcript = talk(lines)
    return follow(clauses.of(transcript), readings(transcript, moves))


def minutes(lines: str, moves: list[str]) -> Extraction:
    transcript = talk(lines)
    labels = acts.label_turns(transcript, None)
    return extract(transcript, labels, transcript.language, readings(transcript, moves))


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        (["ask A", "accept A"], State.ACCEPTED),
        (["offer A", "accept A"], State.ACCEPTED),
        (["commit A", "date A"], State.AMENDED),
        (["ask A", "refuse A", "commit A"], State.ACCEPTED),
        (["commit A", "date A", "refuse A"], State.AMENDED),
        (["ask A"], None),
        (["ask A", "refuse A"], None),
        (["commit A", "withdraw A"], None),
    ],
)
def test_only_what_stands_at_the_end_is_left(moves: list[str], state: State | None) -> None:
    lines = "\n".join(f"{'me'[n % 2]}: The list goes out on Friday {n}." for n in range(len(moves)))
    found = threads(lines, moves)

    assert [thread.state for thread in found] == ([] if state is None else [state])
    assert all(len(thread.trail) == len(moves) for thread in found)


def test_every_move_of_a_task_is_defined_in_every_state() -> None:
    assert set(TRANSITIONS) == set(MOVES[:8])
    assert all(set(row) == {None, *State} for row in TRANSITIONS.values())


def test_a_decision_is_no_task() -> None:
    assert threads("m: Five then.\ne: Five.", ["put D", "settle D"]) == []


def test_an_item_no_cue_gave_away_is_found_with_owner_date_and_exact_words() -> None:
    lines = f"m: {NEUTRAL}\ne: The audit sheets land on your desk Friday.\nm: Lovely."
    (item,) = minutes(lines, ["", "commit A", "accept A"]).action_items

    assert (item.owner, item.due) == ("e", "2026-05-08")
    assert {said.turn for said in item.evidence} == {1, 2}
    assert all(said.quote in lines for said in item.evidence)


def test_a_date_that_was_given_up_is_not_taken() -> None:
    (thread,) = threads(
        "m: The audit sheets.\ne: On my desk Thursday.\ne: No, Friday.\nm: Good.",
        ["ask A", "date A off", "date A", "accept A"],
    )
    dated = thread.dated()
    assert dated is not None and dated.due is not None and dated.due.due == "2026-05-08"
    assert [clause.turn for clause in thread.standing()] == [0, 2, 3]


def test_the_rules_word_counts_where_both_speak_of_the_same_turns() -> None:
    lines = "m: Could you send me the customer list by Friday?\ne: Okay, I'll do that."
    found = minutes(lines, ["ask A", "commit A"]).action_items

    assert [(item.owner, item.due) for item in found] == [("e", "2026-05-08")]


def test_the_trail_of_such_an_item_is_told() -> None:
    found = minutes("e: 审计表周五到您桌上。\nm: 好。", ["commit A", "accept A"])
    (item,) = found.action_items

    assert [step.state for step in found.trails[item.id]] == ["accepted", "accepted"]
    assert "何宇" in found.trails[item.id][0].why


def test_an_owner_who_is_not_likely_enough_is_withheld_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "m: Could you send me the customer list by Friday?\ne: Okay, I'll do that."
    (agreed,) = minutes(lines, ["ask A", "commit A"]).action_items
    for name in ("SURE", "AS_BY_RULES"):
        monkeypatch.setattr(f"models.stages.owner_choice.{name}", 1.0)
    (doubtful,) = minutes(lines, ["ask A", "commit A"]).action_items

    assert agreed.owner == "e"
    assert (doubtful.owner, doubtful.due) == (None, "2026-05-08")
    assert doubtful.owner_reason and doubtful.confidence < 0.5
