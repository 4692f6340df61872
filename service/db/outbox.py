"""Messages are rows of the transaction that causes them; a schedule sends them (usecases/outbox)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from service.db.tables import Meeting, OutboxMessage, Webhook
from service.db.unit_of_work import Work

MAIL, WEBHOOK = "mail", "webhook"


def post(work: Work, kind: str, person_id: str, values: Mapping[str, str | int]) -> None:
    """Leaves mail for a person: that something waits. `values`: ids, states and dates only."""
    work.add(_message(work, MAIL, kind, values, person_id=person_id))


def announce(work: Work, meeting: Meeting) -> None:
    """Leaves the new state of a meeting for each webhook of the organisation that wants to know."""
    hooks = work.session.scalars(
        select(Webhook).where(Webhook.organisation_id == meeting.organisation_id, Webhook.active)
    )
    values = {"meeting": meeting.id, "state": meeting.state, "at": work.now.isoformat()}
    for hook in hooks:
        if not hook.events or meeting.state in hook.events:
            work.add(_message(work, WEBHOOK, "meeting.state", values, webhook_id=hook.id))


def _message(
    work: Work,
    channel: str,
    kind: str,
    values: Mapping[str, str | int],
    *,
    person_id: str | None = None,
    webhook_id: str | None = None,
) -> OutboxMessage:
    return OutboxMessage(
        channel=channel,
        kind=kind,
        person_id=person_id,
        webhook_id=webhook_id,
        values=dict(values),
        next_at=work.now,
        created_at=work.now,
    )
