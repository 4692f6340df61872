"""What is known of the people in a meeting, as far as its manager may use it: they manage them today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from service.db.managing import manages
from service.db.tables import ActionItem, Meeting, Participant, Profile
from service.db.unit_of_work import Work
from service.storage.documents import DocumentStore
from service.storage.errors import Erased, MissingBlob


@dataclass(frozen=True, slots=True)
class Known:
    """Of one participant: where the profile lies, key and blob, if there is one, and what they completed."""

    key_id: str | None
    name: str | None
    completed: tuple[str, ...]


def known_of(work: Work, meeting: Meeting) -> dict[str, Known]:
    """By participant; of people whom the meeting's manager does not manage, nothing."""
    found = {}
    people = select(Participant).filter_by(meeting_id=meeting.id, role="employee").order_by(Participant.id)
    for one in work.session.scalars(people):
        if one.person_id is None or not manages(work, meeting.manager_id, one.person_id):
            continue
        row = work.session.scalar(select(Profile).filter_by(person_id=one.person_id))
        done = select(ActionItem.resource).filter_by(plan_of=one.person_id, status="done")
        completed = work.session.scalars(done.where(ActionItem.resource.is_not(None)).distinct())
        found[one.pid] = Known(
            row.key_id if row else None, row.blob if row else None, tuple(sorted(filter(None, completed)))
        )
    return found


def profiles(documents: DocumentStore, known: Mapping[str, Known]) -> dict[str, dict[str, Any]]:
    """Fields of models/development.Profile by participant; a profile that was erased meanwhile is empty."""
    made = {}
    for pid, one in known.items():
        fields = _read(documents, one)
        fields["completed"] = sorted({*fields.get("completed", ()), *one.completed})
        made[pid] = fields
    return made


def _read(documents: DocumentStore, one: Known) -> dict[str, Any]:
    if one.key_id is None or one.name is None:
        return {}
    try:
        fields: dict[str, Any] = documents.read(one.key_id, one.name)
    except (Erased, MissingBlob):
        return {}
    return fields
