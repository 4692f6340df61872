"""The audit log over HTTP: found, exported without formulas, checked; for administrators alone."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import update

from service.db.tables import AuditEntry, Person

LOG = "/api/v1/audit-log"


@pytest.fixture
def admin(people):
    return people.sign_in("admin")


@pytest.fixture
def log(people, admin, clock):
    """What an administrator did on two days."""
    admin.patch(f"/api/v1/people/{people.ids['ana']}", json={"display_name": "=Ana"})
    clock.move(hours=2)
    admin.post(f"/api/v1/people/{people.ids['li']}/invitation")
    clock.move(days=2)
    return people.sign_in("admin")


def actions(client, **query):
    return [one["action"] for one in client.get(LOG, params=query).json()["items"]]


def test_entries_are_found_by_person_action_object_and_day(people, log):
    assert actions(log)[:3] == ["sign_in", "invite_join", "change"]
    assert actions(log, who="李雷") == actions(log, who="li lei") == ["invite_join"]
    assert actions(log, who=people.ids["ana"]) == ["change"]
    assert actions(log, action="change", object_kind="person") == ["change"]
    assert actions(log, object_id=people.ids["li"]) == ["invite_join"]
    assert actions(log, from_day="2026-05-06") == ["sign_in"]
    assert actions(log, until_day="2026-05-03") == []
    assert actions(log, who="Ada", until_day="2026-05-04") == ["change", "sign_in"]
    changed = log.get(LOG, params={"action": "change"}).json()["items"][0]
    assert (changed["actor_name"], changed["object_name"]) == ("Ada Byron", "=Ana")
    assert changed["codes"] == {"display_name": 1}


def test_days_are_those_of_the_one_who_asks(people, admin, clock):
    clock.now = clock.now.replace(hour=20)
    admin = people.sign_in("admin")
    admin.patch("/api/v1/me", json={"time_zone": "Asia/Shanghai"})
    assert actions(admin, from_day="2026-05-05", action="sign_in") == ["sign_in"]
    assert actions(admin, until_day="2026-05-04", action="sign_in") == ["sign_in"]


def test_pages_follow_each_other(log):
    first = log.get(LOG, params={"limit": 2}).json()
    second = log.get(LOG, params={"limit": 2, "before": first["next"]}).json()
    assert [one["action"] for one in first["items"] + second["items"]] == actions(log)
    assert second["next"] is None


def test_an_export_runs_no_formula_and_is_an_entry_itself(log):
    answer = log.get(f"{LOG}/export", params={"action": "change"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["action"], row["object_name"], row["codes"]) for row in rows] == [
        ("change", "'=Ana", "display_name=1")
    ]
    assert actions(log)[0] == "export"


def test_a_damaged_entry_is_told(people, log):
    whole = log.get(f"{LOG}/check").json()
    assert (whole["breaks"], whole["exported"]) == ([], 0)
    assert whole["entries"] == len(actions(log))
    with people.rapport.database.write() as work:
        work.session.execute(
            update(AuditEntry).where(AuditEntry.action == "change").values(actor=people.ids["li"])
        )
    damaged = log.get(f"{LOG}/check").json()["breaks"]
    assert [one["damage"] for one in damaged] == ["edited"]
    people.rapport.hosting.audit_heads.write_text("no head\n")
    assert log.get(f"{LOG}/check").json()["exported"] is None


@pytest.mark.parametrize("path", ["", "/export", "/check"])
def test_nobody_else_reads_it(people, log, path):
    for who in ("ana", "lead", "hr"):
        assert people.sign_in(who).get(LOG + path).status_code == 403
    token = people.sign_in("admin").post(
        "/api/v1/tokens", json={"name": "bot", "scopes": ["read"], "days": 3}
    )
    assert people.by_token(token.json()["token"]).get(LOG + path).status_code == 403


def test_another_organisation_is_not_in_it(people, log):
    outsider = people.sign_in("outsider")
    assert actions(outsider) == ["sign_in"]
    assert actions(outsider, who=people.ids["ana"]) == []
    assert "Ana" not in outsider.get(f"{LOG}/export").text
    with people.rapport.database.read(people.organisation_id) as work:
        assert work.one(Person, people.ids["ana"]).display_name == "=Ana"


@pytest.mark.parametrize(
    "query",
    [{"action": "DROP TABLE"}, {"before": 0}, {"from_day": "0001-01-01"}, {"until_day": "9999-12-31"}],
)
def test_what_cannot_be_asked_is_refused(admin, query):
    assert admin.get(LOG, params=query).status_code == 422
