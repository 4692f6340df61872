"""How mail and webhooks get on, as an administrator sees it."""

from __future__ import annotations

import pytest

from service.db.outbox import announce, post
from service.db.tables import Meeting
from service.domain.errors import NotAllowed
from service.outgoing.webhook import WebhookFailed
from service.usecases.connections import mail_state, webhook_states
from service.usecases.outbox import send_waiting
from service.usecases.webhooks import add_webhook, switch_webhook

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite", "postgresql"], indirect=True)


class Mail:
    def send(self, *message):
        pass


class Receiver:
    """Takes what it is sent, or not."""

    def __init__(self, takes):
        self.takes = takes

    def send(self, *message):
        if not self.takes:
            raise WebhookFailed("webhook_failed", what="500")


def test_waiting_and_sent_mail_is_counted_for_this_organisation_alone(office):
    admin = office.actor("admin", "admin")
    with office.rapport.database.write(office.ids["org"]) as work:
        for name in ("emp", "lead"):
            post(work, "minutes_waiting", office.ids[name], {})
    state = mail_state(office.rapport, admin)
    assert (state.counts, state.oldest) == ({"waiting": 2}, office.rapport.database.clock())
    send_waiting(office.rapport, Mail(), Receiver(takes=True))
    state = mail_state(office.rapport, admin)
    assert (state.counts, state.errors) == ({"given_up": 2}, {"nobody": 2})  # they have no address
    assert mail_state(office.rapport, office.actor("outsider", "admin")).counts == {}


def test_a_webhook_tells_how_its_last_message_went(office, clock):
    admin = office.actor("admin", "admin")
    hook, _ = add_webhook(office.rapport, admin, "https://hooks.firm.example/x", [])
    assert webhook_states(office.rapport, admin)[0].last is None
    with office.rapport.database.write(office.ids["org"]) as work:
        announce(work, work.one(Meeting, office.meeting))
    send_waiting(office.rapport, None, Receiver(takes=False))
    (state,) = webhook_states(office.rapport, admin)
    assert (state.last.error, state.waiting, state.given_up) == ("webhook_failed", 1, 0)
    clock.move(minutes=5)
    send_waiting(office.rapport, None, Receiver(takes=True))
    (state,) = webhook_states(office.rapport, admin)
    assert (state.last.state, state.waiting) == ("sent", 0)
    with office.rapport.database.write(office.ids["org"]) as work:
        announce(work, work.one(Meeting, office.meeting))
    switch_webhook(office.rapport, admin, hook.id, active=False)
    send_waiting(office.rapport, None, Receiver(takes=True))
    assert webhook_states(office.rapport, admin)[0].given_up == 1


def test_nobody_else_sees_them(office):
    for look in (mail_state, webhook_states):
        for name, roles in (("lead", ()), ("hr", ("hr",))):
            with pytest.raises(NotAllowed):
                look(office.rapport, office.actor(name, *roles))
