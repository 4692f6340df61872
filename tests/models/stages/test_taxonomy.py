"""The organisation's own competencies come before ESCO, and nothing changes without them."""

from __future__ import annotations

import pytest

from models.development import Competency, Profile, Resource
from models.engines import e5
from models.engines.fake import FakeEmbedder
from models.schema import Participant, Transcript, Turn
from models.stages import taxonomy
from models.stages.needs import needs
from models.stages.recommend import Shelf, named_gaps, same_skill
from models.stages.retrieval import Query, index_of
from models.stages.skills import find_gaps

BUDGETS = taxonomy.ESCO + "21c5790c-0930-4d74-b3b0-84caf5af12ea"
OWN = (
    Competency("story", "Story mapping", "故事地图", ("user story maps", "用户故事梳理")),
    Competency("north-star", "North Star", "", ("the customer's voice", "R")),
    Competency("budget", "Budget care", "预算把控", (), BUDGETS),
    Competency("pitch", "Pitching", "", ("SQL pitching",)),
)
EMBEDDER = FakeEmbedder()


def gaps_of(said, own=OWN):
    people = (Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis"))
    talk = Transcript("t", "en", "2026-03-02", people, (Turn(0, "m", "Okay."), Turn(1, "e", said)))
    return find_gaps(talk, [], taxonomy.load(own), EMBEDDER)


@pytest.mark.parametrize(
    ("said", "uri", "shown"),
    [
        ("I never really learned story mapping.", "competency:story", "Story mapping"),
        ("I never learned how to do user story maps.", "competency:story", "Story mapping"),
        ("故事地图我一直不会用。", "competency:story", "故事地图"),
        ("用户故事梳理我不行", "competency:story", "故事地图"),
        ("I struggle with the customer’s voice.", "competency:north-star", "North Star"),
        ("I struggle with budget care.", BUDGETS, "Budget care"),
        ("预算把控我不行", BUDGETS, "预算把控"),
        ("I struggle with budgeting.", BUDGETS, "Budget care"),
    ],
)
def test_a_gap_in_the_words_of_the_company_is_linked_to_its_competency(said, uri, shown):
    (gap,) = gaps_of(said)
    assert (gap.skill_uri, gap.skill) == (uri, shown)


def test_own_names_come_before_esco_and_the_longest_of_them_first():
    skills = taxonomy.load(OWN)
    assert skills.named_in("pitching for data analysis").uri == "competency:pitch"
    long = taxonomy.load((Competency("a", "Pitching"), Competency("b", "Pitching ideas")))
    assert long.named_in("bad at pitching ideas").uri == "competency:b"
    assert skills.named_in("project management and R") == taxonomy.load().named_in("project management")


def test_what_the_company_does_not_name_is_linked_to_esco_as_before():
    for said in ("I never really learned SQL.", "谈判我不行", "I never learned how to flibber a zonkwort."):
        assert gaps_of(said) == gaps_of(said, own=())


def test_meaning_finds_a_competency_even_beside_an_esco_skill_that_says_the_same():
    own = (Competency("mine", "Flibbering zonkworts"),)
    esco = taxonomy.load().skills
    twin = taxonomy.Skill(taxonomy.ESCO + "twin", "flibbering zonkworts")
    without = taxonomy.Taxonomy((*esco, twin))
    beside = taxonomy.Taxonomy((*esco, twin), own=[taxonomy.load(own).own[0]])
    assert without.closest("flibber zonkwort", EMBEDDER) == twin
    assert beside.closest("flibber zonkwort", EMBEDDER).uri == "competency:mine"


def test_a_list_is_linked_once_and_the_shipped_index_is_left_alone():
    bare = taxonomy.load()
    assert taxonomy.load(list(OWN)) is taxonomy.load(OWN)
    assert taxonomy.load() is taxonomy.load(()) is bare
    assert (bare.own, len(bare.every)) == ((), len(taxonomy.load(OWN).every) - len(OWN))
    assert bare.named_in("story mapping session") != taxonomy.load(OWN).named_in("story mapping session")


def test_a_catalogue_that_speaks_of_the_competency_is_found_by_any_of_its_names():
    entries = (Resource("a", "Workshop", skills=("Story mapping",)), Resource("b", "Course", skills=("SQL",)))
    shelf = Shelf(entries, EMBEDDER, skills=taxonomy.load(OWN))
    bare = Shelf(entries, EMBEDDER)
    (gap,) = named_gaps(["用户故事梳理"], shelf.skills)
    assert gap.skill_uri == "competency:story"
    assert named_gaps(["用户故事梳理"])[0].skill_uri != gap.skill_uri
    assert same_skill("Story mapping", "用户故事梳理", shelf.skills)
    assert not same_skill("Story mapping", "用户故事梳理", bare.skills)
    index = index_of(entries, EMBEDDER, shelf.skills, EMBEDDER)
    query = Query(gap.skill, None, shelf.skills.by_uri(gap.skill_uri))
    hit = next(one for one in index.search(query) if one.resource.id == "a")
    assert hit.signs["same_skill"] == 1.0
    assert index_of(entries, EMBEDDER, bare.skills, EMBEDDER) is not index
    assert needs(Profile(), [gap], "2026-03-02", lambda one, other: same_skill(one, other, shelf.skills))


def test_the_vectors_of_competencies_are_made_once_by_who_may_know_them_from_before():
    class Keeper(FakeEmbedder):
        asked = 0

        def embed(self, texts):
            self.asked += len(texts)
            return super().embed(texts)

    keeper, embedder = Keeper(), Keeper()
    skills = taxonomy.Taxonomy(taxonomy.curated(), own=taxonomy.load(OWN).own)
    skills.embed_own(embedder, keeper)
    assert (keeper.asked, embedder.asked) == (len(taxonomy.texts(skills.own)), 0)
    skills.embed_own(embedder, keeper)
    skills.closest("story maps", embedder)
    assert keeper.asked == len(taxonomy.texts(skills.own))
    assert embedder.asked == len(taxonomy.texts(taxonomy.curated())) + 1


@pytest.mark.models
def test_a_chinese_phrase_without_a_name_is_searched_by_an_english_label(fetched):
    embedder = e5.load(fetched("e5-small"), 2)
    found = taxonomy.load().likeliest("公共卫生", embedder)
    assert found is not None
    assert "health" in found.label
    assert taxonomy.load().closest("公共卫生", embedder) is None
