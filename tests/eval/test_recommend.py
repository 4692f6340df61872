from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.corpora import Courses
from eval.data import NothingToMeasure
from eval.development import Case, Span
from eval.recommend import evaluate, ndcg, tfidf
from models.development import Profile, Resource
from models.schema import Recommendation, SkillGap
from models.stages.recommend import Offer, named_gaps

TEXTS = {"c1": "Databases and SQL queries", "c2": "Painting with oil", "c3": "Advanced SQL tuning"}
COURSES = Courses(
    Path("courses.jsonl"),
    TEXTS,
    {"SQL": frozenset({"c1", "c3"}), "Painting": frozenset({"c2"})},
    {"Painting": "绘画"},
)
ENTRIES = {"c1": Resource("c1", "Dear", cost=900), "c2": Resource("c2", "Free")}


def case(number: str, grades: dict[str, int], budget: float | None = None) -> Case:
    (gap,) = named_gaps(["SQL"])
    return Case(number, "en", gap, Profile(budget=budget), grades, ENTRIES)


def test_ndcg_by_hand() -> None:
    # Relevant at places 1 and 3 of two relevant: (1 + 1/2) / (1 + 1/log2(3))
    expected = 1.5 / (1 + 1 / math.log2(3))
    assert ndcg(["a", "x", "b"], {"a": 1, "b": 1}) == pytest.approx(expected)
    assert ndcg(["a", "b"], {"a": 1, "b": 1}) == 1
    assert ndcg(["x"], {"a": 1}) == 0


def test_a_higher_grade_belongs_first() -> None:
    # 1 + 2/log2(3) of the perfect 2 + 1/log2(3)
    expected = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert ndcg(["fair", "good"], {"good": 2, "fair": 1}) == pytest.approx(expected)


def test_only_the_first_ten_count() -> None:
    assert ndcg([*"0123456789", "a"], {"a": 1}) == 0


def test_the_floor_finds_shared_words() -> None:
    assert set(tfidf(["SQL"], TEXTS)["SQL"][:2]) == {"c1", "c3"}


class Backwards:
    """Offers the entry c2 to everybody, and knows two skills."""

    def offers(
        self, gaps: Sequence[SkillGap], catalogue: Path | None, top_k: int, person: Profile, day: str
    ) -> list[Offer]:
        found = "c1" if catalogue is None else "c2"
        return [Offer(g, (Recommendation("r", g.id, found, "t", "course", "why", 0.5),), {}) for g in gaps]

    def skills(self, phrase: str, top: int) -> list[str]:
        return ["sales", phrase]


def values_of(**given: object) -> dict[tuple[str, str], float]:
    data = {"courses": None, "spans": [], "cases": []} | given
    outcome = evaluate(**data, recommender=Backwards(), limit=None, seed=0)  # type: ignore[arg-type]
    return {(f.key, f.row): f.value for f in outcome.figures}


def test_ours_is_set_against_the_floor_query_by_query() -> None:
    values = values_of(courses=COURSES)
    assert values["ndcg_at_10", "en/coursera"] == pytest.approx(0.5)
    assert values["ndcg_at_10", "en/coursera/tf-idf"] == pytest.approx(1)
    assert values["ndcg_above_floor", "en/coursera"] == pytest.approx(-0.5)
    assert values["ndcg_at_10", "zh/coursera"] == 1
    assert values["ndcg_at_10", "zh/coursera/same in English"] == 1


def test_the_second_skill_counts_less() -> None:
    values = values_of(spans=[Span("house", "welding", "welding"), Span("tech", "selling", "sales")])
    assert values["ndcg_at_10", "en/skill_linking/house"] == pytest.approx(1 / math.log2(3))
    assert values["ndcg_at_10", "en/skill_linking/tech"] == 1


def test_cases_with_and_without_something_suitable_and_limits() -> None:
    values = values_of(cases=[case("a", {"c1": 2}), case("b", {}), case("c", {"c2": 1}, budget=100)])
    assert values["ndcg_at_5", "en/cases"] == pytest.approx(0.5)
    assert values["nothing_where_nothing_suits", "en/cases"] == 0
    assert values["limits_broken", "en/cases"] == 1


def test_no_data_is_said() -> None:
    with pytest.raises(NothingToMeasure):
        values_of()
