from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.parsing.previous import read_action_items
from service.domain.edits import new_item
from service.domain.errors import NotValid, VersionChanged
from service.domain.minutes import check, corrected, next_stamp, require_version, sha256_of, without_ratings
from service.domain.review import minutes_from
from tests.service.domain.drafts import NOW, PEOPLE, SHOWN, decide, draft, stamp


@pytest.fixture
def first():
    return minutes_from(
        draft(), {}, [decide("p1"), decide("g1")], displayed=SHOWN, participants=PEOPLE, stamp=stamp()
    )


def test_the_hash_is_sha256_over_canonical_json():
    canonical = '{"a":1,"b":["é","中"],"c":null}'.encode()
    assert sha256_of({"c": None, "b": ["é", "中"], "a": 1}) == hashlib.sha256(canonical).hexdigest()


@given(st.randoms())
def test_the_order_of_keys_does_not_change_the_hash_and_any_word_does(random):
    made = draft()
    keys = list(made)
    random.shuffle(keys)
    shuffled = {key: made[key] for key in keys}
    assert sha256_of(shuffled) == sha256_of(made)
    assert sha256_of({**made, "summary": made["summary"] + " "}) != sha256_of(made)


def test_an_answer_to_another_version_is_refused(first):
    require_version(first, sha256_of(first))
    for other in (sha256_of({**first, "summary": "x"}), "", "é", sha256_of(first).upper()):
        with pytest.raises(VersionChanged):
            require_version(first, other)


def test_a_correction_is_a_new_version_and_leaves_the_old_one_alone(first):
    before = json.dumps(first)
    changes = [decide("a1", "edit", fields={"due": "2026-05-15"}), decide("p1", "reject")]
    added = {"agreements": [new_item("agreements", "h1", {"text": "Meet in person"}, PEOPLE)]}
    second = corrected(first, changes, added, next_stamp(first, "v2", "m", NOW), PEOPLE)
    assert (second["version"], second["supersedes"], second["id"]) == (2, "v1", "v2")
    assert second["action_items"][0]["due"] == "2026-05-15"
    assert second["points"] == []
    assert [item["id"] for item in second["agreements"]] == ["g1", "h1"]
    assert second["agreements"][0] == first["agreements"][0]
    assert json.dumps(first) == before
    assert sha256_of(second) != sha256_of(first)


def test_a_date_ends_an_explicit_no_date_in_a_correction(first):
    none = corrected(first, [decide("a1", no_date=True)], {}, next_stamp(first, "v2", "m", NOW), PEOPLE)
    assert none["action_items"][0]["no_date"] is True
    dated = [decide("a1", "edit", fields={"due": "2026-06-01"})]
    again = corrected(none, dated, {}, next_stamp(none, "v3", "m", NOW), PEOPLE)
    assert "no_date" not in again["action_items"][0]
    assert again["version"] == 3


def test_a_correction_checks_its_edits(first):
    for change, key in [
        (decide("zz"), "unknown_item"),
        (decide("a1", "edit", fields={"owner": "x"}), "not_a_participant"),
    ]:
        with pytest.raises(NotValid) as refused:
            corrected(first, [change], {}, next_stamp(first, "v2", "m", NOW), PEOPLE)
        assert refused.value.key == key


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", "rapport.minutes/2"),
        ("version", True),
        ("version", 0),
        ("version", 2),
        ("supersedes", "v0"),
        ("summary", None),
        ("points", {}),
        ("action_items", [{"id": "../x", "evidence": []}]),
        ("action_items", [{"id": "g1", "evidence": []}]),
        ("agreements", [{"id": "g1", "evidence": [{"turn": 1, "quote": "said"}]}]),
        ("agreements", ["g1"]),
    ],
)
def test_damaged_minutes_are_refused(first, field, value):
    check(first)
    with pytest.raises(NotValid):
        check({**first, field: value})
    with pytest.raises(NotValid):
        check({name: kept for name, kept in first.items() if name != field})


def test_the_next_draft_reads_the_minutes_items(first, tmp_path):
    path = tmp_path / "m.minutes.json"
    path.write_text(json.dumps(first), "utf-8")
    (item,) = read_action_items(path)
    assert (item.id, item.owner, item.due) == ("a1", "e", "2026-05-08")


def test_who_may_not_see_ratings_gets_the_plan_without_them(first):
    entry = {
        "gap": "s1",
        "skill": "SQL",
        "goal": "Level 3",
        "target": 3,
        "current": 1,
        "reality": "1 of 5",
        "will": [],
    }
    shown = without_ratings({**first, "plan": [entry]})["plan"][0]
    assert (shown["target"], shown["current"], shown["reality"], shown["gap"]) == (None, None, "", None)
    assert shown["will"] == []
