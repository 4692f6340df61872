"""Webhooks of an organisation: what it wants to be told, where, and with which key it is signed."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence

from service.db.tables import Webhook
from service.domain.errors import NotValid
from service.domain.ids import new_id
from service.domain.lifecycle import State
from service.domain.policy import Action, Thing
from service.outgoing.webhook import check
from service.usecases.access import require_role
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport

MOST = 20
SECRET_BYTES = 32


def add_webhook(rapport: Rapport, actor: Actor, url: str, events: Sequence[str]) -> tuple[Webhook, str]:
    """The webhook and its signing key, shown this once ("whsec_" and base64, as Standard Webhooks has it).

    `events`: states of a meeting; none means all. Raises NotAllowed, NotValid, WebhookRefused.
    """
    require_role(actor, Action.manage_webhooks, Thing.webhooks)
    address = check(url)
    if unknown := [event for event in events if event not in set(State)]:
        raise NotValid("unknown_event", event=unknown[0][:40])
    secret = secrets.token_bytes(SECRET_BYTES)
    hook_id = new_id()
    with rapport.database.write(actor.organisation_id) as work:
        key = rapport.keys.service_key(work.is_new)
        sealed = base64.b64encode(key.aead.encrypt(secret, hook_id.encode())).decode()
        if len(list(work.session.scalars(work.rows(Webhook)))) >= MOST:
            raise NotValid("too_many_webhooks", most=MOST)
        hook = Webhook(
            id=hook_id, url=str(address), events=list(events), sealed_secret=sealed, created_at=work.now
        )
        work.add(hook)
        work.audit(actor.person_id, "add", "webhook", hook.id)
    return hook, "whsec_" + base64.b64encode(secret).decode()


def list_webhooks(rapport: Rapport, actor: Actor) -> list[Webhook]:
    """All webhooks, oldest first. Raises NotAllowed."""
    require_role(actor, Action.manage_webhooks, Thing.webhooks)
    with rapport.database.read(actor.organisation_id) as work:
        return list(work.session.scalars(work.rows(Webhook).order_by(Webhook.id)))


def switch_webhook(rapport: Rapport, actor: Actor, webhook_id: str, active: bool) -> Webhook:
    """Turns a webhook on or off. Raises NotAllowed, NotFound."""
    require_role(actor, Action.manage_webhooks, Thing.webhooks)
    with rapport.database.write(actor.organisation_id) as work:
        hook = work.one(Webhook, webhook_id)
        hook.active = active
        work.audit(actor.person_id, "switch", "webhook", hook.id, {"active": int(active)})
    return hook
