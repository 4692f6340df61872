from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.parsing.documents import document, parse_draft
from service.domain.edits import new_item
from service.domain.errors import NotReviewed, NotValid
from service.domain.review import (
    check_decision,
    mark_stale,
    merge_redraft,
    minutes_from,
    needs_own_decision,
    undecided,
    with_own_ids,
)
from tests.service.domain.drafts import NOW, PEOPLE, SHOWN, TURNS, action, decide, draft, quote, stamp
from tests.service.domain.plans import entry

ALL = [decide("p1"), decide("g1")]


def minutes(decisions=ALL, made=None, human=None, displayed=SHOWN, **more):
    return minutes_from(
        made or draft(),
        human or {},
        decisions,
        displayed=displayed,
        participants=PEOPLE,
        stamp=stamp(),
        **more,
    )


def test_the_draft_of_these_tests_is_one_of_the_contract():
    assert document(parse_draft(json.dumps(draft())))["action_items"][0]["id"] == "a1"


@pytest.mark.parametrize(
    ("changes", "own"),
    [
        ({}, False),
        ({"confidence": 0.8}, False),
        ({"confidence": 0.79}, True),
        ({"confidence": None}, True),
        ({"owner": None}, True),
        ({"due": None}, True),
        ({"due": None, "no_date": True}, False),
        ({"due": None, "no_date": "yes"}, True),
        ({"evidence": [{**quote(1), "stale": True}]}, True),
    ],
)
def test_one_confirm_covers_items_with_owner_date_and_confidence(changes, own):
    assert needs_own_decision(action(**changes)) is own


def test_what_has_no_owner_and_date_needs_a_decision_of_its_own():
    assert undecided(draft(), [], SHOWN) == ["p1", "g1"]
    assert undecided(draft(), ALL, SHOWN) == []


def test_what_was_not_displayed_needs_a_decision_of_its_own():
    assert undecided(draft(), ALL, {"p1", "g1"}) == ["a1", "summary"]
    assert undecided(draft(), [*ALL, decide("a1"), decide("summary")], set()) == []


def test_a_confirm_names_what_is_open():
    with pytest.raises(NotReviewed) as refused:
        minutes([])
    assert refused.value.values == {"count": 2, "items": "p1, g1"}
    assert "p1, g1" in refused.value.line("zh")


def test_the_summary_is_looked_at_again_after_a_rejection_or_an_edit():
    rejected = [*ALL, decide("a1", "reject", 10)]
    assert undecided(draft(), rejected, SHOWN) == ["summary"]
    assert undecided(draft(), [*rejected, decide("summary", "accept", 5)], SHOWN) == ["summary"]
    assert undecided(draft(), [*rejected, decide("summary", "accept", 20)], SHOWN) == []
    assert undecided(draft(summary=""), rejected, SHOWN) == []


def test_gaps_and_recommendations_hold_up_no_confirm():
    assert undecided(draft(), [*ALL, decide("r1", "reject")], SHOWN) == []


def test_minutes_hold_accepted_items_with_turn_numbers_and_no_spoken_words():
    made = minutes()
    assert made["action_items"] == [
        {
            "id": "a1",
            "task": "Send the SQL queries",
            "owner": "e",
            "due": "2026-05-08",
            "due_rule": "weekday",
            "recurrence": None,
            "evidence": [1],
        }
    ]
    assert made["points"][0]["evidence"] == [0]
    assert [
        made[name]
        for name in ("schema", "version", "supersedes", "transcript_rev", "confirmed_by", "confirmed_at")
    ] == [*("rapport.minutes/1", 1, None, 2, "m", "2026-05-05T14:00:00Z")]
    text = json.dumps(made)
    assert "quote" not in text and "by Friday" not in text and "tone" not in text and "confidence" not in text


def test_rejected_items_are_nowhere_in_the_minutes():
    made = minutes(
        [*ALL, decide("a1", "reject"), decide("summary", "edit", 1, fields={"text": "The report was early."})]
    )
    assert made["action_items"] == []
    assert "queries" not in json.dumps(made)


def test_edits_are_applied_and_the_last_decision_counts():
    edits = [
        decide("a1", "reject", 1),
        decide("a1", "edit", 3, fields={"task": "  Send all queries ", "owner": "m", "due": "2026-05-11"}),
        decide("a1", "accept", 2),
        decide("summary", "accept", 9),
    ]
    (item,) = minutes([*ALL, *edits])["action_items"]
    assert (item["task"], item["owner"], item["due"]) == ("Send all queries", "m", "2026-05-11")


def test_an_explicit_no_date_takes_the_date_away():
    (item,) = minutes([*ALL, decide("a1", "accept", no_date=True)])["action_items"]
    assert (item["due"], item["no_date"]) == (None, True)


