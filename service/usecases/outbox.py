"""Sends what waits in the outbox: at least once, with growing pauses, given up after some days."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from service.db.outbox import MAIL
from service.db.tables import OutboxMessage, Person, Webhook
from service.db.unit_of_work import Work
from service.errors import ServiceError
from service.outgoing.mail import Mail, words
from service.outgoing.webhook import Webhooks
from service.usecases.consent import note_told
from service.usecases.rapport import Rapport

BATCH = 50
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=30)
MAX_PAUSE = timedelta(hours=6)
MAX_ATTEMPTS = 20


def send_waiting(rapport: Rapport, mail: Mail | None, webhooks: Webhooks) -> int:
    """Sends what is due; the number of messages that went out. Without `mail`, mail waits.

    A message is leased before it is sent, so that two workers do not send it twice and a worker that dies
    delays it only.
    """
    sent = 0
    for message_id in _lease(rapport, mail is not None):
        sent += _send(rapport, message_id, mail, webhooks)
    return sent


def _lease(rapport: Rapport, with_mail: bool) -> list[str]:
    with rapport.database.write() as work:
        due = (
            select(OutboxMessage)
            .where(OutboxMessage.state == "waiting", OutboxMessage.next_at <= work.now)
            .order_by(OutboxMessage.next_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        if not with_mail:
            due = due.where(OutboxMessage.channel != MAIL)
        found = list(work.session.scalars(due))
        for message in found:
            message.next_at = work.now + LEASE
            message.attempts += 1
        return [message.id for message in found]


def _send(rapport: Rapport, message_id: str, mail: Mail | None, webhooks: Webhooks) -> bool:
    with rapport.database.read() as work:
        message = work.one(OutboxMessage, message_id)
        deliver = _delivery(rapport, work, message, mail, webhooks)
    error = None
    try:
        if deliver is None:
            error = "nobody"
        else:
            deliver()
    except ServiceError as refusal:
        error = refusal.key
    with rapport.database.write() as work:
        _note(work, work.one(OutboxMessage, message_id), error, final=deliver is None)
    return error is None


def _delivery(
    rapport: Rapport, work: Work, message: OutboxMessage, mail: Mail | None, webhooks: Webhooks
) -> Callable[[], None] | None:
    """What sends the message; None when there is nobody to send it to."""
    if message.channel == MAIL:
        person = work.session.get(Person, message.person_id)
        if mail is None or person is None or not person.email:
            return None
        address, language = person.email, person.locale[:2]
        values = {"link": _link(rapport, message)} | _opened(rapport, work, message)
        subject, body = words(message.kind, language, values)
        return lambda: mail.send(address, subject, body, message.id)
    hook = work.session.get(Webhook, message.webhook_id)
    if hook is None or not hook.active:
        return None
    key = rapport.keys.service_key(work.is_new)
    secret = key.aead.decrypt(base64.b64decode(hook.sealed_secret), hook.id.encode())
    values = {"type": message.kind, "data": message.values}
    return lambda: webhooks.send(hook.url, secret, message.id, work.now, values)


def _link(rapport: Rapport, message: OutboxMessage) -> str:
    meeting = message.values.get("meeting")
    return f"{rapport.hosting.base_url}/meetings/{meeting}" if meeting else rapport.hosting.base_url


def _opened(rapport: Rapport, work: Work, message: OutboxMessage) -> dict[str, object]:
    """The values; a one-time link is sealed in its row, so that the database alone opens nothing."""
    values = {key: value for key, value in message.values.items() if key not in {"meeting", "sealed"}}
    if sealed := message.values.get("sealed"):
        key = rapport.keys.service_key(work.is_new)
        secret = key.aead.decrypt(base64.b64decode(str(sealed)), b"invitation").decode()
        values["link"] = f"{rapport.hosting.base_url}/invitations/{secret}"
    return values


def _note(work: Work, message: OutboxMessage, error: str | None, *, final: bool) -> None:
    message.error = error
    if error is None:
        message.state, message.sent_at = "sent", work.now
        message.values = {key: value for key, value in message.values.items() if key != "sealed"}
        if message.kind == "consent_attested" and message.person_id is not None:
            note_told(work, str(message.values["meeting"]), message.person_id)
    elif final or message.attempts >= MAX_ATTEMPTS:
        message.state = "given_up"
    else:
        message.next_at = work.now + min(MAX_PAUSE, FIRST_PAUSE * 2 ** (message.attempts - 1))
