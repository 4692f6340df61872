from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from eval.corpora import Courses
from eval.data import NothingToMeasure
from eval.recommend import evaluate, ndcg, tfidf
from models.schema import Recommendation

TEXTS = {"c1": "Databases and SQL queries", "c2": "Painting with oil", "c3": "Advanced SQL tuning"}
COURSES = Courses(
    Path("courses.jsonl"), TEXTS, {"SQL": frozenset({"c1", "c3"}), "Painting": frozenset({"c2"})}
)


def test_ndcg_by_hand() -> None:
    # Relevant at places 1 and 3 of two relevant: (1 + 1/2) / (1 + 1/log2(3))
    expected = 1.5 / (1 + 1 / math.log2(3))
    assert ndcg(["a", "x", "b"], frozenset("ab")) == pytest.approx(expected)
    assert ndcg(["a", "b"], frozenset("ab")) == 1
    assert ndcg(["x"], frozenset("ab")) == 0


def test_only_the_first_ten_count() -> None:
    assert ndcg([*"0123456789", "a"], frozenset("a")) == 0


def test_the_floor_finds_shared_words() -> None:
    assert set(tfidf(["SQL"], TEXTS)["SQL"][:2]) == {"c1", "c3"}


class Backwards:
    def recommend(
        self, gaps: Sequence[str], catalogue: Path, top_k: int
    ) -> Mapping[str, list[Recommendation]]:
        return {g: [Recommendation("r", g, "c2", "t", "course", "why", 0.5)] for g in gaps}


def test_ours_is_set_against_the_floor_query_by_query() -> None:
    outcome = evaluate(COURSES, Backwards(), None, seed=0)
    values = {(f.key, f.row): f.value for f in outcome.figures}
    assert values["ndcg_at_10", "en/coursera"] == pytest.approx(0.5)
    assert values["ndcg_at_10", "en/coursera/tf-idf"] == pytest.approx(1)
    assert values["ndcg_above_floor", "en/coursera"] == pytest.approx(-0.5)


def test_no_courses_is_said() -> None:
    with pytest.raises(NothingToMeasure):
        evaluate(None, Backwards(), None, seed=0)
