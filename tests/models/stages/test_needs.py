from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.development import PastGap, Profile, Rating
from models.schema import Evidence, SkillGap
from models.stages.needs import needs

TODAY = "2026-06-30"
HALF_A_YEAR_AGO = "2026-01-01"  # 180 days
A_YEAR_AGO = "2025-07-05"  # 360 days


def same(a, b):
    return a.casefold() == b.casefold()


def gap(skill, number=1, quotes=1):
    evidence = tuple(Evidence(turn=n, quote=f"no {skill}") for n in range(quotes))
    return SkillGap(f"g{number}", skill, "e", evidence, 0.9)


def rating(value, by="manager", on="2026-05-01", skill="SQL"):
    return Rating(skill, value, by, on)


def only(profile, gaps=()):
    (need,) = needs(profile, gaps, TODAY, same)
    return need


def test_without_role_or_ratings_what_came_up_counts_with_one_step():
    assert needs(Profile(), [], TODAY, same) == []
    need = only(Profile(), [gap("SQL")])
    assert (need.skill, need.expected, need.current, need.doubted) == ("SQL", None, None, False)
    assert (need.times, need.last) == (1, TODAY)
    assert need.size == 2.0  # one step, up once today: 1 + log2(1 + 1)


def test_the_size_is_what_is_missing_times_how_often_and_how_lately_it_came_up():
    profile = Profile(
        ratings=(rating(2),),
        expected={"SQL": 5},
        gaps=(PastGap("sql", HALF_A_YEAR_AGO), PastGap("SQL", A_YEAR_AGO)),
    )
    need = only(profile, [gap("SQL")])
    assert need.size == pytest.approx(3 * (1 + math.log2(1 + 1 + 0.5 + 0.25)))
    assert (need.expected, need.current, need.times, need.last) == (5, 2, 3, TODAY)


def test_an_expectation_that_is_not_met_is_a_need_though_it_never_came_up():
    need = only(Profile(ratings=(rating(2),), expected={"SQL": 4}))
    assert (need.size, need.times, need.last, need.gap) == (2.0, 0, None, None)


def test_nobody_needs_what_is_met_or_was_never_rated_and_never_came_up():
    assert needs(Profile(ratings=(rating(4),), expected={"SQL": 4}), [], TODAY, same) == []
    assert needs(Profile(expected={"SQL": 4}), [], TODAY, same) == []
    assert needs(Profile(ratings=(rating(1),)), [], TODAY, same) == []


def test_an_earlier_gap_that_is_closed_by_now_is_left_out():
    past = (PastGap("SQL", HALF_A_YEAR_AGO),)
    assert needs(Profile(ratings=(rating(4),), expected={"SQL": 4}, gaps=past), [], TODAY, same) == []
    assert only(Profile(gaps=past)).size == pytest.approx(1 + math.log2(1.5))


@pytest.mark.parametrize(("value", "doubted"), [(3, False), (4, True), (5, True)])
def test_a_gap_that_the_ratings_contradict_is_kept_last_and_doubted(value, doubted):
    profile = Profile(ratings=(rating(value),), expected={"SQL": 4})
    found = needs(profile, [gap("SQL"), gap("Excel", 2)], TODAY, same)
    need = next(one for one in found if one.skill == "SQL")
    assert need.doubted is doubted
    assert (need.size == 0) is doubted
    assert need.gap is not None
    if doubted:
        assert [one.skill for one in found] == ["Excel", "SQL"]


@pytest.mark.parametrize("known", [Profile(ratings=(rating(2),)), Profile(expected={"SQL": 5})])
def test_half_of_the_comparison_is_not_enough_to_measure_or_doubt(known):
    need = only(known, [gap("SQL")])
    assert (need.size, need.doubted) == (2.0, False)


@pytest.mark.parametrize(
    ("ratings", "current"),
    [
        ([rating(1, "self"), rating(2, "manager"), rating(3, "assessed")], 3),
        ([rating(3, "assessed"), rating(1, "self"), rating(2, "manager")], 3),
        ([rating(1, "self", "2026-05-01"), rating(2, "manager", "2026-01-31")], 2),  # 90 days
        ([rating(1, "self", "2026-05-01"), rating(2, "manager", "2026-01-30")], 1),  # 91 days
        ([rating(2, "manager", "2026-05-01"), rating(1, "manager", "2026-04-01")], 2),
        ([rating(1, "manager"), rating(2, "manager")], 2),
        ([rating(1, "manager"), rating(3, "assessed", skill="Excel")], 1),
        ([rating(2, "self", skill="sql")], 2),
    ],
)
def test_the_rating_that_holds(ratings, current):
    assert only(Profile(ratings=tuple(ratings), expected={"SQL": 5})).current == current


def test_one_conversation_counts_once_under_whichever_name():
    profile = Profile(
        gaps=(PastGap("sql", TODAY), PastGap("SQL", "2026-06-01"), PastGap("Sql", "2026-06-01"))
    )
    need = only(profile, [gap("SQL", 1, quotes=0), gap("sql", 2), gap("sQL", 3)])
    assert need.times == 2
    assert need.gap.id == "g2"  # the first that has a quote


def test_a_gap_without_quotes_is_still_told():
    assert only(Profile(), [gap("SQL", quotes=0)]).gap.id == "g1"


def test_days_to_come_count_as_today():
    later = only(Profile(gaps=(PastGap("SQL", "2027-01-01"),)))
    assert (later.size, later.last) == (2.0, TODAY)


def test_of_two_expectations_of_one_skill_the_higher_one_holds():
    assert only(Profile(ratings=(rating(1),), expected={"SQL": 2, "sql": 4})).expected == 4
    assert only(Profile(ratings=(rating(1),), expected={"SQL": 4, "sql": 2})).expected == 4


def test_the_larger_need_comes_first_and_equal_ones_stay_in_order():
    profile = Profile(
        ratings=(rating(1), rating(2, skill="Excel")),
        expected={"SQL": 5, "Excel": 4},
        gaps=(PastGap("b", TODAY), PastGap("a", TODAY)),
    )
    found = needs(profile, [gap("d", 1), gap("c", 2)], TODAY, same)
    assert [need.skill for need in found] == ["SQL", "d", "c", "Excel", "b", "a"]
    assert [need.size for need in found] == [4, 2, 2, 2, 2, 2]


@given(
    st.lists(st.integers(0, 2000), max_size=6, unique=True),
    st.integers(0, 2000),
    st.integers(1, 4),
)
def test_one_more_mention_never_makes_a_need_smaller(ages, one_more, value):
    def size(found):
        days = [str(date.fromisoformat(TODAY) - timedelta(age)) for age in found]
        past = tuple(PastGap("SQL", day) for day in days)
        return only(Profile(ratings=(rating(value),), expected={"SQL": 5}, gaps=past)).size

    before, after = size(ages), size([*ages, one_more])
    assert after >= before >= 5 - value
    if one_more not in ages and one_more < 1000:
        assert after > before