def test_items_that_people_add_say_so():
    added = {
        "action_items": [
            new_item("action_items", "h1", {"task": "Book a room", "owner": "m"}, PEOPLE, no_date=True)
        ]
    }
    item = minutes(human=added)["action_items"][1]
    assert (item["origin"], item["evidence"], item["no_date"], item["owner"]) == ("human", [], True, "m")
    dropped = [*ALL, decide("h1", "reject"), decide("summary", after_s=1)]
    assert len(minutes(dropped, human=added)["action_items"]) == 1


def test_an_added_item_cannot_take_the_id_of_a_suggestion():
    added = {"agreements": [new_item("agreements", "a1", {"text": "Something"}, PEOPLE)]}
    with pytest.raises(NotValid, match="a1"):
        minutes(human=added)


@pytest.mark.parametrize(
    ("item", "more", "key"),
    [
        ("zz", {}, "unknown_item"),
        ("a1", {}, "no_edit"),
        ("a1", {"fields": {"confidence": "1"}}, "not_editable"),
        ("g1", {"fields": {"owner": "m"}}, "not_editable"),
        ("r1", {"fields": {"title": "x"}}, "not_editable"),
        ("a1", {"fields": {"task": "  "}}, "text_empty"),
        ("a1", {"fields": {"task": None}}, "text_unreadable"),
        ("a1", {"fields": {"task": "x" * 2001}}, "text_too_long"),
        ("a1", {"fields": {"task": "a\x00b"}}, "text_unreadable"),
        ("a1", {"fields": {"task": "a\ud800b"}}, "text_unreadable"),
        ("a1", {"fields": {"owner": "x"}}, "not_a_participant"),
        ("a1", {"fields": {"owner": ["m"]}}, "not_a_participant"),
        ("a1", {"fields": {"due": "20260508"}}, "bad_day"),
        ("a1", {"fields": {"due": "2026-02-30"}}, "bad_day"),
        ("a1", {"fields": {"due": "next Friday"}}, "bad_day"),
        ("a1", {"fields": {"recurrence": "hourly"}}, "not_a_choice"),
        ("p1", {"fields": {"kind": "gossip"}}, "not_a_choice"),
        ("a1", {"fields": {"due": "2026-05-08"}, "no_date": True}, "date_and_no_date"),
        ("p1", {"no_date": True}, "date_and_no_date"),
        ("summary", {"fields": {"text": "x" * 10_001}}, "text_too_long"),
    ],
)
def test_edits_that_cannot_be_taken_are_refused(item, more, key):
    with pytest.raises(NotValid) as refused:
        check_decision(draft(), {}, decide(item, "edit", **more), PEOPLE)
    assert refused.value.key == key


def test_owner_date_and_recurrence_can_be_cleared():
    cleared = {"owner": None, "due": None, "recurrence": None, "task": "会后整理"}
    assert dict(check_decision(draft(), {}, decide("a1", "edit", fields=cleared), PEOPLE).fields) == cleared


@pytest.mark.parametrize(
    ("group", "fields", "key"),
    [
        ("points", {"text": "x"}, "not_a_choice"),
        ("agreements", {}, "text_empty"),
        ("tone_flags", {"text": "x"}, "not_editable"),
    ],
)
def test_an_added_item_needs_its_wording_and_a_group_of_minutes(group, fields, key):
    with pytest.raises(NotValid) as refused:
        new_item(group, "h1", fields, PEOPLE)
    assert refused.value.key == key


def test_the_plan_of_the_minutes_keeps_turns_and_no_quotes():
    (made,) = minutes(plan=[entry(evidence=[quote(3)])], displayed={*SHOWN, "r1.learn", "s1.review"})["plan"]
    assert made == entry(evidence=[3])


# Drafting again


def test_an_item_with_a_decision_survives_any_new_draft():
    new = draft(points=[], agreements=[], action_items=[action(task="Write the report", evidence=[quote(0)])])
    merged = merge_redraft(draft(), {"a1", "p1"}, new, TURNS)
    assert merged["action_items"][0] == draft()["action_items"][0]
    assert merged["points"] == draft()["points"]
    assert merged["agreements"] == []
    assert [(item["id"], item["task"]) for item in merged["action_items"][1:]] == [("a2", "Write the report")]


def test_a_decided_suggestion_does_not_come_back_in_the_same_or_other_words():
    reworded = action("a7", task="Mail the queries")
    merged = merge_redraft(draft(), {"a1"}, draft(action_items=[action("a5"), reworded]), TURNS)
    assert [item["id"] for item in merged["action_items"]] == ["a1"]


def test_another_date_from_another_turn_is_another_suggestion():
    later = action(due="2026-05-15", evidence=[quote(2)])
    merged = merge_redraft(draft(), {"a1"}, draft(action_items=[later]), TURNS)
    assert [(item["id"], item["due"]) for item in merged["action_items"]] == [
        ("a1", "2026-05-08"),
        ("a2", "2026-05-15"),
    ]


