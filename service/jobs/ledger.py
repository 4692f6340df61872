"""What the database knows of one job: its state, its tries, how far it is, and the documents of its steps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError

from service.db.database import Database
from service.db.errors import DatabaseUnavailable
from service.db.outbox import post
from service.db.tables import Document, Job, Meeting, Suggestion
from service.db.transition import transition
from service.db.unit_of_work import Work
from service.domain.lifecycle import Event, State
from service.domain.review import SUGGESTIONS
from service.errors import NotFound
from service.jobs.assignment import Assignment, assignment
from service.jobs.passed import Passed
from service.jobs.progress import Progress
from service.jobs.queue import UNFINISHED
from service.jobs.redraft import replace_draft
from service.storage.documents import DocumentStore

MACHINE = "machine"
MOST_TRIES = 3
"""Of one step without a result, by whatever worker."""

DIED = "worker_died"
"""Why a step has no result although no error was noted."""

INTERMEDIATE = ("listen", "window")
"""Kinds of documents that nobody needs once there is a draft."""

DISCARDED = "discarded"
"""Kind of a document whose blob is to be deleted (as in usecases/meeting_documents)."""


class Stopped(Exception):
    """The job was cancelled, erased, or taken over by another worker: this one has to let go of it."""


class Ledger:
    """One job, worked on by `node`. Every method but `begin` raises Stopped once it is no longer this node's.

    Rows are locked in one order everywhere: the meeting before its job.
    """

    def __init__(self, database: Database, documents: DocumentStore, job_id: str, node: str) -> None:
        self._database = database
        self._documents = documents
        self._job_id = job_id
        self._node = node
        self._organisation_id = ""
        self._meeting_id = self._key_id = ""
        self._counted = False
        self._redrafting = False
        self.done: dict[str, str] = {}
        """Key of a step -> the document that it made, for steps that were done before the job was begun."""

    def begin(self) -> Assignment | None:
        """Takes the job; None when there is nothing (more) to do. Not a checkpoint: each worker begins."""
        try:
            with self._database.read() as work:
                known = work.one(Job, self._job_id)
            self._organisation_id, self._meeting_id = known.organisation_id, known.meeting_id
            with self._database.write(self._organisation_id) as work:
                meeting = work.one(Meeting, self._meeting_id, lock=True)
                job = work.one(Job, self._job_id, lock=True)
                return self._take(work, job, meeting) if job.state in UNFINISHED else None
        except NotFound:
            return None

    def count_try(self) -> str | None:
        """Counts a try before its work begins, so that one which kills the worker counts too; None, or why
        there must not be another. The first try after `keep` is counted there: a transaction less a step.
        """
        if self._counted:
            self._counted = False
            return None
        with self._database.write(self._organisation_id) as work:
            more = update(Job).where(*self._is_mine(), Job.attempts < MOST_TRIES)
            counted = more.values(attempts=Job.attempts + 1, reason=None).returning(Job.id)
            return None if work.session.scalar(counted) else self._mine(work).reason or DIED

    def note_failure(self, reason: str) -> None:
        """Why the try failed."""
        with self._database.write(self._organisation_id) as work:
            self._mine(work).reason = reason

    def give_back_try(self) -> None:
        """For a try that was interrupted and not at fault."""
        with self._database.write(self._organisation_id) as work:
            job = self._mine(work)
            job.attempts = max(0, job.attempts - 1)

    def tell(self, progress: Progress) -> None:
        """How far the job is."""
        with self._database.write(self._organisation_id) as work:
            self._set(work, **progress.fields())

    def read(self, document_id: str) -> Any:  # noqa: ANN401 - a JSON document
        """The content of a document of this meeting."""
        with self._database.read(self._organisation_id) as work:
            name = work.one(Document, document_id).name
        return self._documents.read(self._key_id, name)

    def keep(self, kind: str, key: str, value: dict[str, Any], progress: Progress, passed: Passed) -> str:
        """Stores what a step made and gives the document's id; another worker's result comes first."""
        name = self._documents.write(self._key_id, value)
        passed("written")
        try:
            document_id = self._add(kind, key, name, progress, passed)
        except DatabaseUnavailable:
            raise  # the row may be there: its blob has to stay
        except BaseException as error:
            self._documents.delete(name)
            other = self._found(key) if isinstance(error, IntegrityError) else None
            if other is None:
                raise
            return other
        passed("kept")
        return document_id

    def finish(self, transcript_id: str, draft_id: str, passed: Passed) -> None:
        """The meeting has its draft: suggestions, state, audit entry and message in one transaction."""
        draft = self.read(draft_id)
        if self._redrafting:
            self._finish_again(draft_id, draft, passed)
            return
        with self._database.write(self._organisation_id) as work:
            meeting = work.one(Meeting, self._meeting_id, lock=True)
            job = self._mine(work)
            self._suggest(work, draft)
            self._discard_intermediate(work)
            meeting.transcript_id, meeting.draft_id = transcript_id, draft_id
            transition(work, meeting, Event.finish, MACHINE)
            post(work, "draft_ready", meeting.manager_id, {"meeting": meeting.id})
            _end(work, job, "done")
            passed("finishing")
        passed("finished")

    def _finish_again(self, draft_id: str, draft: dict[str, Any], passed: Passed) -> None:
        """The new draft takes the place of the one before, unless that was confirmed or erased meanwhile."""
        with self._database.write(self._organisation_id) as work:
            meeting = work.one(Meeting, self._meeting_id, lock=True)
            job = self._mine(work)
            made = work.one(Document, draft_id)
            if _is_reviewed(meeting) and meeting.key_id == self._key_id:
                merged, row = replace_draft(work, self._documents, meeting, made, draft)
                self._suggest(work, merged)
                self._discard(work, Document.id == meeting.draft_id)
                meeting.draft_id = row.id
                meeting.revision += 1
                work.audit(MACHINE, "redraft", "draft", meeting.id, {"count": len(merged["new_items"])})
                _end(work, job, "done")
            else:
                _end(work, job, "cancelled")
            self._discard(work, Document.id == made.id)
            passed("finishing")
        passed("finished")

    def give_up(self, state: str, reason: str) -> None:
        """Ends the job as "failed" or "parked", for a reason (a code), and tells the manager."""
        with self._database.write(self._organisation_id) as work:
            meeting = work.one(Meeting, self._meeting_id, lock=True)
            job = self._mine(work)
            _end(work, job, state, reason)
            if meeting.state == State.processing:
                transition(work, meeting, Event.fail, MACHINE, reason)
                post(work, "processing_failed", meeting.manager_id, {"meeting": meeting.id})

    def _take(self, work: Work, job: Job, meeting: Meeting) -> Assignment | None:
        if meeting.state == State.uploaded:
            transition(work, meeting, Event.start, MACHINE)
        self._redrafting = _is_reviewed(meeting)
        if not (self._redrafting or meeting.state == State.processing) or meeting.key_id is None:
            _end(work, job, "cancelled")
            return None
        job.state, job.node, job.updated_at = "running", self._node, work.now
        self._key_id = meeting.key_id
        steps = select(Document.step, Document.id).filter_by(meeting_id=meeting.id)
        self.done = {
            str(key): name for key, name in work.session.execute(steps.where(Document.step.is_not(None)))
        }
        return assignment(work, meeting, meeting.key_id)

    def _add(self, kind: str, key: str, name: str, progress: Progress, passed: Passed) -> str:
        with self._database.write(self._organisation_id) as work:
            row = Document(
                meeting_id=self._meeting_id,
                kind=kind,
                revision=1 if kind in INTERMEDIATE else 1 + self._newest(work, kind),
                step=key,
                name=name,
                created_at=work.now,
            )
            work.add(row)
            self._set(work, attempts=1, reason=None, **progress.fields())
            passed("added")
        self._counted = True
        return row.id

    def _found(self, key: str) -> str | None:
        with self._database.read(self._organisation_id) as work:
            return work.session.scalar(select(Document.id).filter_by(meeting_id=self._meeting_id, step=key))

    def _is_mine(self) -> tuple[ColumnElement[bool], ...]:
        return Job.id == self._job_id, Job.state == "running", Job.node == self._node

    def _set(self, work: Work, **values: Any) -> None:  # noqa: ANN401 - columns of every type
        mine = update(Job).where(*self._is_mine()).values(**values, updated_at=work.now)
        if work.session.scalar(mine.returning(Job.id)) is None:
            raise Stopped

    def _mine(self, work: Work) -> Job:
        try:
            job = work.one(Job, self._job_id, lock=True)
        except NotFound as gone:
            raise Stopped from gone
        if job.state != "running" or job.node != self._node:
            raise Stopped
        return job

    def _newest(self, work: Work, kind: str) -> int:
        query = select(func.max(Document.revision)).filter_by(meeting_id=self._meeting_id, kind=kind)
        return work.session.scalar(query) or 0

    def _suggest(self, work: Work, draft: dict[str, Any]) -> None:
        known = set(work.session.scalars(select(Suggestion.item).filter_by(meeting_id=self._meeting_id)))
        for kind in SUGGESTIONS:
            for item in draft[kind]:
                if item["id"] not in known:
                    work.add(
                        Suggestion(
                            meeting_id=self._meeting_id,
                            item=item["id"],
                            kind=kind,
                            confidence=item.get("confidence"),
                        )
                    )

    def _discard_intermediate(self, work: Work) -> None:
        """Windows hold words: what the manager corrects later must not live on in them."""
        self._discard(work, Document.kind.in_(INTERMEDIATE))

    def _discard(self, work: Work, what: ColumnElement[bool]) -> None:
        spent = (Document.meeting_id == self._meeting_id, what)
        work.session.execute(update(Document).where(*spent).values(kind=DISCARDED, step=None))


def _is_reviewed(meeting: Meeting) -> bool:
    """Whether a draft waits for its manager: a job of such a meeting drafts again."""
    return meeting.state == State.drafted and meeting.draft_id is not None


def _end(work: Work, job: Job, state: str, reason: str | None = None) -> None:
    job.state, job.reason, job.left_s = state, reason, None
    if state == "done":
        job.step, job.share, job.left_s = "done", 1.0, 0.0
    job.updated_at = job.finished_at = work.now
