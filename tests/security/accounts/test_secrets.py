"""What nobody may learn: who has an account, and any secret from answers, logs or the database."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.db.tables import Account
from service.domain.account_errors import SignInFailed
from service.usecases.sign_in import FAILURES, sign_in
from tests.service.office import PASSWORD, email

NEW = "another long sentence of mine"


def test_an_unknown_address_takes_as_long_as_a_wrong_password(people, rapport):
    def cost(name):
        begun = time.thread_time()
        with pytest.raises(SignInFailed):
            sign_in(rapport, email(name), "wrong password")
        return time.thread_time() - begun

    known, unknown = (min(cost(name) for _ in range(3)) for name in ("ana", "nobody"))
    # The hash takes most of it; a known account is also written to.
    assert unknown > known / 3


def test_many_guesses_at_once_are_not_more_guesses(people, rapport):
    def guess():
        try:
            sign_in(rapport, email("ana"), "wrong password")
        except Exception as error:
            refused.append(type(error).__name__)

    refused = []
    threads = [threading.Thread(target=guess) for _ in range(2 * FAILURES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count("TooManyTries") == FAILURES
    assert refused.count("SignInFailed") == FAILURES
    with rapport.database.read() as work:
        locked = work.session.scalar(select(Account.locked_until).where(Account.email == email("ana")))
    assert locked - rapport.database.clock() == timedelta(minutes=15)


def test_no_secret_is_in_an_answer_a_log_or_the_database(people, rapport, caplog):
    caplog.set_level(logging.DEBUG)
    client = people.visitor()
    answers = [client.post("/api/v1/session", json={"email": email("ana"), "password": "a wrong secret"})]
    answers.append(client.post("/api/v1/session", json={"email": email("ana"), "password": PASSWORD}))
    client.headers["X-CSRF-Token"] = answers[-1].json()["csrf"]
    token = client.post("/api/v1/tokens", json={"name": "bot", "scopes": ["read"]}).json()["token"]
    session = client.cookies.get("rapport", domain="127.0.0.1").rpartition(".")[0]
    answers.append(people.by_token(token).get("/api/v1/me"))
    answers.append(people.by_token(token + "x").get("/api/v1/me"))
    answers.append(client.put("/api/v1/me/password", json={"current": PASSWORD, "new": NEW, "more": NEW}))
    answers.append(client.put("/api/v1/me/password", json={"current": PASSWORD, "new": NEW}))
    answers.append(client.post("/api/v1/password/forgotten", json={"email": email("ana")}))
    assert [a.status_code for a in answers] == [401, 200, 200, 401, 422, 200, 202]
    secrets = (PASSWORD, NEW, "a wrong secret", token, session)
    said = "".join(a.text for a in answers) + caplog.text
    stored = b"".join(path.read_bytes() for path in rapport.hosting.data_dir.rglob("*") if path.is_file())
    assert b"ana@firm.example" in stored
    for secret in secrets:
        assert secret not in said
        assert secret.encode() not in stored


def test_a_password_never_comes_back_in_a_refusal(people):
    body = {"email": "not an address", "password": PASSWORD, "extra": PASSWORD}
    answer = people.visitor().post("/api/v1/session", json=body)
    assert answer.status_code == 422
    assert PASSWORD not in answer.text
    assert {field["at"] for field in answer.json()["fields"]} == {"body.extra"}
