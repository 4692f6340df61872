from __future__ import annotations

from datetime import date

from models.schema import Participant
from models.stages.clauses import split_clauses
from models.stages.deadlines import Calendar
from models.stages.owners import People
from tests.models.stages.talks import THREE, TWO_ZH, talk


def test_mandarin_forms_of_address() -> None:
    people = People((Participant("m", "manager", "李静"), Participant("e", "employee", "何宇", ("阿宇",))))
    assert people.named("小何,你来") == {"e"}
    assert people.named("李经理说的") == {"m"}
    assert people.named("阿宇") == {"e"}
    assert people.named("小王") == set()


def test_a_shared_form_names_nobody() -> None:
    people = People((Participant("a", "manager", "李静"), Participant("b", "employee", "李昊")))
    assert people.named("小李") == set()
    assert people.named("李昊") == {"b"}


def test_name_parts_are_words_not_substrings() -> None:
    people = People((Participant("m", "manager", "Ann Lee"), Participant("e", "employee", "Leo (李昊)")))
    assert people.named("the planning sleeve") == set()
    assert people.named("ask Leo") == {"e"}


def test_you_in_a_larger_round_is_doubtful_unless_named() -> None:
    turns = talk("m: Could you write the plan?\nm: Yusuf, could you ask Luis for the plan?", THREE).turns
    clauses = split_clauses(turns, Calendar(date(2026, 5, 5), None, None))
    people = People(THREE)
    assert people.addressee(clauses[0][0], clauses[0]).person is None
    assert people.addressee(clauses[0][0], clauses[0]).reason == "addressee_doubtful"
    assert people.addressee(clauses[1][-1], clauses[1]).person == "h"


def test_you_between_two_is_the_other() -> None:
    turns = talk("m: 你把名单给我。", TWO_ZH).turns
    clauses = split_clauses(turns, Calendar(date(2026, 5, 5), None, None))
    assert People(TWO_ZH).addressee(clauses[0][0], clauses[0]).person == "e"
