"""A person's action items as a calendar that their own calendar program fetches.

Its address is the secret: whoever has it reads the tasks and days of what the person still has to do, and
nothing else. It is shown once, kept as SHA-256, and ends when it is revoked, replaced, or the account is off.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from icalendar import Component, Event
from sqlalchemy import delete, select

from service.db.tables import CalendarFeed
from service.errors import NotFound
from service.export.ics import calendar_of, uid_of
from service.export.plain_text import clean
from service.usecases.account_rights import require_session
from service.usecases.action_items import FAR, PAGE_MOST, Filters, ListedItem, list_action_items
from service.usecases.actor import Actor
from service.usecases.identify import by_feed, digest
from service.usecases.rapport import Rapport

SECRET_BYTES = 32


def make_feed(rapport: Rapport, actor: Actor) -> str:
    """The secret of a new address; the one before ends. Raises AccountRefused to a token."""
    require_session(actor)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with rapport.database.write(actor.organisation_id) as work:
        work.session.execute(delete(CalendarFeed).where(CalendarFeed.account_id == actor.account_id))
        row = CalendarFeed(account_id=actor.account_id, digest=digest(secret), created_at=work.now)
        work.add(row)
        work.audit(actor.person_id, "make_feed", "calendar_feed", row.id)
    return secret


def find_feed(rapport: Rapport, actor: Actor) -> CalendarFeed | None:
    """The address that one has, without its secret. Raises AccountRefused to a token."""
    require_session(actor)
    with rapport.database.read(actor.organisation_id) as work:
        return work.session.scalar(select(CalendarFeed).filter_by(account_id=actor.account_id))


def end_feed(rapport: Rapport, actor: Actor) -> None:
    """From now on the address opens nothing. Raises NotFound, AccountRefused to a token."""
    require_session(actor)
    with rapport.database.write(actor.organisation_id) as work:
        row = work.session.scalar(select(CalendarFeed).filter_by(account_id=actor.account_id))
        if row is None:
            raise NotFound("not_found")
        work.session.delete(row)
        work.audit(actor.person_id, "end_feed", "calendar_feed", row.id)


def read_feed(rapport: Rapport, secret: str) -> bytes:
    """The calendar (RFC 5545): one's own items of confirmed minutes that have a day and are still to do.

    The look is in the audit log. Raises NotFound for any other secret.
    """
    actor = by_feed(rapport, secret).actor
    filters = Filters("mine", outstanding=True, due_by=FAR)
    items = list_action_items(rapport, actor, filters, limit=PAGE_MOST, order="due").items
    return calendar_of(_entry(rapport, one) for one in items)


def _entry(rapport: Rapport, one: ListedItem) -> Component:
    """An event of the whole day, since subscribed calendars leave tasks (VTODO) out. It blocks no time."""
    event: Component = Event()
    row = one.row
    event.add("uid", uid_of(f"{row.meeting_id}/{row.item}/feed"))
    event.add("dtstamp", row.status_at)
    event.add("summary", clean(one.task))
    event.add("url", f"{rapport.hosting.base_url}/meetings/{row.meeting_id}/minutes")
    if row.due is not None:
        event.add("dtstart", row.due)
        event.add("dtend", row.due + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("sequence", row.revision)
    return event
