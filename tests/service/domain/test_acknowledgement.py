from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.acknowledgement import Answer, Reply, checked, outcome
from service.domain.errors import NotAllowed, NotValid, VersionChanged
from service.domain.lifecycle import State
from service.domain.minutes import sha256_of
from service.domain.review import minutes_from
from tests.service.domain.drafts import NOW, PEOPLE, SHOWN, decide, draft, stamp

MINUTES = minutes_from(
    draft(), {}, [decide("p1"), decide("g1")], displayed=SHOWN, participants=PEOPLE, stamp=stamp()
)
HASH = sha256_of(MINUTES)
OTHER = "0" * 64


def answer(employee="e", reply=Reply.acknowledge, after_s=0, version=HASH, **more):
    return Answer(employee, version, reply, NOW + timedelta(seconds=after_s), **more)


def test_acknowledged_means_all_have():
    assert outcome({"e", "f"}, [answer("e")], HASH) is None
    assert outcome({"e", "f"}, [answer("e"), answer("f")], HASH) is State.acknowledged


def test_one_dispute_is_enough():
    answers = [answer("e"), answer("f", Reply.dispute)]
    assert outcome({"e", "f"}, answers, HASH) is State.disputed


def test_answers_to_another_version_or_of_strangers_do_not_count():
    assert outcome({"e"}, [answer(version=OTHER), answer("x"), answer("x", Reply.dispute)], HASH) is None


def test_the_last_answer_of_a_person_counts():
    answers = [answer(reply=Reply.dispute, after_s=1), answer(after_s=2)]
    assert outcome({"e"}, answers, HASH) is State.acknowledged
    assert outcome({"e"}, answers[::-1], HASH) is State.acknowledged


def test_a_meeting_without_employees_is_never_acknowledged():
    assert outcome(set(), [answer()], HASH) is None


@given(
    st.sets(st.sampled_from("efgh"), min_size=1), st.lists(st.tuples(st.sampled_from("efghx"), st.booleans()))
)
def test_nobody_is_acknowledged_for(employees, given_answers):
    answers = [
        answer(who, Reply.acknowledge if yes else Reply.dispute, n)
        for n, (who, yes) in enumerate(given_answers)
    ]
    if outcome(employees, answers, HASH) is State.acknowledged:
        assert all(
            any(one.employee == who and one.reply is Reply.acknowledge for one in answers)
            for who in employees
        )


def test_a_dispute_names_items_or_none_and_says_why():
    made = checked(answer(reply=Reply.dispute, items=("a1", "a1"), comment=" Not Friday. "), MINUTES, {"e"})
    assert (made.items, made.comment) == (("a1",), "Not Friday.")
    assert checked(answer(reply=Reply.dispute, comment="All of it"), MINUTES, {"e"}).items == ()
    assert checked(answer(), MINUTES, {"e"}).comment == ""


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (answer("m"), NotAllowed),
        (answer(version=OTHER), VersionChanged),
        (answer(reply=Reply.dispute), NotValid),
        (answer(reply=Reply.dispute, comment="x", items=("zz",)), NotValid),
        (answer(reply=Reply.dispute, comment="x" * 2001), NotValid),
        (answer(comment="\x00"), NotValid),
    ],
)
def test_answers_that_cannot_be_taken_are_refused(bad, error):
    with pytest.raises(error):
        checked(bad, MINUTES, {"e"})
