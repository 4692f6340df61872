"""Signing in by the organisation's provider: the account of that subject, or once of a verified address."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from service.db.tables import Account, Person
from service.db.unit_of_work import Work
from service.domain.account_errors import SignInFailed
from service.domain.provider_claims import ProviderClaims
from service.usecases.identify import ROLES, may_sign_in
from service.usecases.rapport import Rapport
from service.usecases.sign_in import begin_session, normal_email
from service.usecases.tell_changes import tell_of_roles

MOST = 500


def sign_in_by_provider(rapport: Rapport, claims: ProviderClaims, old_secret: str | None = None) -> str:
    """The secret of a new session. No account is ever made here. Raises SignInFailed.

    Where groups give roles (RAPPORT_OIDC_GROUPS), those that the token names replace admin and hr.
    """
    subject = f"{claims.issuer} {claims.subject}"
    if len(subject) > MOST:
        raise SignInFailed("sso_unknown")
    with rapport.database.write() as work:
        account = _find(work, subject, claims.email)
        if account is None:
            raise SignInFailed("sso_unknown")
        work.organisation_id = account.organisation_id
        if not may_sign_in(account, work.one(Person, account.person_id), work):
            raise SignInFailed("sso_unknown")
        if account.subject is None:
            account.subject = subject
            work.audit("machine", "link_provider", "account", account.id)
        _take_roles(work, account, claims, rapport.hosting.oidc_groups)
        return begin_session(work, account, old_secret)


def _find(work: Work, subject: str, email: str | None) -> Account | None:
    known = work.session.scalar(select(Account).where(Account.subject == subject).with_for_update())
    if known is not None or email is None:
        return known
    unlinked = select(Account).where(Account.email == normal_email(email), Account.subject.is_(None))
    return work.session.scalar(unlinked.with_for_update())


def _take_roles(work: Work, account: Account, claims: ProviderClaims, by_group: Mapping[str, str]) -> None:
    if not by_group or claims.groups is None:
        return
    roles = sorted(({by_group[g] for g in claims.groups & by_group.keys()} & ROLES) | {"member"})
    if roles == sorted(account.roles):
        return
    account.roles = roles
    tell_of_roles(work, account, "machine")
    codes = {role: int(role in roles) for role in ("admin", "hr")}
    work.audit("machine", "change_account", "person", account.person_id, codes)