def test_what_was_decided_is_not_asked_again_in_other_words_of_its_turn():
    other, own = action("a5", task="Write the manual", due=None), action("a6", task="Send SQL", due=None)
    merged = merge_redraft(draft(), {"a1"}, draft(action_items=[other, own]), TURNS)
    assert [item["task"] for item in merged["action_items"]] == ["Send the SQL queries", "Write the manual"]
    assert merged["new_items"] == ["a5"]
    kinds = merge_redraft(
        draft(), {"p1"}, draft(points=[{**draft()["points"][0], "id": "p4", "kind": "obstacle"}]), TURNS
    )
    assert [point["kind"] for point in kinds["points"]] == ["highlight", "obstacle"]


def test_recommendations_of_a_gap_that_was_decided_stay_with_it():
    gap = {**draft()["skill_gaps"][0], "id": "s4", "skill": "Window functions"}
    course = {**draft()["recommendations"][0], "gap": "s4", "resource": "sql-2"}
    merged = merge_redraft(draft(), {"s1"}, draft(skill_gaps=[gap], recommendations=[course]), TURNS)
    assert [one["id"] for one in merged["skill_gaps"]] == ["s1"]
    assert [one["gap"] for one in merged["recommendations"]] == ["s1"]


def test_a_quote_that_the_transcript_no_longer_holds_is_marked():
    edited = {**TURNS, 1: "Thanks. I'll send them."}
    merged = merge_redraft(draft(), {"a1"}, draft(action_items=[]), edited)
    assert all(one["stale"] for one in merged["action_items"][0]["evidence"])
    restored = mark_stale(merged["action_items"][0], TURNS)
    assert restored == draft()["action_items"][0]


def test_a_kept_recommendation_keeps_its_gap_and_a_new_one_follows_its_renamed_gap():
    gap = {**draft()["skill_gaps"][0], "skill": "Excel", "evidence": [quote(0)]}
    course = {**draft()["recommendations"][0], "resource": "excel-1"}
    new = draft(skill_gaps=[gap], recommendations=[course])
    merged = merge_redraft(draft(), {"r1"}, new, TURNS)
    assert [(one["id"], one["skill"]) for one in merged["skill_gaps"]] == [("s1", "SQL"), ("s2", "Excel")]
    assert [(one["id"], one["gap"]) for one in merged["recommendations"]] == [("r1", "s1"), ("r2", "s2")]


def test_a_decided_summary_stays_and_an_open_one_is_new():
    new = draft(summary="New")
    assert merge_redraft(draft(), {"summary"}, new, TURNS)["summary"] == draft()["summary"]
    assert merge_redraft(draft(), (), new, TURNS)["summary"] == "New"


def test_engines_number_each_group_for_itself_and_the_review_needs_one_id_each():
    gap = {**draft()["skill_gaps"][0], "id": "g1"}
    course = {**draft()["recommendations"][0], "gap": "g1"}
    made = with_own_ids(draft(skill_gaps=[gap], recommendations=[course]))
    assert made["agreements"][0]["id"] == "g1"
    assert made["skill_gaps"][0]["id"] == made["recommendations"][0]["gap"] == "g2"
    assert with_own_ids(draft()) == draft()


ITEMS = st.lists(
    st.builds(
        action,
        st.sampled_from(["a1", "a2", "a3", "a4"]),
        task=st.sampled_from(["Write", "Send", "Call"]),
        due=st.sampled_from([None, "2026-05-08"]),
        evidence=st.lists(st.sampled_from([quote(n) for n in TURNS]), max_size=2),
    ),
    max_size=4,
    unique_by=lambda item: item["id"],
)


@given(ITEMS, ITEMS, st.sets(st.sampled_from(["a1", "a2", "a3", "a4"])))
def test_drafting_again_only_adds(before, after, chosen):
    old, new = draft(action_items=before), draft(action_items=after)
    decided = [item for item in before if item["id"] in chosen]
    merged = merge_redraft(old, {item["id"] for item in decided}, new, TURNS, reserved={"h1"})["action_items"]
    assert merged[: len(decided)] == decided
    ids = [item["id"] for item in merged]
    assert len(set(ids)) == len(ids)
    meaning = {item["id"]: item for item in before}
    for item in merged[len(decided) :]:
        was = meaning.get(item["id"])
        assert was is None or (
            was["task"] == item["task"]
            or was["evidence"] == item["evidence"]
            or set(map(str, was["evidence"])) == set(map(str, item["evidence"]))
        )
    assert len(merged) <= len(decided) + len(after)


@given(st.sets(st.sampled_from(["p1", "g1", "a1"])), st.sets(st.sampled_from(sorted(SHOWN))))
def test_no_item_enters_minutes_that_was_neither_displayed_nor_decided(decided, displayed):
    decisions = [decide(item) for item in decided]
    try:
        made = minutes(decisions, displayed=displayed)
    except NotReviewed:
        return
    inside = {item["id"] for group in ("points", "agreements", "action_items") for item in made[group]}
    assert inside <= decided | displayed
    assert {"p1", "g1"} <= decided
    assert made["confirmed_at"].startswith(NOW.date().isoformat())
