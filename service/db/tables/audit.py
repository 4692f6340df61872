"""The audit log: one chain of entries an organisation, and its head."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class AuditEntry(Owned, Base):
    """Append-only. `mac`: keyed hash over the entry and its predecessor's (domain/audit_chain)."""

    __tablename__ = "audit_entry"

    sequence: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(64))
    codes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mac: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("organisation_id", "sequence"),
        Index("ix_audit_entry_object", "object_id", "sequence"),
    )


class AuditHead(Base):
    """The newest entry of each chain; whoever appends holds this row until the transaction ends."""

    __tablename__ = "audit_head"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    mac: Mapped[str] = mapped_column(String(64), default="")


class AuditView(Owned, Base):
    """That a person looked at a thing on a day is one entry of the chain, however often they look."""

    __tablename__ = "audit_view"

    viewer: Mapped[str] = mapped_column(String(36))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]

    __table_args__ = (UniqueConstraint("viewer", "object_kind", "object_id", "day"),)
