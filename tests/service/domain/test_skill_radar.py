"""Which ratings a skill radar shows."""

from __future__ import annotations

from service.domain.skill_radar import SkillAxis, skill_axes


def rating(skill, value, by, on="2026-03-01"):
    return {"skill": skill, "value": value, "by": by, "on": on}


def test_the_newest_rating_of_each_side_counts_whatever_the_order_and_the_capitals():
    profile = {
        "expected": {"SQL": 4},
        "ratings": [
            rating("sql", 3, "self", "2026-04-01"),
            rating("SQL", 1, "self"),
            rating("SQL", 2, "manager"),
            rating("SQL", 5, "assessed", "2026-05-01"),
            rating("Excel", 2, "manager"),
        ],
    }
    assert skill_axes(profile) == [SkillAxis("SQL", 3, 5, 4), SkillAxis("Excel", None, 2, None)]


def test_an_empty_profile_has_no_axes():
    assert skill_axes({}) == []
