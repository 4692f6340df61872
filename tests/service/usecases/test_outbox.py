"""What waits in the outbox goes out once, and again when it failed; on both databases."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from service.db.outbox import announce, post
from service.db.tables import Account, Meeting, Organisation, OutboxMessage, Person, Webhook
from service.domain.errors import NotAllowed, NotValid
from service.domain.lifecycle import State
from service.errors import NotFound
from service.hosting import hosting
from service.outgoing.mail import MailRefused
from service.outgoing.webhook import WebhookFailed, WebhookRefused
from service.storage.keys import KeyStore
from service.storage.locations import open_objects
from service.storage.master import create_master_key
from service.usecases.actor import Actor
from service.usecases.invitations import holder, invite, invite_person, reset_password, use
from service.usecases.outbox import MAX_ATTEMPTS, send_waiting
from service.usecases.webhooks import add_webhook, list_webhooks, switch_webhook


class Recorder:
    """Mail and webhooks at once: keeps what is sent, or fails with `error`."""

    def __init__(self, error=None):
        self.sent = []
        self.error = error

    def send(self, *message):
        if self.error is not None:
            raise self.error
        self.sent.append(message)


@pytest.fixture
def rapport(database, tmp_path):
    master = create_master_key(tmp_path / "master.key")
    settings = hosting({"RAPPORT_DATA": str(tmp_path), "RAPPORT_BASE_URL": "https://rapport.example"})
    keys = KeyStore(open_objects(str(tmp_path / "keys")), master)
    return SimpleNamespace(database=database, keys=keys, hosting=settings)


@pytest.fixture
def people(rapport):
    """(organisation id, Lin Jing who reads Chinese, somebody without an address)."""
    with rapport.database.write() as work:
        firm = Organisation(name="Firm", created_at=work.now)
        work.session.add(firm)
        work.session.flush()
        common = {"organisation_id": firm.id, "created_at": work.now}
        lin = work.add(Person(display_name="林静", locale="zh", email="lin@firm.example", **common))
        mute = work.add(Person(display_name="Mute", **common))
        work.add(Account(person_id=lin.id, email="lin@firm.example", **common))
    return firm.id, lin.id, mute.id


def leave(rapport, organisation, person, kind="minutes_waiting"):
    with rapport.database.write(organisation) as work:
        post(work, kind, person, {"meeting": "m-1"})


def rows(rapport):
    with rapport.database.read() as work:
        return list(work.session.scalars(work.rows(OutboxMessage)))


def test_mail_goes_out_once_in_the_readers_language_with_a_link_and_nothing_else(rapport, people):
    organisation, lin, _ = people
    leave(rapport, organisation, lin)
    mail = Recorder()
    assert send_waiting(rapport, mail, Recorder()) == 1
    assert send_waiting(rapport, mail, Recorder()) == 0
    ((address, subject, body, _),) = mail.sent
    assert (address, subject) == ("lin@firm.example", "Rapport 中有事项等待您处理")
    assert "https://rapport.example/meetings/m-1" in body


def test_without_a_mail_server_mail_waits(rapport, people):
    organisation, lin, _ = people
    leave(rapport, organisation, lin)
    assert send_waiting(rapport, None, Recorder()) == 0
    assert [row.state for row in rows(rapport)] == ["waiting"]


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(rapport, people, clock):
    organisation, lin, _ = people
    leave(rapport, organisation, lin)
    down = Recorder(MailRefused("mail_refused", what="x"))
    assert send_waiting(rapport, down, Recorder()) == 0
    up = Recorder()
    assert send_waiting(rapport, up, Recorder()) == 0, "not at once"
    clock.move(minutes=3)
    assert send_waiting(rapport, up, Recorder()) == 1
    leave(rapport, organisation, lin)
    for _ in range(MAX_ATTEMPTS):
        send_waiting(rapport, down, Recorder())
        clock.move(hours=7)
    assert sorted(row.state for row in rows(rapport)) == ["given_up", "sent"]


def test_somebody_without_an_address_is_not_tried_for_ever(rapport, people):
    organisation, _, mute = people
    leave(rapport, organisation, mute)
    send_waiting(rapport, Recorder(), Recorder())
    assert [(row.state, row.error) for row in rows(rapport)] == [("given_up", "nobody")]


def test_two_workers_send_a_message_once(rapport, people):
    organisation, lin, _ = people
    for _ in range(20):
        leave(rapport, organisation, lin)
    mail, start = Recorder(), threading.Barrier(2)

    def work():
        start.wait()
        send_waiting(rapport, mail, Recorder())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({message[3] for message in mail.sent}) == len(mail.sent) == 20


def admin(organisation):
    return Actor(organisation, "admin-person", roles=frozenset({"admin"}))


def test_a_webhook_is_told_the_states_it_asked_for_of_its_own_organisation(rapport, people):
    organisation, lin, _ = people
    hook, key = add_webhook(rapport, admin(organisation), "https://hooks.example/a", ["confirmed"])
    with rapport.database.write(organisation) as work:
        for state in (State.drafted, State.confirmed):
            held = {"held_on": work.now.date(), "created_at": work.now, "state_since": work.now}
            meeting = Meeting(manager_id=lin, kind="check_in", state=state, **held)
            announce(work, work.add(meeting))
    hooks = Recorder()
    assert send_waiting(rapport, None, hooks) == 1
    ((url, secret, _, _, told),) = hooks.sent
    assert url == "https://hooks.example/a"
    assert set(told["data"]) == {"meeting", "state", "at"}
    assert told["data"]["state"] == "confirmed"
    assert key.startswith("whsec_")
    with rapport.database.read() as work:
        stored = work.one(Webhook, hook.id).sealed_secret
    assert key.removeprefix("whsec_") not in stored
    assert len(secret) == 32


def test_webhooks_that_fail_wait_and_one_that_points_inside_is_told_nothing(rapport, people, clock):
    organisation, *_ = people
    add_webhook(rapport, admin(organisation), "https://hooks.example/a", [])
    with rapport.database.write(organisation) as work:
        held = {"held_on": work.now.date(), "created_at": work.now, "state_since": work.now}
        announce(work, work.add(Meeting(manager_id=people[1], kind="review", state="drafted", **held)))
    assert send_waiting(rapport, None, Recorder(WebhookFailed("webhook_failed", what="500"))) == 0
    assert [row.state for row in rows(rapport)] == ["waiting"]


def test_only_an_administrator_of_the_organisation_has_webhooks(rapport, people):
    organisation, *_ = people
    hook, _ = add_webhook(rapport, admin(organisation), "https://hooks.example/a", [])
    for other in (Actor(organisation, "x"), Actor(organisation, "x", roles=frozenset({"hr"}))):
        with pytest.raises(NotAllowed):
            add_webhook(rapport, other, "https://hooks.example/b", [])
        with pytest.raises(NotAllowed):
            list_webhooks(rapport, other)
    reader = Actor(organisation, "x", roles=frozenset({"admin"}), scopes=frozenset({"read"}))
    with pytest.raises(NotAllowed):
        add_webhook(rapport, reader, "https://hooks.example/b", [])
    with pytest.raises(NotFound):
        switch_webhook(rapport, admin("another-organisation"), hook.id, False)
    assert list_webhooks(rapport, admin("another-organisation")) == []
    for url, events, error in (
        ("http://127.0.0.1/", [], WebhookRefused),
        ("https://hooks.example/", ["everything"], NotValid),
    ):
        with pytest.raises(error):
            add_webhook(rapport, admin(organisation), url, events)


def link_of(mail):
    return mail.sent[-1][2].split("/invitations/")[1].split()[0]


def test_a_link_works_once_until_it_expires_and_the_database_does_not_hold_it(
    rapport, people, clock, tmp_path
):
    organisation, lin, _ = people
    mail = Recorder()
    invite_person(rapport, admin(organisation), lin)
    assert send_waiting(rapport, mail, Recorder()) == 1
    secret = link_of(mail)
    invitation, actor = holder(rapport, secret)
    assert (invitation.purpose, actor.person_id, actor.via, actor.language) == ("join", lin, "link", "zh")
    with rapport.database.write() as work:
        with pytest.raises(NotFound):
            use(work, secret, "reset")
        use(work, secret, "join")
    with pytest.raises(NotFound), rapport.database.write() as work:
        use(work, secret, "join")
    assert all(secret not in str(row.values) for row in rows(rapport))
    if rapport.database.is_sqlite:
        assert all(secret.encode() not in path.read_bytes() for path in (tmp_path / "data").iterdir())


def test_a_newer_link_makes_the_older_one_useless_and_time_makes_both(rapport, people, clock):
    mail = Recorder()
    for _ in range(2):
        reset_password(rapport, " Lin@firm.example ")
        assert send_waiting(rapport, mail, Recorder()) == 1
    first, second = (message[2].split("/invitations/")[1].split()[0] for message in mail.sent)
    with pytest.raises(NotFound):
        holder(rapport, first)
    holder(rapport, second)
    clock.move(hours=2)
    with pytest.raises(NotFound):
        holder(rapport, second)


def test_asking_for_a_reset_tells_a_stranger_nothing(rapport, people):
    assert reset_password(rapport, "nobody@firm.example") is None
    assert rows(rapport) == []


def test_only_an_administrator_invites(rapport, people):
    organisation, lin, mute = people
    with pytest.raises(NotAllowed):
        invite_person(rapport, Actor(organisation, mute), lin)
    with pytest.raises(NotFound):
        invite_person(rapport, admin("another"), lin)
    with rapport.database.write(organisation) as work:
        invite(rapport, work, work.one(Person, lin), "answer", None)
    assert [row.kind for row in rows(rapport)] == ["answer"]
