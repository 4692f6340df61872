from __future__ import annotations

from eval.data import SpokenTurn
from eval.matching import match, people_by_time, turns_by_time
from models.schema import Transcript, Turn


def sets(*turns: set[int]) -> list[frozenset[int]]:
    return [frozenset(t) for t in turns]


def test_each_item_is_used_once() -> None:
    assert match(sets({1, 2}, {2, 3}), sets({2})) in ([(0, 0)], [(1, 0)])


def test_the_sum_of_overlaps_decides_not_the_order() -> None:
    # The first prediction also touches the second item, but fits the first better.
    assert sorted(match(sets({4, 5}, {5, 6}), sets({5, 6}, {4}))) == [(0, 1), (1, 0)]


def test_items_without_a_common_turn_are_no_pair() -> None:
    assert match(sets({1}, {9}), sets({2}, {1})) == [(0, 1)]
    assert match(sets(set()), sets({1})) == []
    assert match([], sets({1})) == []


REAL = [
    SpokenTurn(0, "m", "", 0.0, 4.0),
    SpokenTurn(1, "e", "", 4.0, 10.0),
    SpokenTurn(2, "m", "", 10.0, 11.0),
]


def heard(*turns: tuple[str, float, float]) -> Transcript:
    found = tuple(Turn(10 + i, speaker, "x", start, end) for i, (speaker, start, end) in enumerate(turns))
    return Transcript("x", "en", "2026-01-05", (), found)


def test_recognised_turns_find_the_real_ones_by_time() -> None:
    found = turns_by_time(heard(("s1", 0.3, 4.4), ("s2", 4.4, 11.0)), REAL)
    assert found == {10: frozenset({0}), 11: frozenset({1, 2})}


def test_speakers_are_those_with_whom_they_share_most_time() -> None:
    found = people_by_time(heard(("s1", 0, 5), ("s2", 5, 10), ("s1", 10, 11), ("s3", 50, 60)), REAL)
    assert found == {"s1": "m", "s2": "e"}
