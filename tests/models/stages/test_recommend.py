from __future__ import annotations

import time

import pytest

from models.development import Profile, Resource
from models.engines.fake import FakeEmbedder
from models.parsing.catalogue import read_catalogue
from models.schema import Evidence, SkillGap
from models.stages import recommend as stage
from models.stages import retrieval, taxonomy
from models.stages.recommend import recommend, recommend_for_text

EMBEDDER = FakeEmbedder()
SQL = SkillGap("g1", "SQL", "e", (Evidence(3, "I never learned SQL."),), 0.9)


def course(number, title, kind="course", skills=(), **fields):
    return Resource(number, title, kind, "", tuple(skills), **fields)


CATALOGUE = [
    course("sql-1", "SQL queries", skills=["SQL"], language="en", level="beginner"),
    course("sql-2", "SQL queries", "project", ["SQL"], language="en", level="beginner"),
    course("sql-3", "SQL 查询入门", skills=["SQL"], language="zh", level="beginner"),
    course("sql-4", "Tuning SQL servers", skills=["SQL"], language="en", level="advanced"),
    course("bake-1", "Baking bread", skills=["baking"], language="en"),
]


def ids(found):
    return [item.resource for item in found]


def test_what_trains_the_skill_is_offered_with_the_quote_as_reason():
    found = recommend([SQL], CATALOGUE, EMBEDDER, "en")
    assert set(ids(found)) <= {"sql-1", "sql-2", "sql-3", "sql-4"}
    assert len(found) == 3
    assert all("I never learned SQL" in item.why and item.gap == "g1" for item in found)


def test_the_reason_is_in_the_language_of_the_minutes():
    (first, *_) = recommend([SQL], CATALOGUE, EMBEDDER, "zh")
    assert first.why.startswith("谈话中提到")


def test_learning_on_the_job_comes_before_the_classroom():
    assert recommend([SQL], CATALOGUE, EMBEDDER, "en")[0].resource == "sql-2"


def test_scores_fall_and_stay_in_range():
    scores = [item.score for item in recommend([SQL], CATALOGUE, EMBEDDER, "en", 5)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize("gap", ["beekeeping", "钢琴调律"])
def test_nothing_suitable_gives_no_recommendation(gap):
    assert recommend_for_text([gap], CATALOGUE, EMBEDDER, "en") == [(gap, [])]


def test_done_other_language_and_too_advanced_are_left_out():
    person = Profile(language="en", level="beginner", completed=frozenset({"sql-2"}))
    assert ids(recommend([SQL], CATALOGUE, EMBEDDER, "en", 5, person)) == ["sql-1"]


def test_a_chinese_person_gets_chinese_resources_for_an_english_gap():
    assert ids(recommend([SQL], CATALOGUE, EMBEDDER, "zh", 5, Profile(language="zh-CN"))) == ["sql-3"]


def test_gaps_are_answered_in_order_each_on_its_own():
    found = recommend_for_text(["baking", "SQL"], CATALOGUE, EMBEDDER, "en", 1)
    assert [(gap, ids(items)) for gap, items in found] == [("baking", ["bake-1"]), ("SQL", ["sql-2"])]


def test_empty_catalogue_no_gaps_and_entries_without_words_are_no_trouble():
    assert recommend([], CATALOGUE, EMBEDDER, "en") == []
    assert recommend([SQL], [], EMBEDDER, "en") == []
    assert recommend([SQL], [course("x", "!!!")], EMBEDDER, "en") == []
    assert recommend([SQL], CATALOGUE, EMBEDDER, "en", 0) == []
    assert recommend_for_text(["???"], CATALOGUE, EMBEDDER, "en") == [("???", [])]


def test_braces_in_what_was_said_are_kept_as_they_are():
    gap = SkillGap("g1", "SQL", "e", (Evidence(0, "SQL {0} {quote!r}"),), 0.9)
    assert "{quote!r}" in recommend([gap], CATALOGUE, EMBEDDER, "en", 1)[0].why


class Counting(FakeEmbedder):
    texts = 0

    def embed(self, texts):
        self.texts += len(texts)
        return super().embed(texts)


def test_a_catalogue_of_a_thousand_is_embedded_once_and_then_answers_within_a_tenth_of_a_second():
    entries = [course(f"c{i}", f"Course {i} on topic {i % 50}", skills=[f"skill {i}"]) for i in range(1000)]
    embedder = Counting()
    index = retrieval.index_of(entries, embedder, taxonomy.load())
    index.search(retrieval.Query(("topic 7",)))
    after = embedder.texts
    began = time.perf_counter()
    assert retrieval.index_of(entries, embedder, taxonomy.load()) is index
    index.search(retrieval.Query(("topic 8",)))
    assert time.perf_counter() - began < 0.1
    assert embedder.texts == after + 1


def test_the_starter_catalogue_speaks_both_languages_and_knows_all_families():
    entries = read_catalogue(stage.default_catalogue())
    assert len(entries) >= 60
    assert {entry.language for entry in entries} == {"en", "zh"}
    assert {stage.family(entry.kind) for entry in entries} == set(stage.MIX)
