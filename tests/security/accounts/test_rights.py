"""Attempts to become more than one is: with tokens, roles, other organisations."""

from __future__ import annotations

import pytest

from tests.security.accounts.test_sessions import SAFE, TUS, closed_routes
from tests.service.office import PASSWORD


def make(client, *scopes, days=30):
    return client.post("/api/v1/tokens", json={"name": "bot", "scopes": scopes, "days": days})


def test_a_token_is_shown_once_and_works_until_it_is_revoked(people, clock):
    ana = people.sign_in("ana")
    made = make(ana, "read").json()
    bot = people.by_token(made["token"])
    me = bot.get("/api/v1/me").json()
    assert (me["person"]["id"], me["scopes"], me["csrf"]) == (people.ids["ana"], ["read"], None)
    assert made["token"] not in ana.get("/api/v1/tokens").text
    assert ana.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
    assert bot.get("/api/v1/me").json()["code"] == "token_refused"


def test_a_token_ends_with_its_days(people, clock):
    bot = people.by_token(make(people.sign_in("ana"), "read", days=2).json()["token"])
    clock.move(days=1)
    assert bot.get("/api/v1/me").status_code == 200
    clock.move(days=1)
    assert bot.get("/api/v1/me").status_code == 401


def test_a_token_to_read_changes_nothing(people, app):
    bot = people.by_token(make(people.sign_in("admin"), "read").json()["token"])
    for method, address, path in closed_routes(app):
        if method not in SAFE:
            assert bot.request(method, address, headers=TUS).status_code == 403, (method, path)


@pytest.mark.parametrize(
    "scopes", [["read"], ["read", "upload"], ["read", "write"], ["read", "upload", "write"]]
)
def test_an_administrators_token_administers_only_with_that_scope(people, scopes):
    admin = people.sign_in("admin")
    bot = people.by_token(make(admin, *scopes).json()["token"])
    assert bot.get("/api/v1/me").json()["roles"] == ["member"]
    assert bot.get(f"/api/v1/people/{people.ids['ana']}/account").status_code == 403
    assert bot.post("/api/v1/people", json={"display_name": "X"}).status_code == 403
    assert bot.patch("/api/v1/organisation", json={"name": "X"}).status_code == 403
    whole = people.by_token(make(admin, "read", "admin").json()["token"])
    assert whole.get(f"/api/v1/people/{people.ids['ana']}/account").status_code == 200


@pytest.mark.parametrize("scopes", [["read"], ["read", "write", "upload", "admin"]])
def test_no_token_makes_a_sign_in_of_any_kind(people, scopes):
    bot = people.by_token(make(people.sign_in("admin"), *scopes).json()["token"])
    assert make(bot, "read").status_code == 403
    assert bot.get("/api/v1/tokens").status_code == 403
    assert bot.get("/api/v1/sessions").status_code == 403
    assert bot.delete("/api/v1/sessions").status_code == 403
    body = {"current": PASSWORD, "new": "another long sentence of mine"}
    assert bot.put("/api/v1/me/password", json=body).status_code == 403


def test_a_member_gets_no_token_to_administer(people):
    refused = make(people.sign_in("ana"), "admin")
    assert (refused.status_code, refused.json()["code"]) == (422, "admin_scope")
    assert make(people.sign_in("ana"), "everything").status_code == 422


def test_a_token_loses_what_its_person_loses(people):
    admin = people.sign_in("admin")
    account = f"/api/v1/people/{people.ids['ana']}/account"
    admin.patch(account, json={"roles": ["admin"]})
    bot = people.by_token(make(people.sign_in("ana"), "read", "admin").json()["token"])
    assert bot.get(account).status_code == 200
    admin.patch(account, json={"roles": []})
    assert bot.get(account).status_code == 403
    admin.patch(account, json={"active": False})
    assert bot.get("/api/v1/me").status_code == 401
    admin.patch(account, json={"active": True})
    assert bot.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "header", ["Basic YTpi", "Bearer", "Bearer ", "Bearer x", "rapport_x", "Bearer \xff"]
)
def test_a_bad_token_is_not_saved_by_a_good_cookie(people, header):
    client = people.sign_in("ana")
    answer = client.get("/api/v1/me", headers={"authorization": header.encode("latin-1")})
    assert answer.status_code == 401


