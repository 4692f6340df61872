"""Edits, gaps and a log cut off are found; what was exported cannot be taken back."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from service.db.tables import Organisation
from service.domain.audit_chain import Damage
from service.errors import WrongUsage
from service.usecases.audit_log import export_heads, verify_audit


@pytest.fixture
def org(rapport):
    with rapport.database.write() as work:
        row = Organisation(name="Acme", created_at=work.now)
        work.session.add(row)
        work.session.flush()
        work.organisation_id = row.id
        for number in range(1, 6):
            work.audit("p1", "test", "thing", f"t{number}", {"n": number})
    return row.id


def change(rapport, statement):
    with rapport.database.write() as work:
        work.session.execute(text(statement))


def damages(rapport, org):
    return {(one.damage, one.sequence) for one in verify_audit(rapport)[org]}


def test_a_log_that_nobody_touched_is_whole(rapport, org):
    assert verify_audit(rapport) == {}
    assert export_heads(rapport) == 1
    assert verify_audit(rapport) == {}


@pytest.mark.parametrize(
    ("statement", "damage"),
    [
        ("UPDATE audit_entry SET actor = 'p2' WHERE sequence = 3", (Damage.edited, 3)),
        ("UPDATE audit_entry SET codes = '{}' WHERE sequence = 2", (Damage.edited, 2)),
        ("DELETE FROM audit_entry WHERE sequence = 3", (Damage.gap, 4)),
        ("DELETE FROM audit_entry WHERE sequence = 5", (Damage.truncated, 5)),
    ],
)
def test_damage_is_found_and_placed(rapport, org, statement, damage):
    change(rapport, statement)
    assert damage in damages(rapport, org)


def test_a_log_cut_off_with_its_head_is_found_by_the_exported_one(rapport, org):
    export_heads(rapport)
    fourth = "SELECT mac FROM audit_entry WHERE sequence = 4"
    change(rapport, f"UPDATE audit_head SET sequence = 4, mac = ({fourth})")  # noqa: S608
    change(rapport, "DELETE FROM audit_entry WHERE sequence = 5")
    assert damages(rapport, org) == {(Damage.truncated, 5)}


def test_an_organisation_taken_out_whole_is_missed(rapport, org):
    export_heads(rapport)
    for table in ("audit_entry", "audit_head", "organisation"):
        change(rapport, f"DELETE FROM {table}")  # noqa: S608
    assert damages(rapport, org) == {(Damage.truncated, 5)}


def test_heads_are_appended_outside_the_database_and_private(rapport, org):
    export_heads(rapport)
    export_heads(rapport)
    path = rapport.hosting.audit_heads
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(line["organisation"], line["sequence"]) for line in lines] == [(org, 5)] * 2
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_of_heads_that_was_tampered_with_is_refused(rapport, org):
    export_heads(rapport)
    with rapport.hosting.audit_heads.open("a", encoding="utf-8") as file:
        file.write("{}\n")
    with pytest.raises(WrongUsage) as error:
        verify_audit(rapport)
    assert (error.value.key, error.value.values["line"]) == ("bad_heads", 2)
