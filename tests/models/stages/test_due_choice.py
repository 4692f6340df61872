from __future__ import annotations

from models.stages import clauses
from models.stages.clauses import Clause
from models.stages.confidence import place
from models.stages.due_choice import Dates
from models.stages.owners import Owner
from models.stages.tasks import Task
from tests.models.stages.talks import readings, talk


def heard(lines: str, moves: list[str], tasks: dict[str, list[int]]) -> dict[str, str | None]:
    """The date of each task, given by the turns it is spoken of in; the rules dated a task whose own clause
    has a date.
    """
    transcript = talk(lines)
    said = clauses.of(transcript)
    by_place = {place(c): r for c, r in zip(said, readings(transcript, moves), strict=True)}
    every = {
        name: _task([clause for clause in said if clause.position in turns]) for name, turns in tasks.items()
    }
    dates = Dates(said, by_place, list(every.values()), transcript.date)
    return {name: _day(dates.choose(task, task.owner)) for name, task in every.items()}


def _task(what: list[Clause]) -> Task:
    return Task(what, [], next((c for c in reversed(what) if c.due is not None), None), Owner("e"), 0.9)


def _day(clause: Clause | None) -> str | None:
    return clause.due.due if clause is not None and clause.due is not None else None


def test_the_date_in_a_promise_is_its_date() -> None:
    found = heard("e: I'll send the list by Friday.\nm: Good.", ["commit A", "accept A"], {"A": [0]})

    assert found == {"A": "2026-05-08"}


def test_a_date_agreed_two_turns_later_counts() -> None:
    lines = "e: I'll send the list.\nm: By when?\ne: Friday.\nm: Friday is fine."
    found = heard(lines, ["commit A", "ask A", "date A", "accept A"], {"A": [0]})

    assert found == {"A": "2026-05-08"}


def test_the_last_agreed_of_two_dates_counts() -> None:
    lines = "e: 名单我周四发给您。\nm: 周四我不在。\ne: 那周五吧。\nm: 周五行。"
    found = heard(lines, ["commit A off", "refuse A", "date A", "accept A"], {"A": [0, 2]})

    assert found == {"A": "2026-05-08"}


def test_a_date_within_another_promise_is_not_taken() -> None:
    lines = "e: I'll write to the vendor.\nm: Mm.\nm: And I'll book the room by Friday.\ne: Thanks."
    found = heard(lines, ["commit A", "", "commit B", "accept B"], {"A": [0], "B": [2]})

    assert found == {"A": None, "B": "2026-05-08"}


def test_no_date_said_is_no_date() -> None:
    assert heard("e: I'll send the list.\nm: Good.", ["commit A", "accept A"], {"A": [0]}) == {"A": None}
