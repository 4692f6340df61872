"""The first start: whoever can read the data folder makes the first organisation and its administrator."""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, text

from service.db.tables import Account, Organisation, Person
from service.db.unit_of_work import Work
from service.domain.account_errors import AccountConflict, SignInFailed
from service.errors import CannotWrite
from service.usecases.passwords import check_new, hash_password
from service.usecases.person_names import sort_key
from service.usecases.rapport import Rapport
from service.usecases.sign_in import begin_session, normal_email

CODE_BYTES = 15
_LOCK = 0x7365_7475
"""Number of an advisory lock on PostgreSQL: "setu"."""


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """What the first start asks for."""

    organisation: str
    name: str
    email: str
    password: str
    locale: str = "en"
    time_zone: str = "UTC"


def is_needed(rapport: Rapport) -> bool:
    """Whether there is no account yet."""
    with rapport.database.read() as work:
        return _is_empty(work)


def set_up(rapport: Rapport, code: str, first: FirstAdministrator) -> str:
    """Makes organisation, person and account; the secret of a session of theirs.

    Raises AccountConflict when there is an account already, SignInFailed for a wrong code, AccountNotValid.
    """
    if not is_needed(rapport):
        raise AccountConflict("already_set_up")
    if not hmac.compare_digest(code.strip().upper().encode(), setup_code(rapport).encode()):
        raise SignInFailed("wrong_code")
    check_new(first.password, first.email, first.name)
    kept = hash_password(first.password)
    with rapport.database.write() as work:
        _alone(rapport, work)
        if not _is_empty(work):
            raise AccountConflict("already_set_up")
        secret = _make(work, first, kept)
    code_file(rapport).unlink(missing_ok=True)
    return secret


def setup_code(rapport: Rapport) -> str:
    """The code, the same on every node: derived from the master key. It opens nothing once set up."""
    return base64.b32encode(rapport.master.derive("setup-code", CODE_BYTES)).decode()


def code_file(rapport: Rapport) -> Path:
    """Where the code is left for the operator."""
    return rapport.hosting.data_dir / "setup-code"


def leave_code(rapport: Rapport) -> Path | None:
    """Writes the code where only the operator can read it; None when it is not needed. Raises CannotWrite."""
    path = code_file(rapport)
    if not is_needed(rapport):
        path.unlink(missing_ok=True)
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(setup_code(rapport) + "\n")
    except FileExistsError:
        return path  # another process of this node has just left the same
    except OSError as error:
        raise CannotWrite.of(path, error) from error
    return path


def _make(work: Work, first: FirstAdministrator, password_hash: str) -> str:
    organisation = Organisation(
        name=first.organisation, locale=first.locale, time_zone=first.time_zone, created_at=work.now
    )
    work.session.add(organisation)
    work.session.flush()
    work.organisation_id = organisation.id
    person = work.add(
        Person(
            display_name=first.name,
            sort_key=sort_key(first.name),
            locale=first.locale,
            time_zone=first.time_zone,
            email=normal_email(first.email),
            created_at=work.now,
        )
    )
    account = work.add(
        Account(
            person_id=person.id,
            email=normal_email(first.email),
            password_hash=password_hash,
            roles=["admin", "member"],
            created_at=work.now,
            password_changed_at=work.now,
        )
    )
    work.audit(person.id, "set_up", "organisation", organisation.id)
    return begin_session(work, account)


def _is_empty(work: Work) -> bool:
    return work.session.scalar(select(Account.id).limit(1)) is None


def _alone(rapport: Rapport, work: Work) -> None:
    """Two who set up at once: the second sees what the first made. SQLite has one writer anyway."""
    if not rapport.database.is_sqlite:
        work.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
