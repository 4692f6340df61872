from __future__ import annotations

from models.schema import Participant, SpeakerSpan, Turn, Word
from models.stages.attribute import assign, build_turns, identify, names_of

DANA = Participant("m", "manager", "Dana Whitlock")
LUIS = Participant("e", "employee", "Luis Ortega")


def words(text, start=0.0, step=0.4):
    return [Word(f" {w}", start + i * step, start + (i + 1) * step) for i, w in enumerate(text.split())]


def test_each_word_goes_to_who_speaks_then():
    said = words("how was it", 0.0) + words("good thanks", 1.5)
    spoken = assign(said, [SpeakerSpan(0.0, 1.3, "s1"), SpeakerSpan(1.4, 2.5, "s2")])
    assert [s.speaker for s in spoken] == ["s1", "s1", "s1", "s2", "s2"]


def test_a_lone_word_inside_a_sentence_stays_in_it():
    spans = [SpeakerSpan(0, 1.0, "s1"), SpeakerSpan(1.1, 1.5, "s2"), SpeakerSpan(1.6, 4, "s1")]
    spoken = assign(words("I will send the report on Friday"), spans)
    assert {s.speaker for s in spoken} == {"s1"}


def test_an_answer_between_pauses_stays_an_answer():
    said = [*words("can you send it?", 0.0), Word(" Yes.", 2.0, 2.3), *words("thanks a lot", 3.0)]
    spans = [SpeakerSpan(0, 1.7, "s1"), SpeakerSpan(1.9, 2.4, "s2"), SpeakerSpan(2.9, 5, "s1")]
    assert [t.text for t in build_turns(assign(said, spans))] == ["can you send it?", "Yes.", "thanks a lot"]


def test_turns_of_nothing_but_marks_disappear():
    spoken = assign(
        [Word(" ...", 0, 0.4), *words("well yes", 1.0)],
        [SpeakerSpan(0, 0.5, "s1"), SpeakerSpan(0.9, 3, "s2")],
    )
    turns = build_turns(spoken)
    assert [(t.i, t.speaker, t.text) for t in turns] == [(0, "s2", "well yes")]


def talk(*said):
    return [Turn(i, speaker, text) for i, (speaker, text) in enumerate(said)]


def test_names_tell_who_is_who_in_either_order():
    one = talk(("s1", "Morning Luis, how did it go?"), ("s2", "Good, thanks Dana."), ("s1", "Great, Luis."))
    two = talk(
        ("s1", "Morning Dana."), ("s2", "Hi Luis, what happened on Monday?"), ("s1", "The line stood still.")
    )
    for turns, expected in ((one, {"s1": "m", "s2": "e"}), (two, {"s1": "e", "s2": "m"})):
        found, sure = identify(turns, [DANA, LUIS])
        assert sure
        assert {s: p.id for s, p in found.items()} == expected


def test_mandarin_names_and_titles_tell_too():
    people = [Participant("m", "manager", "林静"), Participant("e", "employee", "何宇")]
    found, sure = identify(
        talk(("s1", "林经理早。"), ("s2", "小何,坐。你觉得这个月怎么样?"), ("s1", "还行。")), people
    )
    assert sure
    assert found["s2"].id == "m"


def test_without_evidence_nobody_is_named():
    found, sure = identify(talk(("s1", "It rained."), ("s2", "It did.")), [DANA, LUIS])
    assert not sure
    assert {p.role for p in found.values()} == {"unknown"}
    assert {p.id for p in found.values()} == {"s1", "s2"}


def test_roles_are_suggested_only_when_the_wording_is_clear():
    clear = talk(
        ("s1", "How was the month? What do you think went well?"),
        ("s2", "The audit, 王经理。"),
        ("s1", "Why is that? How do you see the next step?"),
        ("s2", "I would start early."),
        ("s1", "What would help? Can I give you some feedback?"),
        ("s2", "Sure."),
        ("s1", "How can I support you?"),
    )
    assert identify(clear, [])[0]["s1"].role == "manager"
    vague = talk(("s1", "Right."), ("s2", "Fine."))
    assert {p.role for p in identify(vague, [])[0].values()} == {"unknown"}


def test_forms_of_address():
    assert {"小林", "林经理", "林静"} <= set(names_of(Participant("m", name="林静")))
    assert "Leo" in names_of(Participant("e", name="李昊 (Leo)"))
    assert names_of(Participant("x", name="")) == []
