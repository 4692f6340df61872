"""Looks at many things at once are noted without holding up those who write."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC

from sqlalchemy import select

from service.db.tables import AuditView
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport


def note_looks(rapport: Rapport, actor: Actor, kind: str, ids: Collection[str]) -> None:
    """Notes the looks of today that are not noted yet; only then the database is written to."""
    with rapport.database.read(actor.organisation_id) as work:
        today = work.now.astimezone(UTC).date()
        noted = select(AuditView.object_id).filter_by(viewer=actor.person_id, object_kind=kind, day=today)
        known = set(work.session.scalars(noted.where(AuditView.object_id.in_(ids))))
    unknown = [one for one in ids if one not in known]
    if unknown:
        with rapport.database.write(actor.organisation_id) as work:
            for one in unknown:
                work.audit_view(actor.person_id, kind, one)
