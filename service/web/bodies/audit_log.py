"""Bodies of the audit log: ids and codes, no content."""

from __future__ import annotations

from datetime import datetime

from service.domain.audit_chain import Damage
from service.web.bodies.accounts import View


class AuditLine(View):
    """Who did what to which object. Names are of people and units, as they are called today."""

    sequence: int
    at: datetime
    actor: str
    actor_name: str | None
    action: str
    object_kind: str
    object_id: str
    object_name: str | None
    codes: dict[str, str | int]


class AuditPage(View):
    """The newest first; `next`: what to give as `before` for the next page, null at the end."""

    items: list[AuditLine]
    next: int | None


class AuditBreak(View):
    """Where the chain is damaged: at the entry with that sequence."""

    damage: Damage
    sequence: int


class AuditChecked(View):
    """`breaks`: none where every entry is as it was written. `exported`: heads kept outside the database that
    the chain was compared with; null: their file cannot be read.
    """

    entries: int
    breaks: list[AuditBreak]
    exported: int | None
