"""Mail about a change of rights: to whom it concerns, and to those who should know that it was made."""

from __future__ import annotations

from sqlalchemy import String, cast

from service.db.outbox import post
from service.db.tables import Account
from service.db.unit_of_work import Work


def tell_of_roles(work: Work, account: Account, by: str) -> None:
    """Tells the person, and `tell_administrators`."""
    post(work, "roles_changed", account.person_id, {})
    tell_administrators(work, account, by)


def tell_administrators(work: Work, account: Account, by: str) -> None:
    """Tells every administrator but the one who changed the roles of this account (`by`: a person's id)."""
    administrators = work.rows(Account).where(
        Account.active,
        cast(Account.roles, String).contains('"admin"'),
        Account.person_id.not_in((by, account.person_id)),
    )
    for one in work.session.scalars(administrators):
        post(work, "roles_of_another_changed", one.person_id, {})


def tell_of_relation(work: Work, *person_ids: str) -> None:
    """Tells both sides that who manages or follows whom was changed."""
    for person_id in sorted(set(person_ids)):
        post(work, "relation_changed", person_id, {})