@pytest.mark.parametrize("changes", [{"roles": ["hr"]}, {"roles": []}, {"active": True}])
def test_nobody_changes_their_own_rights(people, changes):
    admin = people.sign_in("admin")
    refused = admin.patch(f"/api/v1/people/{people.ids['admin']}/account", json=changes)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_for_oneself")


@pytest.mark.parametrize("who", ["ana", "lead", "hr"])
def test_whoever_is_no_administrator_administers_nothing(people, who):
    client, own, other = people.sign_in(who), people.ids[who], people.ids["li"]
    tried = [
        client.patch(f"/api/v1/people/{own}/account", json={"roles": ["admin"]}),
        client.patch(f"/api/v1/people/{other}/account", json={"active": False}),
        client.get(f"/api/v1/people/{other}/account"),
        client.post("/api/v1/people", json={"display_name": "X"}),
        client.patch(f"/api/v1/people/{other}", json={"display_name": "X"}),
        client.post(f"/api/v1/people/{other}/account", json={"email": "x@firm.example"}),
        client.post(
            "/api/v1/relations",
            json={"manager_id": people.ids["boss"], "employee_id": other, "from_day": "2026-05-04"},
        ),
    ]
    assert [answer.status_code for answer in tried] == [403] * len(tried)


def test_another_organisation_is_not_there(people):
    stranger = people.sign_in("outsider")
    here = people.ids["ana"]
    relation = people.sign_in("admin").get("/api/v1/relations").json()["items"][0]["id"]
    session = people.sign_in("ana").get("/api/v1/sessions").json()["items"][0]["id"]
    token = make(people.sign_in("ana"), "read").json()["id"]
    tried = [
        stranger.get(f"/api/v1/people/{here}"),
        stranger.patch(f"/api/v1/people/{here}", json={"display_name": "X"}),
        stranger.get(f"/api/v1/people/{here}/account"),
        stranger.patch(f"/api/v1/people/{here}/account", json={"roles": ["admin"]}),
        stranger.post(f"/api/v1/people/{here}/account", json={"email": "x@firm.example"}),
        stranger.patch(f"/api/v1/relations/{relation}", json={"until_day": "2027-01-01"}),
        stranger.post(
            "/api/v1/relations",
            json={"manager_id": people.ids["outsider_member"], "employee_id": here, "from_day": "2026-05-04"},
        ),
        stranger.delete(f"/api/v1/sessions/{session}"),
        stranger.delete(f"/api/v1/tokens/{token}"),
    ]
    assert [answer.status_code for answer in tried] == [404] * len(tried)
    names = {one["display_name"] for one in stranger.get("/api/v1/people").json()["items"]}
    assert names == {"Otto Fremd", "Olga Fremd"}
    assert stranger.get("/api/v1/relations").json() == {"items": []}


def test_sharing_transcripts_opens_no_earlier_meeting(people, rapport, clock):
    from service.db.tables import Organisation
    from service.domain.organisation_settings import shares_transcript

    before = clock.now
    clock.move(minutes=1)
    admin = people.sign_in("admin")
    assert admin.patch("/api/v1/organisation", json={"share_transcript": True}).json()["share_transcript"]
    clock.move(minutes=1)
    admin.patch("/api/v1/organisation", json={"share_transcript": True})

    def shared(moment):
        with rapport.database.read() as work:
            return shares_transcript(work.session.get(Organisation, people.organisation_id).settings, moment)

    since = clock.now
    assert (shared(before), shared(since)) == (False, True)
    admin.patch("/api/v1/organisation", json={"share_transcript": False})
    clock.move(minutes=1)
    admin.patch("/api/v1/organisation", json={"share_transcript": True})
    assert (shared(since), shared(clock.now)) == (False, True)
