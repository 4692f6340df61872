from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from service.domain import consent as rules
from service.domain.consent import (
    Consent,
    Standing,
    attest,
    give,
    may_process,
    may_record,
    refuse,
    told,
    withdraw,
)
from service.domain.errors import ConsentMissing, WrongState
from service.domain.lifecycle import State
from service.domain.retention import Kept

NOW = datetime(2026, 5, 5, 14, tzinfo=UTC)
WEEK = timedelta(days=7)
STEPS = {"give": give, "attest": attest, "refuse": refuse, "withdraw": withdraw}
ALLOWED = {
    ("pending", "give"): "given",
    ("pending", "attest"): "attested",
    ("pending", "refuse"): "objected",
    ("attested", "give"): "given",
    ("attested", "refuse"): "objected",
    ("attested", "withdraw"): "withdrawn",
    ("given", "give"): "given",
    ("given", "withdraw"): "withdrawn",
    ("objected", "give"): "given",
    ("withdrawn", "give"): "given",
}


def standing(which: str, participant: str = "e", **more) -> Consent:
    return Consent(participant, Standing(which), "p", NOW, **more)


@pytest.mark.parametrize(("before", "step"), list(product(Standing, STEPS)))
def test_consent_changes_only_in_these_ways(before, step):
    expected = ALLOWED.get((before.value, step))
    if expected is None:
        with pytest.raises(WrongState):
            STEPS[step](standing(before), "p", NOW)
    else:
        assert STEPS[step](standing(before), "p", NOW).standing == expected


def test_a_manager_never_overrides_an_answer_of_the_person():
    for said in ("given", "objected", "withdrawn"):
        with pytest.raises(WrongState):
            attest(standing(said), "manager", NOW)


def test_seven_days_to_object_begin_when_the_person_is_told():
    attested = attest(Consent("e"), "manager", NOW)
    long_after = NOW + 10 * WEEK
    assert refuse(attested, "e", long_after).standing is Standing.objected
    informed = told(told(attested, NOW), NOW + WEEK)
    assert rules.objection_ends(informed) == NOW + WEEK
    assert refuse(informed, "e", NOW + WEEK).standing is Standing.objected
    with pytest.raises(WrongState, match="withdraw"):
        refuse(informed, "e", NOW + WEEK + timedelta(seconds=1))
    assert withdraw(informed, "e", long_after).standing is Standing.withdrawn


def test_attesting_again_tells_again():
    assert attest(standing("pending", told_at=NOW), "manager", NOW).told_at is None


@pytest.mark.parametrize("other", Standing)
def test_everybody_has_to_agree(other):
    everybody = [standing("given", "m"), standing(other, "e")]
    agreed = other in {Standing.given, Standing.attested}
    assert may_record(everybody, NOW) is may_process(everybody, NOW) is agreed
    if not agreed:
        with pytest.raises(ConsentMissing, match="from: e\\."):
            rules.require(everybody, NOW)


def test_nobody_is_not_everybody():
    assert not may_record([], NOW)
    with pytest.raises(ConsentMissing):
        rules.require([], NOW)


def test_consent_of_tomorrow_is_none_today():
    assert not may_record([standing("given")], NOW - timedelta(seconds=1))
    assert not may_record([Consent("e", Standing.given)], NOW)


def test_a_model_elsewhere_has_to_be_named_in_everybodys_consent():
    named = [give(Consent("m"), "m", NOW, "llm.example"), give(Consent("e"), "e", NOW, "llm.example")]
    assert may_process(named, NOW, "llm.example")
    assert not may_process(named, NOW, "other.example")
    unnamed = [named[0], standing("given")]
    assert may_process(unnamed, NOW)
    assert not may_process(unnamed, NOW, "llm.example")
    with pytest.raises(ConsentMissing, match=r"llm\.example: e\."):
        rules.require(unnamed, NOW, "llm.example")
    rules.require(named, NOW, "llm.example")


def test_an_objection_erases_everything_before_confirmation_and_all_but_minutes_after():
    before = {"planned", "uploaded", "processing", "drafted", "cancelled", "failed"}
    for state in State:
        expected = set(Kept) if state in before else set(Kept) - {Kept.minutes}
        assert rules.effect_of_objection(state) == (set() if state is State.erased else expected)


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("days", [None, 6, 8])
def test_how_somebody_can_refuse_is_how_the_rules_take_it(standing, days):
    told_at = None if days is None else NOW - timedelta(days=days)
    consent = Consent("e", standing, "m", NOW - WEEK, told_at)
    way = rules.may_refuse(consent, NOW)
    if way is not None:
        {"object": refuse, "withdraw": withdraw}[way](consent, "e", NOW)
    else:
        for rule in (refuse, withdraw):
            with pytest.raises(WrongState):
                rule(consent, "e", NOW)
