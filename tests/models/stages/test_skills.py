from __future__ import annotations

import pytest

from models.engines.fake import FakeEmbedder
from models.schema import Participant, Transcript, Turn
from models.stages import taxonomy
from models.stages.skills import find_gaps
from models.stages.taxonomy import ESCO, Skill, Taxonomy


def talk(*lines):
    people = (Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis"))
    turns = tuple(Turn(i, line[0], line[2:].strip()) for i, line in enumerate(lines))
    return Transcript("t", "en", "2026-03-02", people, turns)


def gaps_of(*lines):
    return find_gaps(talk(*lines), [], taxonomy.load(), FakeEmbedder())


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("Honestly, pivot tables still beat me.", "use spreadsheets software"),
        ("My German is pretty rusty.", "interact verbally in German"),
        ("I never really learned SQL.", "SQL"),
        ("I can draw it, but I don't know how to build a motion prototype.", None),
        ("谈判我不行", "moderate in negotiations"),
        ("数据透视表我一直不会用。", "use spreadsheets software"),
        ("怎么提问题,我确实不太会。", "use questioning techniques"),
        ("带人这块我心里没底,不知道怎么留人。", "manage staff"),
    ],
)
def test_a_lack_that_somebody_states_is_found_and_linked(said, label):
    (gap,) = gaps_of("m: Okay.", f"e: {said}")
    assert gap.person == "e"
    assert gap.evidence[0].turn == 1
    assert gap.evidence[0].quote in said
    if label is not None:
        skills = {skill.uri: skill.label for skill in taxonomy.load().skills}
        assert skills[gap.skill_uri] == label


@pytest.mark.parametrize(
    "said",
    [
        "I can't come on Monday.",
        "I can't finish it until I get the figures.",
        "We cannot open the door to the store room.",
        "I don't know how to thank you.",
        "I don't know how long it will take.",
        "You don't know how to delegate.",
        "I struggle to get the kids out of the door before the early shift.",
        "我不会忘的。",
        "他不会迟到的。",
        "周五不行,要出差。",
        "新人都不会用这个系统。",
        "我不知道怎么办,人手不够。",
        "会不会太晚了?",
    ],
)
def test_circumstances_politeness_and_other_people_are_no_gaps(said):
    assert gaps_of("m: Okay.", f"e: {said}") == []


def test_criticism_that_is_accepted_in_the_next_turn_is_a_gap_with_both_turns():
    (gap,) = gaps_of("m: So the budgeting is your weak point.", "e: Yes, that's fair.")
    assert (gap.person, [e.turn for e in gap.evidence]) == ("e", [0, 1])
    assert gap.skill == "Budgeting"


def test_criticism_that_is_rejected_is_no_gap():
    assert gaps_of("m: So the budgeting is your weak point.", "e: I don't see it that way.") == []


def test_managers_have_gaps_too():
    (gap,) = gaps_of("m: I can't read SQL to save my life.", "e: I could show you.")
    assert gap.person == "m"


def test_one_skill_said_twice_is_one_gap():
    found = gaps_of("e: I struggle with delegation.", "m: Mm.", "e: Delegation is a mystery to me.")
    assert [[e.turn for e in gap.evidence] for gap in found] == [[0, 2]]


def test_an_unknown_skill_keeps_its_words_and_has_no_uri():
    (gap,) = gaps_of("e: I never learned how to flibber a zonkwort.")
    assert gap.skill_uri is None
    assert "zonkwort" in gap.skill.lower()


def test_hostile_text_is_quoted_and_does_no_harm():
    said = "I don't know how to {skill} <script>alert(1)</script> \\d+ (?P<x>"
    (gap,) = gaps_of(f"e: {said}")
    assert gap.evidence[0].quote in said


def test_the_longest_name_wins_and_vectors_must_stand_out():
    index = Taxonomy([Skill(ESCO + "1", "sales", ("sales",)), Skill(ESCO + "2", "sales pitch")])
    found = index.named_in("a sales pitch to the board")
    assert found is not None
    assert found.label == "sales pitch"
    assert index.named_in("presales") is None
    assert index.closest("zzzz", FakeEmbedder()) is None


def test_the_index_names_only_esco_skills_each_once():
    skills = taxonomy.load().skills
    assert len(skills) > 1200
    assert len({skill.uri for skill in skills}) == len(skills)
    assert sum(len(skill.names_zh) for skill in skills) >= 200


def test_shipped_vectors_have_a_row_a_skill():
    loaded = taxonomy.load()
    assert loaded.shipped is not None
    assert loaded.shipped.shape == (len(taxonomy.texts(loaded.every)), 384)
    assert len(loaded.every) > 13_000
