from __future__ import annotations

import pytest

from models.development import Profile, Rating, Resource
from models.engines.fake import FakeEmbedder
from models.offering import for_draft
from models.parsing.catalogue import STARTER, read_catalogue
from models.schema import Evidence, SkillGap, Transcript
from models.stages import recommend as stage
from models.stages import retrieval, taxonomy
from models.stages.families import family
from models.stages.recommend import Shelf, named_gaps, offers

EMBEDDER = FakeEmbedder()
DAY = "2026-11-25"
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


def recommend(gaps, catalogue, embedder, language, top_k=3, person=None):
    found = offers(gaps, Shelf(catalogue, embedder), language, top_k, person or Profile(), DAY)
    return [item for offer in found for item in offer.items]


def recommend_for_text(texts, catalogue, embedder, language, top_k=3, person=None):
    found = offers(named_gaps(texts), Shelf(catalogue, embedder), language, top_k, person or Profile(), DAY)
    return [(offer.gap.skill, list(offer.items)) for offer in found]


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


def test_a_catalogue_of_a_thousand_is_embedded_once():
    entries = [course(f"c{i}", f"Course {i} on topic {i % 50}", skills=[f"skill {i}"]) for i in range(1000)]
    embedder = Counting()
    index = retrieval.index_of(entries, embedder, taxonomy.load(), embedder)
    index.search(retrieval.Query("topic 7"))
    after = embedder.texts
    assert retrieval.index_of(entries, embedder, taxonomy.load(), embedder) is index
    found = index.search(retrieval.Query("topic 8", "I never got topic 8."))
    assert embedder.texts == after + 2
    assert max(found, key=lambda one: one.signs["bm25"]).resource.title.endswith("topic 8")


def test_the_starter_catalogue_speaks_both_languages_and_knows_all_families():
    entries = read_catalogue(STARTER)
    assert len(entries) >= 60
    assert {entry.language for entry in entries} == {"en", "zh"}
    assert {family(entry.kind) for entry in entries} == set(stage.MIX)


def test_what_is_withheld_is_told_by_reason():
    dear = [
        course("a", "SQL", skills=["SQL"], language="en"),
        course("b", "SQL 查询", skills=["SQL"], cost=900),
    ]
    chinese = Profile(language="zh", level="beginner")
    (offer,) = offers(named_gaps(["SQL"]), Shelf(dear, EMBEDDER), "en", 3, chinese, DAY)
    assert ids(offer.items) == ["b"]
    assert offer.withheld == {"language": 1}
    poor = Profile(language="zh", budget=100)
    (offer,) = offers(named_gaps(["SQL"]), Shelf(dear, EMBEDDER), "en", 3, poor, DAY)
    assert offer.items == ()
    assert offer.withheld == {"language": 1, "too_dear": 1}


def test_a_person_is_named_as_mentor_only_with_their_consent():
    mentors = [
        course("shy", "SQL with Dana", "mentor", ["SQL"], person="Dana"),
        course("open", "SQL with Luis", "mentor", ["SQL"], person="Luis", opted_in=True),
    ]
    assert ids(recommend([SQL], mentors, EMBEDDER, "en")) == ["open"]


def test_a_rating_moves_the_level_and_is_told_beside_what_the_role_asks():
    rated = [Rating("SQL", 4, "manager", "2026-10-01")]
    expert = Profile(language="en", ratings=tuple(rated), expected={"SQL": 5})
    levels = [
        course("low", "SQL queries", skills=["SQL"], level="beginner"),
        course("high", "SQL queries", skills=["SQL"], level="advanced"),
    ]
    found = recommend([SQL], levels, EMBEDDER, "en", 2, expert)
    assert ids(found) == ["high", "low"]
    assert found[0].why.endswith("Rated 4, the role asks for 5.")
    assert ids(recommend([SQL], levels, EMBEDDER, "en", 2)) == ["low", "high"]


def test_a_gap_that_the_ratings_deny_is_marked_for_a_look():
    fine = Profile(ratings=(Rating("SQL", 5, "assessed", "2026-10-01"),), expected={"SQL": 3})
    (first, *_) = recommend([SQL], CATALOGUE, EMBEDDER, "zh", 3, fine)
    assert "请核实" in first.why


def test_a_changed_entry_changes_the_answer():
    before = [course("a", "SQL queries", skills=["SQL"])]
    assert ids(recommend([SQL], before, EMBEDDER, "en")) == ["a"]
    assert recommend([SQL], [course("a", "Baking bread", skills=["baking"])], EMBEDDER, "en") == []


def test_each_reason_is_in_the_language_of_its_gap_when_none_is_set():
    found = offers(
        named_gaps(["SQL queries", "SQL 查询"]), Shelf(CATALOGUE, EMBEDDER), None, 1, Profile(), DAY
    )
    first, second = (offer.items[0].why for offer in found)
    assert first.startswith("Named as a gap")
    assert second.startswith("提出的待提升技能")


def test_the_reason_quotes_the_sentence_that_names_the_skill():
    said = (Evidence(1, "I can't say no."), Evidence(1, "And I never learned SQL."))
    (first, *_) = recommend([SkillGap("g1", "SQL", "e", said, 0.9)], CATALOGUE, EMBEDDER, "en")
    assert "never learned SQL" in first.why


def test_each_person_of_a_talk_gets_what_suits_what_is_known_of_them():
    """Ids run over all people, in the order of the gaps."""
    gaps = [SQL, SkillGap("g2", "SQL", "f", (), 0.9), SkillGap("g3", "baking", "e", (), 0.9)]
    talk = Transcript("t", "en", DAY, (), ())
    shelf = Shelf(CATALOGUE, EMBEDDER)
    known = {"f": Profile(completed=frozenset({"sql-1"}))}
    found = for_draft(gaps, shelf, "en", talk, known)
    assert [one.id for one in found] == [f"r{n}" for n in range(1, len(found) + 1)]
    assert [one.gap for one in found] == sorted(one.gap for one in found)
    offered = {gap.id: {one.resource for one in found if one.gap == gap.id} for gap in gaps}
    assert "sql-1" in offered["g1"]
    assert "sql-1" not in offered["g2"]
