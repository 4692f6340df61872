from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.schema import Participant
from models.stages.veil import Veil

ENGLISH = (
    Participant("m", "manager", "Dana Whitlock", ("Dee",)),
    Participant("e", "employee", "Luis Ortega"),
)
MANDARIN = (Participant("m", "manager", "林静"), Participant("e", "employee", "欧阳宇航", ("Leo",)))


def sent(text: str, people=ENGLISH) -> str:
    return Veil(people, hiding=True).hide(text).text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Dana, could you ask Luis?", "@m, could you ask @e?"),
        ("dana whitlock's and ORTEGA's", "@m's and @e's"),
        ("Dee and Mr Ortega", "@m and Mr @e"),
        ("发给Luis看", "发给@e看"),
        ("Danan and Luisa stay", "Danan and Luisa stay"),
    ],
)
def test_every_english_form_becomes_the_id(text, hidden):
    assert sent(text) == hidden


@pytest.mark.parametrize(
    "form",
    [
        "林静",
        "小林",
        "老林",
        "林经理",
        "林总",
        "欧阳宇航",
        "宇航",
        "小欧阳",
        "老欧阳",
        "欧阳工",
        "小航",
        "阿航",
        "Leo",
    ],
)
def test_every_chinese_form_becomes_the_id(form):
    hidden = sent(f"那就{form}来负责", MANDARIN)
    assert form not in hidden
    assert hidden in ("那就@m来负责", "那就@e来负责")


def test_a_form_that_two_people_share_is_hidden_too():
    people = (Participant("a", "manager", "李静"), Participant("b", "employee", "李昊"))
    assert sent("小李和李昊", people) == "@someone和@b"


def test_names_that_are_words_are_hidden_only_with_a_capital():
    people = (Participant("m", "manager", "Will May"), Participant("e", "employee", "Rob"))
    assert sent("Will will rob nobody in may, May said", people) == "@m will rob nobody in may, @m said"


@pytest.mark.parametrize("pid", ["dana", "Dana", "dana.w", "whitlock", "luis-2"])
def test_an_id_that_tells_the_name_is_not_sent_either(pid):
    people = (Participant(pid, "manager", "Dana Whitlock"), Participant("x", "employee", "Luis"))
    veil = Veil(people, hiding=True)
    assert veil.code(pid) == "p1"
    assert veil.hide("Dana").text == "@p1"
    assert veil.person("@p1") == pid
    assert veil.show("@p1") == "Dana Whitlock"


def test_a_speaker_who_is_no_participant_has_no_id_there():
    assert Veil(ENGLISH, hiding=True).code("Maria.Lopez") == "other"
    assert Veil(ENGLISH, hiding=False).code("Maria.Lopez") == "Maria.Lopez"


def test_names_come_back():
    veil = Veil(ENGLISH, hiding=True)
    assert veil.show("Send @m the list, @e.") == "Send Dana Whitlock the list, Luis Ortega."
    assert veil.show("mail x@most.org") == "mail x@most.org"


def test_offsets_lead_back_to_the_words_that_were_said():
    text = "Dana Whitlock asked Luis to call"
    veiled = Veil(ENGLISH, hiding=True).hide(text)
    assert veiled.text == "@m asked @e to call"
    assert text[slice(*veiled.original(0, 2))] == "Dana Whitlock"
    assert text[slice(*veiled.original(3, 11))] == "asked Luis"
    assert text[slice(*veiled.original(1, 10))] == "Dana Whitlock asked Luis"
    assert text[slice(*veiled.original(12, 19))] == "to call"


@given(st.lists(st.sampled_from(["Dana ", "Luis ", "and ", "the list, ", "whitlock ", "我 "]), max_size=12))
def test_any_stretch_leads_back_and_no_name_is_left(words):
    text = "".join(words)
    veiled = Veil(ENGLISH, hiding=True).hide(text)
    assert not any(name in veiled.text.lower() for name in ("dana", "luis", "whitlock"))
    assert veiled.original(0, len(veiled.text)) == (0, len(text))
    for word in ("and", "the list"):
        at = veiled.text.find(word)
        if at >= 0:
            assert text[slice(*veiled.original(at, at + len(word)))] == word


def test_on_this_machine_nothing_is_hidden():
    veil = Veil(ENGLISH, hiding=False)
    assert veil.hide("Dana").text == "Dana"
    assert veil.show("@m") == "@m"
    assert veil.person("Luis Ortega") == "e"


def test_only_a_participant_is_meant():
    veil = Veil(ENGLISH, hiding=False)
    assert veil.person("e") == "e"
    assert veil.person("Batman") is None
    assert veil.person("") is None
