from __future__ import annotations

from dataclasses import replace

import pytest

from models.schema import ActionItem, Evidence, Participant, Transcript, Turn, TurnLabels
from models.stages import feedback


def talk(*said: tuple[str, str]) -> Transcript:
    people = (Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis"))
    return Transcript("t", "en", "2025-03-03", people, tuple(Turn(i, s, t) for i, (s, t) in enumerate(said)))


def acts(*names: tuple[str, ...]) -> list[TurnLabels]:
    return [TurnLabels(i, dict.fromkeys(held, 0.9), {"neutral": 1.0}) for i, held in enumerate(names)]


def item(name: str, owner: str | None, due: str | None, turn: int) -> ActionItem:
    return ActionItem(name, "task", owner, (Evidence(turn, "q"),), 0.9, due=due)


def test_specific_feedback_counts_and_judging_character_does_not():
    said = talk(
        ("m", "In the client call on Monday you interrupted Ana twice."),
        ("e", "I see."),
        ("m", "You are so careless, you never check the report."),
        ("m", "That could be better."),
    )
    labels = acts(("improvement_feedback",), (), ("improvement_feedback",), ("improvement_feedback",))

    found = feedback.indicators(said, labels, [], "en")["specific_behaviour"]

    assert found.value == pytest.approx(1 / 3, abs=1e-3)
    assert found.evidence == (0,)


def test_facts_and_impact_may_stand_beside_the_remark():
    said = talk(
        ("m", "The hand-over was late."),
        ("e", "Yes."),
        ("m", "It was four days, and the customer had to wait."),
        *[("e", "Let us go on to something else.")] * 3,
        ("m", "The minutes are too long."),
    )
    labels = acts(("improvement_feedback",), (), ("data_reference",), (), (), (), ("improvement_feedback",))

    found = feedback.indicators(said, labels, [], "en")

    assert found["facts"].value == 0.5
    assert found["facts"].evidence == (0,)
    assert found["impact"].value == 0.5


def test_balance_of_recognition():
    said = talk(("m", "a"), ("m", "b"), ("m", "c"), ("m", "d"))
    labels = acts(("recognition",), ("recognition",), ("recognition",), ("improvement_feedback",))

    assert feedback.indicators(said, labels, [], "en")["recognition_balance"].value == 0.75


def test_praise_by_the_employee_is_not_the_managers_feedback():
    said = talk(("e", "You helped me last week."), ("m", "Good."))

    assert (
        feedback.indicators(said, acts(("recognition",), ()), [], "en")["recognition_balance"].value is None
    )


def test_voice_of_the_employee_and_the_future():
    said = talk(("m", "one two three four five six"), ("e", "one two"), ("m", "one two"))
    labels = acts((), ("commitment",), ("open_question",))

    found = feedback.indicators(said, labels, [], "en")

    assert found["employee_share"].value == 0.2
    assert found["future_share"].value == 0.2
    assert found["future_share"].evidence == (1,)
    assert found["longest_manager_turn"].value == 0.6
    assert found["open_questions"].value == 1


def test_a_question_is_answered_by_words_and_not_by_a_sound():
    answered = talk(("m", "What stopped you?"), ("e", "The tool was down for two days."))
    ignored = talk(
        ("m", "What stopped you?"), ("e", "Mm."), ("m", "And how is the plan going?"), ("e", "Very well.")
    )
    labels = acts(("open_question",), (), ("open_question",), ())

    assert feedback.indicators(answered, labels[:2], [], "en")["unanswered_questions"].value == 0
    found = feedback.indicators(ignored, labels, [], "en")["unanswered_questions"]
    assert (found.value, found.evidence) == (1, (0,))


def test_commitments_of_both_sides_with_owner_and_date():
    said = talk(("m", "a"), ("e", "b"), ("m", "c"), ("e", "d"))
    items = [item("a1", "m", "2025-03-07", 0), item("a2", "e", None, 1), item("a3", None, "2025-03-07", 3)]

    found = feedback.indicators(said, acts((), (), (), ()), items, "en")

    assert found["commitments_dated"].value == pytest.approx(1 / 3, abs=1e-3)
    assert found["commitments_dated"].evidence == (0,)
    assert found["commitments_both_sides"].value == 1.0
    assert found["goals_linked"].value == 0.0


def test_without_material_there_is_no_value_rather_than_a_zero():
    found = feedback.indicators(talk(), [], [], "en")

    assert found["specific_behaviour"].value is None
    assert found["employee_share"].value is None
    assert found["commitments_dated"].value is None


def test_values_stay_in_their_ranges_and_definitions_exist_in_both_languages():
    said = talk(("m", "In May 3 reports were late, so we lost a day."), ("e", "我周五之前改好。"))
    labels = acts(("improvement_feedback", "data_reference"), ("commitment",))

    english = feedback.indicators(said, labels, [item("a1", "e", "2025-03-07", 1)], "en")
    chinese = feedback.indicators(said, labels, [item("a1", "e", "2025-03-07", 1)], "zh")

    counts = {"open_questions", "unanswered_questions"}
    assert all(0 <= i.value <= 1 for name, i in english.items() if name not in counts and i.value is not None)
    assert english.keys() == feedback.WORDING.table.keys()
    assert all(english[name].why != chinese[name].why for name in english)
    assert not any("score" in name for name in english)


def test_shares_are_comparable_across_languages_without_times():
    said = talk(("m", "one two three four"), ("e", "我们下周见面"))

    assert feedback.talk(said, acts((), ()))["e"].share == 0.5


def test_shares_follow_time_where_it_is_known():
    said = talk(("m", "one two three four"), ("e", "one"))
    first, second = said.turns
    timed = replace(
        said, turns=(replace(first, start_s=0.0, end_s=2.0), replace(second, start_s=2.0, end_s=8.0))
    )

    found = feedback.talk(timed, acts((), ("open_question",)))

    assert (found["m"].share, found["e"].share) == (0.25, 0.75)
    assert (found["e"].longest_turn_s, found["e"].open_questions, found["e"].turns) == (6.0, 1, 1)


def test_a_silent_participant_has_a_share_of_zero():
    assert feedback.talk(talk(("m", "hello there")), acts(()))["e"].share == 0.0
