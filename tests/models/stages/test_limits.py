from __future__ import annotations

from dataclasses import replace

import pytest

from models.development import Profile, Resource
from models.stages.limits import OBSTACLES, languages, level_of, obstacle, recognised, suggested_first

TODAY = "2026-05-05"
OPEN = Resource("a", "A")
KNOWN = Profile(language="en", level="intermediate", completed=frozenset({"b"}), budget=100.0)

CASES = [
    ({"id": "b"}, "done"),
    ({"language": "zh-CN"}, "language"),
    ({"language": "en; 中文"}, None),
    ({"level": "Advanced"}, "level"),
    ({"level": "intermediate"}, None),
    ({"prerequisites": ("b", "c")}, "prerequisites"),
    ({"prerequisites": ("b",)}, None),
    ({"starts": ("2026-04-01", "2026-05-04")}, "begun"),
    ({"starts": ("2026-04-01", "2026-05-05")}, None),
    ({"seats": 0}, "full"),
    ({"seats": 1}, None),
    ({"cost": 100.01}, "too_dear"),
    ({"cost": 100.0}, None),
    ({"person": "Ann"}, "not_opted_in"),
    ({"person": "Ann", "opted_in": True}, None),
]


@pytest.mark.parametrize(("changes", "expected"), CASES)
def test_what_forbids_an_entry(changes, expected):
    assert obstacle(replace(OPEN, **changes), KNOWN, TODAY) == expected


def test_every_obstacle_is_tested():
    assert {expected for _, expected in CASES} - {None} == set(OBSTACLES)


@pytest.mark.parametrize(
    "changes", [{"language": "zh"}, {"level": "advanced"}, {"cost": 1e6}, {"starts": ("2026-05-06",)}]
)
def test_what_is_not_known_of_a_person_forbids_nothing(changes):
    assert obstacle(replace(OPEN, **changes), Profile(), TODAY) is None
    assert obstacle(OPEN, KNOWN, TODAY) is None


@pytest.mark.parametrize("said", ["any", "不限", "bilingual", "Klingon", "", None])
def test_open_and_unknown_languages_forbid_nothing(said):
    assert obstacle(replace(OPEN, language=said), Profile(language="zh"), TODAY) is None


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("English and German", {"en", "de"}),
        ("zh-Hans-CN", {"zh"}),
        ("Simplified Chinese", {"zh"}),
        ("中英双语", {"zh", "en"}),
        ("deutsch", {"de"}),
        ("pl", {"pl"}),
        ("粤语", {"yue"}),
    ],
)
def test_names_of_languages(said, codes):
    assert languages(said) == codes


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("Beginner", 0),
        ("零基础", 0),
        ("2", 1),
        ("advanced beginner", 1),
        ("高级", 2),
        ("10", None),
        ("", None),
    ],
)
def test_names_of_levels(said, level):
    assert level_of(said) == level


def test_a_merged_id_counts_as_done():
    kept = replace(OPEN, extra={"merged_ids": ["old"]})
    asks = Resource("next", "N", prerequisites=("a",))
    profile = recognised(Profile(completed=frozenset({"old"})), [kept, asks])
    assert obstacle(kept, profile, TODAY) == "done"
    assert obstacle(asks, profile, TODAY) is None


def test_missing_prerequisites_come_in_an_order_that_can_be_done():
    entries = [
        Resource("goal", "G", prerequisites=("mid", "b", "ghost")),
        Resource("mid", "M", prerequisites=("base", "b")),
        Resource("base", "B"),
        Resource("b", "done already"),
    ]
    by_id = {entry.id: entry for entry in entries}
    assert [entry.id for entry in suggested_first(entries[0], by_id, KNOWN)] == ["base", "mid"]
    assert suggested_first(entries[2], by_id, KNOWN) == ()


def test_a_long_chain_of_prerequisites_is_no_trouble():
    chain = [Resource(f"c{n}", "C", prerequisites=(f"c{n - 1}",) if n else ()) for n in range(20_000)]
    first = suggested_first(chain[-1], {one.id: one for one in chain}, Profile())
    assert [first[0].id, first[-1].id, len(first)] == ["c0", "c19998", 19_999]
