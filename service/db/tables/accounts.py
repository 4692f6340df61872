"""Who may sign in and how: accounts, sessions, tokens for scripts, one-time links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.db.base import Base, Owned


class Account(Owned, Base):
    """A sign-in of one person. `roles`: of admin, hr, member. `subject`: issuer and subject of OpenID.

    `failures`: wrong passwords in a row; `locked_until`: no sign-in before.
    """

    __tablename__ = "account"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(500), unique=True)
    roles: Mapped[list[Any]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime | None]


class Session(Owned, Base):
    """A browser that is signed in. `digest`: SHA-256 of the secret in its cookie."""

    __tablename__ = "session"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Owned, Base):
    """A token for a script or a bot; shown once, only its SHA-256 stays. `scopes`: what it may do at most."""

    __tablename__ = "api_token"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class CalendarFeed(Owned, Base):
    """The address from which a person's calendar fetches their action items; only its SHA-256 stays."""

    __tablename__ = "calendar_feed"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Owned, Base):
    """A one-time link. `purpose`: join, reset or answer (acknowledge one version without an account)."""

    __tablename__ = "invitation"

    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("digest"), Index("ix_invitation_person", "person_id", "purpose"))
