from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.audit_chain import GENESIS, Break, Damage, Entry, Head, Sealed, mac, seal, verify
from service.domain.errors import NotValid

KEY = b"k" * 32
AT = datetime(2026, 5, 5, 14, tzinfo=UTC)
ORG = "org-1"


def entry(sequence=1, **changes) -> Entry:
    made = Entry(
        ORG,
        sequence,
        AT + timedelta(minutes=sequence),
        "p-1",
        "read",
        "minutes",
        f"m-{sequence}",
        {"version": 1},
    )
    return replace(made, **changes)


def chain(length: int = 6, key: bytes = KEY) -> list[Sealed]:
    made: list[Sealed] = []
    for n in range(1, length + 1):
        made.append(seal(key, made[-1] if made else None, entry(n)))
    return made


LOG = chain()
HEAD = Head(ORG, 6, LOG[-1].mac)


def breaks(log, heads=(HEAD,)):
    return [(one.damage.value, one.sequence) for one in verify(ORG, log, KEY, heads)]


def test_a_whole_log_has_no_breaks():
    assert breaks(LOG) == []
    assert breaks(LOG, [Head(ORG, 3, LOG[2].mac), HEAD, HEAD]) == []
    assert breaks([], []) == []


def test_the_hash_is_a_fixed_one_so_that_old_logs_stay_verifiable():
    assert mac(KEY, GENESIS, entry()) == "88be0afc8248841412d33bcd1aceb2a8a114a1e2a4a348496c214ed39813df45"
    elsewhere = entry(at=(AT + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=8))))
    assert mac(KEY, GENESIS, elsewhere) == mac(KEY, GENESIS, entry())


CHANGES = [
    {"actor": "p-2"},
    {"action": "export"},
    {"object_kind": "audio"},
    {"object_id": "m-x"},
    {"at": AT},
    {"codes": {"version": 2}},
    {"codes": {}},
    {"codes": {"note": "Dana was late again"}},
    {"codes": {"n": 2**60}},
    {"actor": "\ud800"},
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("place", [0, 3, 5])
def test_an_edit_of_any_field_is_found_where_it_is(change, place):
    log = list(LOG)
    log[place] = replace(log[place], entry=replace(log[place].entry, **change))
    assert breaks(log) == [("edited", place + 1)]


def test_an_edit_sealed_with_another_key_is_found():
    log = list(LOG)
    log[2] = seal(b"x" * 32, log[1], entry(3, actor="p-9"))
    assert breaks(log) == [("edited", 3), ("edited", 4)]


def test_missing_entries_are_found():
    assert breaks([*LOG[:2], *LOG[4:]]) == [("gap", 5), ("edited", 5)]
    assert ("gap", 2) in breaks(LOG[1:])


def test_a_renumbered_log_is_found():
    log = [
        *LOG[:2],
        *(replace(one, entry=replace(one.entry, sequence=one.entry.sequence - 1)) for one in LOG[3:]),
    ]
    assert ("edited", 3) in breaks(log)


def test_swapped_and_doubled_entries_are_found():
    assert ("reordered", 3) in breaks([LOG[0], LOG[1], LOG[3], LOG[2], LOG[4], LOG[5]])
    assert ("reordered", 6) in breaks([*LOG, LOG[5]])


def test_a_log_cut_off_before_an_exported_head_is_found():
    assert breaks(LOG[:4]) == [("truncated", 6)]
    assert breaks([]) == [("truncated", 6)]
    assert breaks(LOG[:4], []) == []


def test_a_log_written_anew_with_the_right_key_differs_from_the_exported_head():
    anew: list[Sealed] = []
    for n in range(1, 7):
        anew.append(seal(KEY, anew[-1] if anew else None, entry(n, actor="p-7")))
    assert breaks(anew, []) == []
    assert breaks(anew) == [("rewritten", 6)]


def test_another_organisations_entry_and_heads_do_not_mix():
    stranger = seal(KEY, LOG[-1], entry(7, organisation="org-2"))
    assert breaks([*LOG, stranger]) == [("foreign", 7)]
    assert breaks(LOG, [HEAD, Head("org-2", 99, "0" * 64)]) == []


@given(st.data())
def test_no_other_arrangement_of_the_entries_passes(data):
    log = data.draw(st.lists(st.sampled_from(LOG), max_size=8))
    if log != LOG:
        assert breaks(log) != []


@pytest.mark.parametrize(
    "change",
    [
        {"codes": {"note": "was late again"}},
        {"codes": {"name": "Dana"}},
        {"codes": {"name": "张总"}},
        {"codes": {"name": ""}},
        {"codes": {"x": "a" * 65}},
        {"codes": {"x": 0.5}},
        {"codes": {"x": True}},
        {"codes": {"x": None}},
        {"codes": {"x": ["a"]}},
        {"codes": {"a note": "x"}},
        {"codes": {f"c{n}": n for n in range(17)}},
        {"codes": {"x": 2**53}},
        {"actor": "Dana Li"},
        {"object_id": "a\n"},
        {"action": ""},
        {"sequence": 0},
        {"at": datetime(2026, 5, 5)},
    ],
)
def test_text_never_enters_the_log(change):
    with pytest.raises(NotValid) as refused:
        seal(KEY, None, entry(**change))
    assert "Dana" not in str(refused.value.values)


def test_ids_codes_numbers_and_hashes_do():
    codes = {"version": 3, "sha256": "ab" * 32, "day": "2026-05-05", "reason": "legal_hold", "delta": -1}
    assert verify(ORG, [seal(KEY, None, entry(codes=codes))], KEY, []) == []


def test_a_short_key_is_a_defect():
    for call in (lambda: mac(b"short", GENESIS, entry()), lambda: verify(ORG, [], b"", [])):
        with pytest.raises(ValueError, match="too short"):
            call()


def test_a_break_says_where():
    assert Break(Damage.gap, 5) == verify(ORG, [*LOG[:2], *LOG[4:]], KEY, [])[0]
