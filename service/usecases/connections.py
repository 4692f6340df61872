"""How mail and webhooks of the organisation are getting on: counts, times and codes, never whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from service.db.outbox import MAIL, WEBHOOK
from service.db.tables import OutboxMessage, Webhook
from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport
from service.usecases.webhooks import list_webhooks


@dataclass(frozen=True, slots=True)
class MailState:
    """`counts`: messages by state (waiting, sent, given_up); `errors`: by code, of those not sent;
    `oldest`: since when the oldest one waits.
    """

    counts: Mapping[str, int]
    errors: Mapping[str, int]
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class HookState:
    """A webhook and its newest message; `waiting`, `given_up`: how many of its messages are so."""

    hook: Webhook
    last: OutboxMessage | None
    waiting: int
    given_up: int


def mail_state(rapport: Rapport, actor: Actor) -> MailState:
    """Of the organisation's own mail. Raises NotAllowed."""
    require_role(actor, Action.read, Thing.operations)
    row = OutboxMessage
    own = (row.organisation_id == actor.organisation_id, row.channel == MAIL)
    open_ones = (*own, row.state != "sent")
    with rapport.database.read(actor.organisation_id) as work:
        counts = select(row.state, func.count()).where(*own).group_by(row.state)
        errors = select(row.error, func.count()).where(*open_ones, row.error.is_not(None)).group_by(row.error)
        oldest = select(func.min(row.created_at)).where(*own, row.state == "waiting")
        return MailState(
            {str(state): number for state, number in work.session.execute(counts)},
            {str(code): number for code, number in work.session.execute(errors)},
            work.session.scalar(oldest),
        )


def webhook_states(rapport: Rapport, actor: Actor) -> list[HookState]:
    """Every webhook, the oldest first. Raises NotAllowed."""
    hooks = list_webhooks(rapport, actor)
    row = OutboxMessage
    with rapport.database.read(actor.organisation_id) as work:
        own = work.rows(row).where(row.channel == WEBHOOK)
        counted = (
            select(row.webhook_id, row.state, func.count())
            .where(row.organisation_id == actor.organisation_id, row.channel == WEBHOOK)
            .group_by(row.webhook_id, row.state)
        )
        counts = {(hook_id, state): number for hook_id, state, number in work.session.execute(counted)}
        return [
            HookState(
                hook,
                work.session.scalar(own.where(row.webhook_id == hook.id).order_by(row.id.desc()).limit(1)),
                counts.get((hook.id, "waiting"), 0),
                counts.get((hook.id, "given_up"), 0),
            )
            for hook in hooks
        ]
