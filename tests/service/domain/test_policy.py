"""The contract's table of who may see what, written down once more, and everything else refused."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import NotAllowed
from service.domain.policy import Action, Condition, Relation, Thing, allows, allows_all, require

COLUMNS = (
    *("meeting_manager", "meeting_employee", "other_participant", "successor_manager"),
    *("current_manager", "self", "hr", "admin"),
)
CONFIRMED, SHARED, HR, FIVE = (
    "confirmed_version_exists",
    "organisation_shares_transcript",
    "hr_reason_and_second_person",
    "cells_of_five",
)
Y, N = "yes", ""
EVERYONE_IN_IT = (CONFIRMED, CONFIRMED, CONFIRMED, CONFIRMED, N, N)

READING = {
    "meeting": (Y, Y, Y, CONFIRMED, N, N, f"{CONFIRMED}+{HR}", N),
    "audio": (Y, SHARED, N, N, N, N, N, N),
    "transcript": (Y, SHARED, N, N, N, N, N, N),
    "draft": (Y, N, N, N, N, N, N, N),
    "tone_flags": (Y, N, N, N, N, N, N, N),
    "hints": (Y, N, N, N, N, N, N, N),
    "decisions": (Y, N, N, N, N, N, N, N),
    "minutes": (*EVERYONE_IN_IT, f"{CONFIRMED}+{HR}", N),
    "plan": (*EVERYONE_IN_IT, f"{CONFIRMED}+{HR}", N),
    "action_items": (*EVERYONE_IN_IT, f"{CONFIRMED}+{HR}", N),
    "ratings": (N, N, N, N, Y, Y, N, N),
    "gaps": (N, N, N, N, Y, Y, N, N),
    "profile": (N, N, N, N, Y, Y, N, N),
    "skill_radar": (N, N, N, N, "person_shows_radar", Y, N, N),
    "pulse": (N, N, N, N, N, Y, N, N),
    "quality_indicators": (Y, N, N, N, N, N, N, N),
    "consent": (N, N, N, N, N, Y, N, N),
    "access_log": (N, N, N, N, N, Y, N, N),
    "audit_log": (N, N, N, N, N, N, N, Y),
    "personal_data": (N, N, N, N, N, N, N, N),
    "legal_hold": (Y, Y, N, N, N, N, Y, N),
    "accounts": (N, N, N, N, N, N, N, Y),
    "settings": (N, N, N, N, N, N, N, Y),
    "webhooks": (N, N, N, N, N, N, N, Y),
    "operations": (N, N, N, N, N, N, N, Y),
}
COUNTING = dict.fromkeys(("ratings", "gaps", "profile", "pulse", "quality_indicators"), FIVE)
DOING = {
    ("meeting_manager", "edit", "meeting"): "unconfirmed",
    ("meeting_manager", "cancel", "meeting"): Y,
    ("meeting_manager", "retry", "meeting"): Y,
    ("meeting_manager", "erase", "meeting"): "unconfirmed",
    ("meeting_manager", "erase", "audio"): Y,
    ("meeting_manager", "request_erasure", "meeting"): Y,
    ("meeting_employee", "request_erasure", "meeting"): Y,
    ("other_participant", "request_erasure", "meeting"): Y,
    ("self", "request_erasure", "personal_data"): Y,
    ("hr", "erase", "meeting"): f"{HR}+erasure_requested",
    ("hr", "hold", "meeting"): "second_person",
    ("current_manager", "create", "meeting"): Y,
    ("meeting_manager", "upload", "audio"): Y,
    ("meeting_manager", "upload", "transcript"): Y,
    ("meeting_manager", "edit", "transcript"): Y,
    ("meeting_manager", "export", "transcript"): CONFIRMED,
    ("meeting_employee", "export", "transcript"): f"{CONFIRMED}+{SHARED}",
    ("meeting_manager", "decide", "draft"): Y,
    ("meeting_manager", "confirm", "draft"): Y,
    **{
        (who, "export", what): CONFIRMED
        for who in COLUMNS[:4]
        for what in ("minutes", "plan", "action_items")
    },
    ("meeting_employee", "acknowledge", "minutes"): CONFIRMED,
    ("meeting_employee", "dispute", "minutes"): CONFIRMED,
    ("meeting_manager", "correct", "minutes"): CONFIRMED,
    ("meeting_manager", "hand_over", "minutes"): CONFIRMED,
    ("hr", "hand_over", "minutes"): f"{CONFIRMED}+{HR}",
    ("meeting_manager", "follow_up", "action_items"): CONFIRMED,
    ("meeting_employee", "follow_up", "action_items"): CONFIRMED,
    ("successor_manager", "follow_up", "action_items"): CONFIRMED,
    ("self", "edit", "profile"): Y,
    ("current_manager", "edit", "ratings"): Y,
    ("self", "answer", "pulse"): Y,
    ("self", "export", "personal_data"): Y,
    ("self", "give_consent", "consent"): Y,
    ("self", "object", "consent"): Y,
    ("self", "withdraw", "consent"): Y,
    ("meeting_manager", "attest_consent", "consent"): Y,
    ("admin", "manage_accounts", "accounts"): "not_oneself",
    ("admin", "manage_settings", "settings"): Y,
    ("admin", "manage_webhooks", "webhooks"): Y,
}
CONTENT = set(Thing) - {
    *(Thing.audit_log, Thing.accounts, Thing.settings, Thing.webhooks, Thing.operations),
}


def cell(relation: Relation, action: Action, thing: Thing) -> frozenset[Condition] | None:
    """What the tables above ask for; None: refused."""
    if relation is Relation.none:
        return None
    if action is Action.read:
        said = READING[thing.value][COLUMNS.index(relation.value)]
    elif action is Action.aggregate:
        said = COUNTING.get(thing.value, N) if relation is Relation.hr else N
    else:
        said = DOING.get((relation.value, action.value, thing.value), N)
    if said == N:
        return None
    return frozenset() if said == Y else frozenset(Condition(name) for name in said.split("+"))


EVERYTHING = frozenset(Condition)
RELATIONS = st.frozensets(st.sampled_from(Relation))
FACTS = st.frozensets(st.sampled_from(Condition))


def test_every_thing_has_its_row():
    assert set(READING) == {thing.value for thing in Thing}
    assert all(len(row) == len(COLUMNS) for row in READING.values())


@pytest.mark.parametrize("relation", Relation)
def test_each_relation_may_do_what_the_tables_say_and_nothing_else(relation):
    for action, thing in product(Action, Thing):
        needed = cell(relation, action, thing)
        if needed is None:
            assert not allows({relation}, action, thing, EVERYTHING), (relation, action, thing)
            continue
        assert allows({relation}, action, thing, needed), (relation, action, thing)
        for missing in needed:
            assert not allows({relation}, action, thing, EVERYTHING - {missing}), (relation, action, missing)


def every_set_of_conditions():
    return chain.from_iterable(combinations(Condition, n) for n in range(len(Condition) + 1))


def test_every_single_relation_under_every_set_of_conditions():
    cells = {key: cell(*key) for key in product(Relation, Action, Thing)}
    granted = {key for key, needed in cells.items() if needed is not None}
    for facts in map(frozenset, every_set_of_conditions()):
        for key in granted:
            relation, action, thing = key
            assert allows({relation}, action, thing, facts) == (cells[key] <= facts)


@given(RELATIONS, st.sampled_from(Action), st.sampled_from(Thing), FACTS)
def test_several_relations_never_give_more_than_one_of_them(relations, action, thing, facts):
    singly = [cell(relation, action, thing) for relation in relations]
    if allows(relations, action, thing, facts):
        assert any(needed is not None and needed <= facts for needed in singly)


@pytest.mark.parametrize("extra", [{Relation.hr}, {Relation.admin}, {Relation.hr, Relation.admin}])
def test_a_global_role_adds_nothing_to_a_relation_to_the_object(extra):
    to_object = set(Relation) - {Relation.hr, Relation.admin, Relation.none}
    for relation, action, thing in product(to_object, Action, Thing):
        alone = allows({relation}, action, thing, EVERYTHING)
        assert allows({relation} | extra, action, thing, EVERYTHING) == alone, (relation, action, thing)


@given(RELATIONS, st.sampled_from(Action), st.sampled_from(sorted(CONTENT)), FACTS)
def test_an_administrator_reaches_no_content_in_any_combination(relations, action, thing, facts):
    global_only = (relations & {Relation.hr, Relation.none}) | {Relation.admin}
    assert not allows(global_only, action, thing, facts)


@given(RELATIONS, st.sampled_from(Action), st.sampled_from(Thing), FACTS, FACTS)
def test_more_facts_never_take_a_right_away(relations, action, thing, facts, more):
    if allows(relations, action, thing, facts):
        assert allows(relations, action, thing, facts | more)


@given(RELATIONS, st.sampled_from(Action), st.frozensets(st.sampled_from(Thing)), FACTS)
def test_what_shows_several_things_is_as_strict_as_the_strictest(relations, action, things, facts):
    expected = bool(things) and all(allows(relations, action, thing, facts) for thing in things)
    assert allows_all(relations, action, things, facts) == expected


def test_nobody_and_nothing_is_refused():
    for action, thing in product(Action, Thing):
        assert not allows((), action, thing, EVERYTHING)
    assert not allows_all({Relation.meeting_manager}, Action.read, ())


def test_nothing_unconfirmed_leaves_by_an_export():
    unconfirmed = EVERYTHING - {Condition.confirmed_version_exists}
    for relation, thing in product(Relation, set(Thing) - {Thing.personal_data}):
        assert not allows({relation}, Action.export, thing, unconfirmed)


def test_a_refusal_names_the_action_and_the_thing_in_both_languages():
    with pytest.raises(NotAllowed) as refused:
        require({Relation.hr}, Action.read, Thing.draft, EVERYTHING)
    assert "draft" in refused.value.line("en")
    assert "草稿" in refused.value.line("zh")
    assert refused.value.values == {"action": Action.read, "thing": Thing.draft}
