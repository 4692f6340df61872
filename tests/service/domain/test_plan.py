"""Steps of a development plan: names that stay, decisions, and what others may not see."""

from __future__ import annotations

from service.domain.edits import latest
from service.domain.minutes import without_ratings
from service.domain.plan import settled, steps_of, with_own_steps
from tests.service.domain.drafts import decide
from tests.service.domain.plans import entry, step


def decided(*decisions):
    return latest(decisions)


def ids(plan):
    return [one["id"] for one in steps_of(plan)]


def test_steps_are_named_by_what_they_are_of_and_not_by_their_place():
    support = step("p2", "support")
    plan = with_own_steps([entry("p1", "p3", will=[step("p1"), support, step("p3", "review")])])
    assert ids(plan) == ["r1.learn", "s1.support", "s1.review"]
    assert plan[0]["options"][0]["step"] == "r1.learn"
    later = with_own_steps([entry("p7", "p8")])
    assert ids(later) == ["r1.learn", "s1.review"]


def test_an_edit_is_no_suggestion_any_more_and_the_review_moves_with_its_step():
    moved = decide("s1.review", "edit", fields={"due": "2026-07-01"})
    (made,) = settled([entry()], decided(moved))
    assert made["review_on"] == made["will"][1]["due"] == "2026-07-01"
    assert [one["suggested"] for one in made["will"]] == [True, False]


def test_a_rejected_step_takes_its_option_along_and_the_last_one_the_entry():
    (made,) = settled([entry()], decided(decide("r1.learn", "reject")))
    assert (ids([made]), made["options"]) == (["s1.review"], [])
    assert settled([entry()], decided(decide("r1.learn", "reject"), decide("s1.review", "reject"))) == []


def test_others_see_steps_and_neither_ratings_nor_gap():
    minutes = {"plan": [entry(), entry("r2.learn", "s2.review", person="f")]}
    own, other = without_ratings(minutes, {"e"})["plan"]
    assert own == entry()
    hidden = [other[name] for name in ("target", "current", "goal", "reality", "gap")]
    assert hidden == [None, None, "", "", None]
    assert other["will"] == entry("r2.learn", "s2.review")["will"]
