"""A unit of work: one transaction, for one organisation. Nothing else commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Select, Table, literal, select
from sqlalchemy.orm import Session

from service.db.base import Base, Owned
from service.db.tables import AuditEntry, AuditHead, AuditView
from service.domain.audit_chain import GENESIS, Entry, check, mac
from service.domain.ids import new_id
from service.errors import NotFound

Key = Callable[[Callable[[], bool]], bytes]
"""Gives the key of the audit log. It is asked with `Work.is_new`, where one may be made."""

Row = TypeVar("Row", bound=Owned)


class Work:
    """What one use case reads and writes. `organisation_id`: whose rows it may see; None: the machine's own
    work over all of them (schedules, sign-in).
    """

    def __init__(
        self,
        session: Session,
        organisation_id: str | None,
        clock: Callable[[], datetime],
        audit_key: Key,
    ) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.now = clock()
        self._audit_key = audit_key

    def rows(self, table: type[Row]) -> Select[Row]:
        """A query over the organisation's rows of that table."""
        query = select(table)
        return query if self.organisation_id is None else query.where(self._own(table))

    def one(self, table: type[Row], row_id: str, *, lock: bool = False) -> Row:
        """The row with this id. Raises NotFound when there is none in this organisation."""
        query = self.rows(table).where(table.id == row_id)
        if lock:  # what this session read of the row before may be stale
            query = query.with_for_update().execution_options(populate_existing=True)
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("not_found")
        return found

    def add(self, row: Row) -> Row:
        """The row, written, with its id."""
        if self.organisation_id is not None:
            row.organisation_id = self.organisation_id
        self.session.add(row)
        self.session.flush()
        return row

    def audit(
        self,
        actor: str,
        action: str,
        object_kind: str,
        object_id: str,
        codes: Mapping[str, str | int] | None = None,
        *,
        organisation_id: str | None = None,
    ) -> None:
        """Appends to the organisation's audit log. Only ids and codes: NotValid for anything else."""
        owner = organisation_id or self.organisation_id
        if owner is None:
            raise ValueError("an audit entry without an organisation")
        head = self._locked_head(owner)
        entry = Entry(
            organisation=owner,
            sequence=head.sequence + 1,
            at=self.now.astimezone(UTC),
            actor=actor,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            codes=dict(codes or {}),
        )
        check(entry)
        head.mac = mac(self.audit_key(), head.mac, entry)
        head.sequence = entry.sequence
        self.session.add(_row(entry, head.mac))
        self.session.flush()

    def audit_key(self) -> bytes:
        """The key of all chains, made before the first entry of all."""
        return self._audit_key(self.is_new)

    def is_new(self) -> bool:
        """Whether this service just begins: nothing is in the audit log."""
        return self.session.scalar(select(AuditEntry.id).limit(1)) is None

    def audit_view(self, viewer: str, object_kind: str, object_id: str) -> None:
        """Appends that somebody looked at a thing, once a day."""
        first = self._insert_if_new(
            AuditView,
            id=new_id(),
            organisation_id=self.organisation_id,
            viewer=viewer,
            object_kind=object_kind,
            object_id=object_id,
            day=self.now.astimezone(UTC).date(),
        )
        if first:
            self.audit(viewer, "view", object_kind, object_id)

    def _locked_head(self, organisation_id: str) -> AuditHead:
        """The head of the chain; other transactions that append wait for this one to end."""
        query = select(AuditHead).where(AuditHead.organisation_id == organisation_id)
        locked = query.with_for_update().execution_options(populate_existing=True)
        head = self.session.scalar(locked)
        if head is None:
            self._insert_if_new(AuditHead, organisation_id=organisation_id, sequence=0, mac=GENESIS)
            head = self.session.scalars(locked).one()
        return head

    def _insert_if_new(self, table: type[Base], **values: object) -> bool:
        """Whether the row is new; an equal one of a transaction that still runs is waited for."""
        # Only the dialect in use: that of PostgreSQL takes 0.1 s to import.
        if self.session.get_bind().dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415
        else:
            from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment] # noqa: PLC0415
        query = insert(cast("Table", table.__table__)).values(**values).on_conflict_do_nothing()
        return self.session.scalar(query.returning(literal(1))) is not None

    def _own(self, table: type[Row]) -> Any:  # noqa: ANN401 - a clause
        return table.organisation_id == self.organisation_id


def _row(entry: Entry, digest: str) -> AuditEntry:
    return AuditEntry(
        organisation_id=entry.organisation,
        sequence=entry.sequence,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        codes=dict(entry.codes),
        mac=digest,
    )
