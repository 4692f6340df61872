"""The audit log as a whole: are all chains unbroken, and what their heads are, kept outside the database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from service.db.tables import AuditEntry, AuditHead, Organisation
from service.db.unit_of_work import Work
from service.domain.audit_chain import Break, Entry, Head, Sealed, verify
from service.domain.errors import NotValid
from service.domain.policy import Action, Thing
from service.errors import CannotWrite, WrongUsage
from service.usecases.access import require_role
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport

BATCH = 500

MOST_CHECKED = 100_000
"""Entries that an administrator may have checked: some ten seconds of a web process."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of one chain found. `exported`: heads kept outside the database that it was compared with;
    None: their file cannot be read.
    """

    entries: int
    breaks: list[Break]
    exported: int | None


def verify_audit(rapport: Rapport) -> dict[str, list[Break]]:
    """Breaks of every organisation's chain, by its id; {} when all are whole.

    Raises WrongUsage for a file of heads that cannot be read.
    """
    exported = read_heads(rapport.hosting.audit_heads)
    with rapport.database.read() as work:
        own = list(_heads(work))
        known = {*work.session.scalars(select(Organisation.id)), *(head.organisation for head in exported)}
        found = {
            one: verify(one, _entries(work, one), work.audit_key(), [*exported, *own])
            for one in sorted(known)
        }
    return {organisation: breaks for organisation, breaks in found.items() if breaks}


def check_chain(rapport: Rapport, actor: Actor) -> Checked:
    """Whether the chain of the actor's organisation is whole. Raises NotAllowed, NotValid for a log that is
    too long for it.
    """
    require_role(actor, Action.read, Thing.audit_log)
    one = actor.organisation_id
    try:
        exported = [head for head in read_heads(rapport.hosting.audit_heads) if head.organisation == one]
    except WrongUsage:
        exported = None
    with rapport.database.read(one) as work:
        own = [head for head in _heads(work) if head.organisation == one]
        entries = sum(head.sequence for head in own)
        if entries > MOST_CHECKED:
            raise NotValid("log_too_long", most=MOST_CHECKED)
        breaks = verify(one, _entries(work, one), work.audit_key(), [*(exported or ()), *own])
    return Checked(entries, breaks, None if exported is None else len(exported))


def export_heads(rapport: Rapport) -> int:
    """Appends the head of every chain to the file of heads; how many. Raises CannotWrite."""
    with rapport.database.read() as work:
        lines = [
            json.dumps(
                {
                    "at": work.now.isoformat(timespec="seconds"),
                    "organisation": head.organisation,
                    "sequence": head.sequence,
                    "mac": head.mac,
                }
            )
            for head in _heads(work)
        ]
    if lines:
        _append(rapport.hosting.audit_heads, "\n".join(lines) + "\n")
    return len(lines)


def read_heads(path: Path) -> list[Head]:
    """The heads in a file; none where there is no file. Raises WrongUsage for a line that is no head."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise WrongUsage("bad_heads", path=path, line=0) from error
    return [_head(path, number, line) for number, line in enumerate(lines, 1)]


def _head(path: Path, number: int, line: str) -> Head:
    try:
        values = json.loads(line)
        return Head(str(values["organisation"]), int(values["sequence"]), str(values["mac"]))
    except (ValueError, TypeError, KeyError) as error:
        raise WrongUsage("bad_heads", path=path, line=number) from error


def _append(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CannotWrite.of(path, error) from error


def _heads(work: Work) -> Iterator[Head]:
    query = select(AuditHead).order_by(AuditHead.organisation_id)
    for head in work.session.scalars(query):
        yield Head(head.organisation_id, head.sequence, head.mac)


def _entries(work: Work, organisation_id: str) -> Iterator[Sealed]:
    query = select(AuditEntry).where(AuditEntry.organisation_id == organisation_id)
    ordered = query.order_by(AuditEntry.sequence).execution_options(yield_per=BATCH)
    for row in work.session.scalars(ordered):
        entry = Entry(
            organisation=row.organisation_id,
            sequence=row.sequence,
            at=row.at,
            actor=row.actor,
            action=row.action,
            object_kind=row.object_kind,
            object_id=row.object_id,
            codes=row.codes,
        )
        yield Sealed(entry, row.mac)
