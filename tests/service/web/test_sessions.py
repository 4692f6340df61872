"""Signing in and out, and how long it lasts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from service.db.tables import Account, OutboxMessage, Session
from service.usecases.identify import IDLE, LONGEST
from service.usecases.sign_in import FAILURES, LOCKED
from tests.service.office import PASSWORD, email

WRONG = "no"


def sign_in(client, name="ana", password=PASSWORD):
    return client.post("/api/v1/session", json={"email": email(name), "password": password})


def test_a_password_opens_a_session_that_a_page_can_use(people):
    client = people.visitor()
    assert client.get("/api/v1/me").status_code == 401
    token = sign_in(client).json()["csrf"]
    me = client.get("/api/v1/me").json()
    assert (me["person"]["display_name"], me["roles"], me["csrf"]) == ("Ana Ruiz", ["member"], token)
    assert client.delete("/api/v1/session", headers={"X-CSRF-Token": token}).status_code == 204
    assert client.get("/api/v1/me").status_code == 401


def test_the_address_is_taken_in_any_case(people):
    body = {"email": " ANA@Firm.Example", "password": PASSWORD}
    assert people.visitor().post("/api/v1/session", json=body).status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(people):
    wrong = sign_in(people.visitor(), password=WRONG).json()
    unknown = sign_in(people.visitor(), "nobody").json()
    assert {**wrong, "instance": ""} == {**unknown, "instance": ""}
    assert wrong["code"] == "wrong_sign_in"


def test_ten_wrong_passwords_lock_the_account_for_a_while(people, rapport, clock):
    for _ in range(FAILURES):
        assert sign_in(people.visitor(), password=WRONG).status_code == 401
    # Another web process has counted nothing, but the account is locked in the database.
    people.app.state.tries.__init__()
    locked = sign_in(people.visitor())
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_tries")
    assert int(locked.headers["Retry-After"]) == LOCKED.total_seconds()
    clock.move(seconds=LOCKED.total_seconds())
    assert sign_in(people.visitor()).status_code == 200


def test_an_unknown_address_seems_to_be_locked_too(people):
    answers = [sign_in(people.visitor(), "nobody").status_code for _ in range(FAILURES + 1)]
    assert answers == [401] * FAILURES + [429]


def test_one_address_cannot_try_many_accounts(people):
    answers = [sign_in(people.visitor(), f"n{n}").status_code for n in range(31)]
    assert answers == [401] * 30 + [429]


def test_a_session_ends_when_it_is_not_used(people, clock):
    client = people.sign_in("ana")
    for _ in range(3):
        clock.move(seconds=(IDLE - timedelta(minutes=10)).total_seconds())
        assert client.get("/api/v1/me").status_code == 200
    clock.move(seconds=IDLE.total_seconds())
    over = client.get("/api/v1/me")
    assert (over.status_code, over.json()["code"]) == (401, "session_over")


def test_a_session_ends_after_a_week_however_much_it_is_used(people, clock):
    client = people.sign_in("ana")
    for _ in range(LONGEST // timedelta(hours=8)):
        assert client.get("/api/v1/me").status_code == 200
        clock.move(hours=8)
    assert client.get("/api/v1/me").status_code == 401


def test_all_browsers_can_be_signed_out_from_one(people):
    laptop, phone, other = (people.sign_in(name) for name in ("ana", "ana", "lead"))
    listed = laptop.get("/api/v1/sessions").json()["items"]
    assert [one["current"] for one in listed].count(True) == 1
    assert len(listed) == 2
    assert laptop.delete("/api/v1/sessions").status_code == 204
    assert [c.get("/api/v1/me").status_code for c in (laptop, phone, other)] == [401, 401, 200]


def test_one_browser_can_be_signed_out_from_another_but_nobody_elses(people):
    laptop, phone, other = (people.sign_in(name) for name in ("ana", "ana", "lead"))
    listed = laptop.get("/api/v1/sessions").json()["items"]
    lost = next(one["id"] for one in listed if not one["current"])
    assert other.delete(f"/api/v1/sessions/{lost}").status_code == 404
    assert laptop.delete(f"/api/v1/sessions/{lost}").status_code == 204
    assert (laptop.get("/api/v1/me").status_code, phone.get("/api/v1/me").status_code) == (200, 401)


def test_a_new_password_ends_every_other_session(people):
    laptop, phone = people.sign_in("ana"), people.sign_in("ana")
    body = {"current": PASSWORD, "new": "another long sentence of mine"}
    assert laptop.put("/api/v1/me/password", json={**body, "current": "no"}).status_code == 401
    changed = laptop.put("/api/v1/me/password", json=body)
    assert changed.status_code == 200
    assert laptop.get("/api/v1/me").json()["csrf"] == changed.json()["csrf"]
    assert phone.get("/api/v1/me").status_code == 401
    assert sign_in(people.visitor()).status_code == 401
    assert sign_in(people.visitor(), password=body["new"]).status_code == 200


def test_whoever_left_is_signed_out(people, clock):
    client, admin = people.sign_in("ana"), people.sign_in("admin")
    left = {"left_on": clock.now.date().isoformat()}
    assert admin.patch(f"/api/v1/people/{people.ids['ana']}", json=left).status_code == 200
    assert client.get("/api/v1/me").status_code == 200
    clock.move(days=1)
    assert client.get("/api/v1/me").status_code == 401
    assert sign_in(people.visitor()).status_code == 401


def test_a_forgotten_password_is_asked_for_without_learning_who_is_there(people, rapport):
    client = people.visitor()
    answers = [
        client.post("/api/v1/password/forgotten", json={"email": address})
        for address in (email("ana"), "nobody@firm.example")
    ]
    assert [(a.status_code, a.content) for a in answers] == [(202, b"")] * 2
    with rapport.database.read() as work:
        assert [m.person_id for m in work.session.scalars(select(OutboxMessage))] == [people.ids["ana"]]


def test_old_sessions_do_not_pile_up(people, rapport, clock):
    for _ in range(3):
        sign_in(people.visitor())
        clock.move(days=8)
    sign_in(people.visitor())
    with rapport.database.read() as work:
        account = work.session.scalar(select(Account).where(Account.email == email("ana")))
        kept = select(Session).where(Session.account_id == account.id)
        assert len(work.session.scalars(kept).all()) == 1
