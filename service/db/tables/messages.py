"""What goes out: mail and webhooks, first into these tables, then away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class OutboxMessage(Owned, Base):
    """A message to send. `kind`: its template or event; `values`: ids, states and times only.

    `channel`: mail or webhook. `state`: waiting, sent or given_up; `error`: a code.
    """

    __tablename__ = "outbox"

    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    webhook_id: Mapped[str | None] = mapped_column(ForeignKey("webhook.id"))
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_outbox_waiting", "state", "next_at"),)


class Webhook(Owned, Base):
    """An address of the organisation that is told of changes. `sealed_secret`: its signing key, wrapped."""

    __tablename__ = "webhook"

    url: Mapped[str] = mapped_column(String(2000))
    events: Mapped[list[Any]] = mapped_column(default=list)
    sealed_secret: Mapped[str] = mapped_column(String(500))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
