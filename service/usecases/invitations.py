"""One-time links: to join, to set a new password, to answer minutes without an account."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import select, update

from service.db.outbox import post
from service.db.tables import Account, Invitation, Meeting, Person
from service.db.unit_of_work import Work
from service.errors import NotFound
from service.usecases.account_rights import require_admin
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport

Purpose = Literal["join", "reset", "answer"]
VALID = {"join": timedelta(days=7), "reset": timedelta(hours=1), "answer": timedelta(days=14)}
SECRET_BYTES = 32


def invite(
    rapport: Rapport, work: Work, person: Person, purpose: Purpose, meeting_id: str | None = None
) -> None:
    """Leaves mail with a link that works once. An older link for the same thing works no more.

    The secret is in the mail alone: the row keeps its SHA-256, the outbox holds it sealed until it is sent.
    """
    same = update(Invitation).filter_by(person_id=person.id, purpose=purpose, meeting_id=meeting_id)
    work.session.execute(same.where(Invitation.used_at.is_(None)).values(used_at=work.now))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    until = work.now + VALID[purpose]
    invitation = Invitation(
        organisation_id=person.organisation_id,
        purpose=purpose,
        person_id=person.id,
        meeting_id=meeting_id,
        digest=_digest(secret),
        created_at=work.now,
        expires_at=until,
    )
    work.add(invitation)
    key = rapport.keys.service_key(work.is_new)
    sealed = base64.b64encode(key.aead.encrypt(secret.encode(), b"invitation")).decode()
    post(work, purpose, person.id, {"sealed": sealed, "until": f"{until:%Y-%m-%d %H:%M} UTC"})
    work.audit("machine", f"invite_{purpose}", "person", person.id, organisation_id=person.organisation_id)


def ask_for_answer(rapport: Rapport, work: Work, meeting: Meeting, person_id: str) -> None:
    """Tells an employee that minutes wait: by a plain link, or by a one-time link who has no account."""
    own = select(Account.id).where(Account.person_id == person_id, Account.active)
    if work.session.scalar(own) is not None:
        post(work, "minutes_waiting", person_id, {"meeting": meeting.id})
    else:
        invite(rapport, work, work.one(Person, person_id), "answer", meeting.id)


def invite_person(rapport: Rapport, actor: Actor, person_id: str) -> None:
    """An administrator invites somebody to join. Raises NotAllowed, NotFound."""
    require_admin(actor)
    with rapport.database.write(actor.organisation_id) as work:
        invite(rapport, work, work.one(Person, person_id), "join")


def reset_password(rapport: Rapport, email: str) -> None:
    """Leaves a link where the address belongs to somebody; whoever asks cannot see whether it does."""
    with rapport.database.write() as work:
        theirs = select(Account.person_id).where(Account.email == email.strip().lower(), Account.active)
        person = work.session.scalar(select(Person).where(Person.id.in_(theirs)))
        if person is not None:
            work.organisation_id = person.organisation_id
            invite(rapport, work, person, "reset")


def holder(rapport: Rapport, secret: str) -> tuple[Invitation, Actor]:
    """The link, still unused, and the person behind it. Raises NotFound for every other secret."""
    with rapport.database.read() as work:
        found = _valid(work, secret)
        person = work.session.get(Person, found.person_id)
        language: Literal["en", "zh"] = "zh" if person is not None and person.locale[:2] == "zh" else "en"
    actor = Actor(
        found.organisation_id, found.person_id, via="link", meeting_id=found.meeting_id, language=language
    )
    return found, actor


def use(work: Work, secret: str, purpose: Purpose) -> Invitation:
    """Uses the link up, in the transaction of what it is for. Raises NotFound, also at the second use."""
    found = _valid(work, secret)
    mine = (Invitation.id == found.id, Invitation.used_at.is_(None), Invitation.purpose == purpose)
    # One statement decides between two who click at once.
    if work.session.execute(update(Invitation).where(*mine).values(used_at=work.now)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound("invitation_used")
    return found


def _valid(work: Work, secret: str) -> Invitation:
    found = work.session.scalar(select(Invitation).where(Invitation.digest == _digest(secret)))
    if found is None or found.used_at is not None or found.expires_at <= work.now:
        raise NotFound("invitation_used")
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
