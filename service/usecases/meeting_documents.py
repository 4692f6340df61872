"""The encrypted documents of one meeting, as rows of a unit of work and blobs under the meeting's keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import event, select

from service.db.tables import Document, Meeting
from service.db.unit_of_work import Work
from service.domain.errors import VersionChanged
from service.errors import NotFound
from service.usecases.rapport import Rapport

MINUTES, ANSWER = "minutes", "answer"
UNDER_MINUTES_KEY = frozenset({MINUTES, ANSWER})
"""Kinds that outlive the transcript, under `Meeting.minutes_key_id`."""

TRANSCRIPT, DRAFT, DECISION, ADDED, PLAN = "transcript", "draft", "decision", "added", "plan"
PROBE = "probe"
"""Kind of the document that tells how loud the sound is when; it goes with the sound."""

DISCARDED = "discarded"
"""Kind of a document whose blob is to be deleted; `sweep` does it, also after a crash."""


class MeetingDocuments:
    """Reads and writes. What `add` wrote is deleted again when the unit of work is rolled back."""

    def __init__(self, rapport: Rapport, work: Work, meeting: Meeting) -> None:
        self.rapport = rapport
        self._work = work
        self.meeting = meeting

    def newest(self, kind: str) -> Document | None:
        """The document of this kind with the highest revision."""
        query = select(Document).filter_by(meeting_id=self.meeting.id, kind=kind)
        return self._work.session.scalar(
            query.order_by(Document.revision.desc(), Document.id.desc()).limit(1)
        )

    def of(self, document_id: str | None) -> Document:
        """The document with this id. Raises NotFound where there is none (any more)."""
        found = None if document_id is None else self._work.session.get(Document, document_id)
        if found is None or found.meeting_id != self.meeting.id or found.kind == DISCARDED:
            raise NotFound("not_found")
        return found

    def read(self, document: Document) -> Any:  # noqa: ANN401 - a JSON document
        """Its content. Needs no open unit of work. Raises NotFound after an erasure."""
        return self.rapport.documents.read(self._key(document.kind), document.name)

    def text(self, document: Document) -> bytes:
        """The same as JSON text."""
        return self.rapport.documents.text(self._key(document.kind), document.name)

    def add(self, kind: str, value: dict[str, Any], made_at: datetime | None = None) -> Document:
        """A new revision, durable before the unit of work can be committed.

        `made_at`: of the document that it replaces, where its term shall not start anew.
        """
        before = self.newest(kind)
        name = self.rapport.documents.write(self._key(kind), value)
        event.listen(
            self._work.session,
            "after_rollback",
            lambda session: self.rapport.documents.delete(name),
        )
        return self._work.add(
            Document(
                meeting_id=self.meeting.id,
                kind=kind,
                revision=before.revision + 1 if before else 1,
                name=name,
                created_at=made_at or self._work.now,
            )
        )

    def discard(self, *documents: Document) -> None:
        """Marks them as gone; `sweep` deletes their blobs once this is committed."""
        for document in documents:
            document.kind, document.step = DISCARDED, None

    def _key(self, kind: str) -> str:
        key_id = self.meeting.minutes_key_id if kind in UNDER_MINUTES_KEY else self.meeting.key_id
        if key_id is None:
            raise NotFound("not_found")
        return key_id


def sweep(rapport: Rapport, meeting: Meeting | None = None) -> int:
    """Deletes the blobs and rows of discarded documents, of one meeting or all; how many. Fine to repeat."""
    organisation_id = meeting.organisation_id if meeting else None
    with rapport.database.read(organisation_id) as work:
        query = select(Document).where(Document.kind == DISCARDED)
        if meeting is not None:  # asked for the organisation too, SQLite would read all documents of it
            query = query.where(Document.meeting_id == meeting.id)
        found = list(work.session.scalars(query))
    for document in found:
        rapport.documents.delete(document.name)
    if found:
        with rapport.database.write(organisation_id) as work:
            for document in found:
                work.session.delete(work.session.merge(document))
    return len(found)


def require_revision(meeting: Meeting, expected: int) -> None:
    """Raises VersionChanged when a second tab, or somebody else, changed the meeting since it was read."""
    if meeting.revision != expected:
        raise VersionChanged("version_changed")
