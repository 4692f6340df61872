"""Development plans: who does what by when, how it shows, when it is reviewed, in both languages."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.development import Profile, Rating, Resource
from models.schema import Checks, Draft, Evidence, Recommendation, SkillGap
from models.stages import grow as grow_stage
from models.stages.grow import grow, way_of
from models.stages.timetable import working_day

ON = date(2026, 5, 5)  # a Tuesday
COURSE = Resource("c1", "SQL basics", "course", effort_hours=12)


def draft(language: str = "en", people: tuple[str, ...] = ("e", "e")) -> Draft:
    gaps = (
        SkillGap("k1", "SQL", people[0], (Evidence(3, "I always ask for help with queries"),), 0.8),
        SkillGap("k2", "negotiation", people[1], (), 0.6),
    )
    recommendations = (
        Recommendation("r1", "k1", "c1", "SQL basics", "course", "why", 0.8),
        Recommendation("r2", "k1", "m1", "A mentor", "mentor", "why", 0.7),
        Recommendation("r3", "k2", "c1", "SQL basics", "course", "why", 0.6),
        Recommendation("r4", "k2", "x1", "Lead a renewal", "stretch", "why", 0.5),
    )
    empty = dict.fromkeys(("stages", "points", "agreements", "action_items", "tone_flags", "follow_up"), ())
    return Draft(
        id="talk-1",
        transcript_rev=2,
        language="en",
        minutes_language=language,
        date="2026-05-04",
        kind="review",
        summary="",
        skill_gaps=gaps,
        recommendations=recommendations,
        feedback_quality={},
        talk={},
        checks=Checks(),
        provenance={},
        **empty,
    )


def plan(*ids: str, resources: tuple[Resource, ...] = (COURSE,), on: date = ON, **more):
    made = more.pop("draft", draft())
    accepted = [one for one in made.recommendations if one.id in ids]
    return grow(made, accepted, {r.id: r for r in resources}, more.pop("profile", Profile()), on, **more)


def test_each_step_says_who_does_what_by_when_and_how_it_shows():
    made = plan("r1", manager="m")
    learn, support, review = made.steps
    assert (learn.id, learn.who, learn.owner, learn.resource) == ("p1", "employee", "e", "c1")
    assert learn.task == "Complete “SQL basics” and use it once in a real task."
    assert "used once" in learn.measure
    assert learn.due == "2026-06-16"  # 12 hours at 2 a week
    assert (support.who, support.owner, support.due) == ("manager", "m", "2026-05-12")
    assert "about 2 hours a week" in support.task
    assert (review.who, review.owner, review.due) == ("both", None, "2026-06-02")
    assert made.review_on == made.plan[0].review_on == "2026-06-02"
    assert all(step.suggested for step in made.steps)
    assert not made.confirmed


def test_chinese_minutes_have_a_chinese_plan():
    made = plan("r1", draft=draft("zh"))
    (one,) = made.plan
    for sentence in (one.goal, one.reality, *(s.task for s in made.steps), *(s.measure for s in made.steps)):
        assert any("\u4e00" <= character <= "\u9fff" for character in sentence)
        assert not any(word in sentence for word in (" the ", "hours", "week"))
    assert "学完“SQL basics”" in made.steps[0].task


def test_goal_and_reality_come_from_the_profile_of_the_person():
    profile = Profile(ratings=(Rating("sql", 2, "manager", "2026-03-01"),), expected={"SQL": 4})
    (one,) = plan("r1", profile=profile).plan
    assert (one.target, one.current) == (4, 2)
    assert one.goal == "Reach 4 of 5 in “SQL”, which is what the role asks for."
    assert "2 of 5" in one.reality
    assert one.evidence == draft().skill_gaps[0].evidence


def test_without_a_profile_no_rating_is_made_up():
    (one,) = plan("r1").plan
    assert (one.target, one.current) == (None, None)
    assert "of 5" not in one.goal + one.reality
    assert "2026-06-02" in one.goal


def test_a_gap_in_a_skill_that_is_rated_high_enough_is_doubted():
    profile = Profile(ratings=(Rating("SQL", 4, "assessed", "2026-03-01"),), expected={"SQL": 4})
    (one,) = plan("r1", profile=profile).plan
    assert one.goal.startswith("Keep ")
    assert "which of the two is right" in one.reality


def test_only_what_was_accepted_is_an_option():
    made = plan("r1")
    assert [option.title for one in made.plan for option in one.options] == ["SQL basics"]
    assert [one.gap for one in made.plan] == ["k1"]


def test_nothing_accepted_is_no_plan():
    assert plan() is None


def test_a_plan_is_for_one_person():
    both = draft(people=("e", "f"))
    assert plan("r4", draft=both).person == "f"
    with pytest.raises(ValueError, match="too many values"):
        plan("r1", "r4", draft=both)


def test_one_resource_for_two_gaps_is_done_once():
    made = plan("r1", "r3")
    assert [step.resource for step in made.steps if step.kind == "learn"] == ["c1"]
    assert [option.step for one in made.plan for option in one.options] == ["p1", "p1"]
    assert [step.kind for step in made.plan[1].will] == ["review"]
    assert [step.id for step in made.steps] == ["p1", "p2", "p3", "p4"]


def test_a_manager_is_not_asked_to_make_time_for_themselves():
    support = plan("r1", manager="e").steps[1]
    assert (support.who, support.owner) == ("manager", None)


@pytest.mark.parametrize(
    ("changes", "starts", "due"),
    [
        ({"effort_hours": 0.5}, None, "2026-05-19"),  # at least two weeks
        ({"effort_hours": 13}, None, "2026-06-23"),  # a begun week is a week
        ({"effort_hours": None}, None, "2026-06-02"),  # not known: until the next check-in
        ({"effort_hours": 10_000}, None, "2027-05-04"),  # nobody promises more than a year
        ({"kind": "rotation", "effort_hours": 190}, None, "2026-07-28"),  # two days a week, not two hours
        ({"starts": ("2026-05-01", "2026-05-05")}, "2026-05-05", "2026-06-16"),  # today is not too late
        ({"starts": ("2026-09-12", "2026-06-01")}, "2026-06-01", "2026-07-13"),
        ({"starts": ("2026-09-12",)}, "2026-09-12", "2026-10-26"),  # ends on a Saturday: the Monday after
    ],
)
def test_when_a_step_is_due(changes, starts, due):
    step = plan("r1", resources=(replace(COURSE, **changes),)).steps[0]
    assert (step.starts, step.due) == (starts, due)


def test_a_course_whose_days_are_over_says_so():
    step = plan("r1", resources=(replace(COURSE, starts=("2026-05-04",)),)).steps[0]
    assert step.starts is None
    assert "ask for the next one" in step.task


def test_the_way_is_cleared_before_something_begins():
    soon = plan("r1", resources=(replace(COURSE, starts=("2026-05-07",)),)).steps
    assert soon[1].due == "2026-05-05"


def test_what_builds_on_another_resource_comes_after_it():
    mentor = Resource("m1", "A mentor", "mentor", effort_hours=4, prerequisites=("c1", "elsewhere"))
    first, second, support, _ = plan("r1", "r2", resources=(mentor, COURSE)).steps
    assert second.starts == first.due
    assert "about 2 hours" in support.task  # one after the other
    side_by_side = plan("r1", "r2", resources=(replace(mentor, prerequisites=()), COURSE)).steps
    assert "about 4 hours" in side_by_side[2].task


def test_prerequisites_in_a_circle_still_give_a_plan():
    circle = (
        Resource("m1", "A mentor", "mentor", prerequisites=("c1", "m1")),
        replace(COURSE, prerequisites=("m1",)),
    )
    assert len(plan("r1", "r2", resources=circle).steps) == 4


def test_a_resource_that_left_the_catalogue_is_still_planned():
    step = plan("r2", resources=()).steps[0]
    assert "A mentor" in step.task
    assert "Two conversations" in step.measure


def test_a_person_is_only_named_when_they_opted_in():
    mentor = Resource("m1", "A mentor", "mentor", person="Chen Li")
    assert plan("r2", resources=(mentor,)).plan[0].options[0].person is None
    assert plan("r2", resources=(replace(mentor, opted_in=True),)).plan[0].options[0].person == "Chen Li"


days = st.dates(date(1970, 1, 1), date(2200, 12, 31))


@given(
    on=days,
    hours=st.none() | st.floats(0, 10_000),
    starts=st.lists(days, max_size=3),
    kind=st.sampled_from(["course", "secondment", "导师", "no such kind"]),
)
def test_no_date_lies_before_the_plan_or_on_a_weekend(on, hours, starts, kind):
    starting = tuple(day.isoformat() for day in starts)
    resource = replace(COURSE, kind=kind, effort_hours=hours, starts=starting)
    made = plan("r1", resources=(resource,), on=on)
    for step in made.steps:
        due = date.fromisoformat(step.due)
        assert due >= on
        assert due.weekday() < 5
        assert step.starts is None or on <= date.fromisoformat(step.starts) < due
    assert made.review_on == working_day(on + timedelta(weeks=4)).isoformat()


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("Course", "course"),
        ("mentor", "talks"),
        ("导师", "talks"),
        ("轮岗", "away"),
        ("stretch project", "work"),
        ("job shadowing day", "work"),
        ("buddy", "talks"),
        ("", "course"),
    ],
)
def test_every_kind_has_a_way_to_learn(kind, way):
    assert way_of(kind) == way


def test_every_way_has_its_words():
    table = tomllib.loads(Path(grow_stage.__file__).with_name("grow.toml").read_text("utf-8"))
    ways = {way_of(kind) for kinds in grow_stage._WAYS.values() for kind in kinds}
    assert len(ways) == 10
    assert all({f"task_{way}", f"measure_{way}"} <= table.keys() for way in ways)


def test_a_title_is_a_value_and_no_template():
    hostile = replace(COURSE, title="{hours} {0.__class__} %s")
    assert "{hours} {0.__class__} %s" in plan("r1", resources=(hostile,)).steps[0].task
