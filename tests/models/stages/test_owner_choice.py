from __future__ import annotations

import pytest

from models.schema import Participant
from models.stages import clauses
from models.stages.confidence import place
from models.stages.owner_choice import Owners
from models.stages.owners import Owner
from models.stages.tasks import Task
from tests.models.stages.talks import THREE, TWO, TWO_ZH, readings, talk


def shares(lines: str, moves: list[str], people: tuple[Participant, ...] = TWO) -> dict[str, float]:
    """How probably each participant owns the task that all clauses of the talk speak of."""
    transcript = talk(lines, people)
    said = clauses.of(transcript)
    by_place = {place(c): r for c, r in zip(said, readings(transcript, moves), strict=True)}
    task = Task(said, [], None, Owner(None), 0.9)
    return Owners(transcript, said, by_place).shares(task)


@pytest.mark.parametrize(
    ("lines", "moves", "owner"),
    [
        ("e: I'll send the list.", ["commit A"], "e"),
        ("m: I'll send the list.", ["commit A"], "m"),
        ("m: Could you send the list?\ne: Sure, I'll do it.", ["ask A", "commit A"], "e"),
        ("e: Could you send the list?\nm: Sure, I'll do it.", ["ask A", "commit A"], "m"),
    ],
)
def test_who_promises_owns_the_task(lines: str, moves: list[str], owner: str) -> None:
    found = shares(lines, moves)

    assert sum(found.values()) == pytest.approx(1)
    assert max(found, key=lambda person: found[person]) == owner


def test_it_is_so_in_mandarin() -> None:
    found = shares("m: 你把名单发我?\ne: 行,我来发。", ["ask A", "commit A"], TWO_ZH)

    assert found["e"] > 0.6


def test_in_a_round_of_three_the_one_who_promises_owns_it_whoever_spoke_around() -> None:
    lines = "m: Somebody should write the plan.\nh: Mm.\ne: I'll write the plan.\nh: Good."
    found = shares(lines, ["ask A", "", "commit A", "accept A"], THREE)

    assert max(found, key=lambda person: found[person]) == "e"


def test_where_nobody_is_likely_enough_the_owner_is_left_open_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transcript = talk("m: The plan gets written.", THREE)
    said = clauses.of(transcript)
    by_place = {place(c): r for c, r in zip(said, readings(transcript, ["recap A"]), strict=True)}
    monkeypatch.setattr("models.stages.owner_choice.SURE", 0.99)

    owner = Owners(transcript, said, by_place).choose(Task(said, [], None, Owner(None), 0.9))

    assert owner == Owner(None, "owner_doubtful")
