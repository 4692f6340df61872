from __future__ import annotations

from models.stages import acts
from models.stages.extract import extract
from tests.models.stages.talks import readings, talk


def agreed(lines: str, moves: list[str]) -> list[tuple[str, set[int]]]:
    transcript = talk(lines)
    labels = acts.label_turns(transcript, None)
    found = extract(transcript, labels, transcript.language, readings(transcript, moves)).agreements
    return [(agreement.text, {said.turn for said in agreement.evidence}) for agreement in found]


def test_a_decision_that_no_cue_gives_away_is_found_in_its_own_words() -> None:
    lines = (
        "m: Morning.\ne: Hello.\nm: Only Jonty speaks on the headset.\ne: Only him.\n"
        "m: Nobody else.\ne: Nobody."
    )
    ((text, turns),) = agreed(lines, ["", "", "put D", "settle D", "put D", "settle D"])

    assert "Jonty" in text
    assert turns == {2, 3, 4, 5}


def test_one_that_is_put_and_given_up_is_not_shown() -> None:
    lines = "m: Morning.\ne: Hello.\nm: One voice on the headset, and it is Jonty.\ne: No, not that."
    moves = ["", "", "put D off", "drop D off"]

    assert agreed(lines, moves) == []


def test_two_decisions_far_apart_stay_two() -> None:
    between = "\n".join(f"{'me'[n % 2]}: The weather in week {n} was mild." for n in range(6))
    lines = f"m: 七点以后不发消息。\ne: 七点以后不发。\n{between}\nm: 退货单一律走蓝表。\ne: 蓝表。"
    found = agreed(lines, ["put D", "settle D", *[""] * 6, "put F", "settle F"])

    assert [turns for _, turns in found] == [{0, 1}, {8, 9}]
