"""The queue of recordings, as use cases see it: jobs are added, cancelled and forgotten, never run, here."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, select

from service.db.database import answering
from service.db.tables import Job, Meeting
from service.db.unit_of_work import Work
from service.domain.ids import new_id
from service.jobs.passed import Passed, unnoticed

if TYPE_CHECKING:
    from dbos import DBOSClient

UNFINISHED = ("queued", "running")


class EngineQueue:
    """Implements usecases/rapport.Queue on the durable engine, whose tables have to be there (db/migrate).

    `cancel` and `forget` have a transaction of their own: call them after yours is committed, since SQLite
    takes one writer at a time.
    """

    def __init__(self, url: str, passed: Passed = unnoticed) -> None:
        self._url = url
        self._passed = passed

    def enqueue(self, work: Work, meeting_id: str) -> str:
        """A new job of that meeting; its id. It is there when the caller's transaction is, or not at all.

        An organisation's jobs stand behind each other: a second recording waits until the first ones of all
        others have begun.
        """
        meeting = work.one(Meeting, meeting_id)
        ahead = select(func.count()).where(
            Job.organisation_id == meeting.organisation_id, Job.state.in_(UNFINISHED)
        )
        priority = 1 + (work.session.scalar(ahead) or 0)
        job = work.add(
            Job(
                organisation_id=meeting.organisation_id,
                meeting_id=meeting.id,
                state="queued",
                created_at=work.now,
                updated_at=work.now,
            )
        )
        self._passed("job added")
        from service.jobs.engine import WORKFLOW  # noqa: PLC0415 - see _client

        self._enqueue(work, job.id, priority, WORKFLOW, job.id)
        self._passed("job enqueued")
        return job.id

    def enqueue_shelf(self, work: Work) -> None:
        """The organisation's own lists are made ready for search."""
        if work.organisation_id is None:
            raise ValueError("lists of no organisation")
        from service.jobs.engine import SHELF  # noqa: PLC0415 - see _client

        self._enqueue(work, f"shelf-{new_id()}", 1, SHELF, work.organisation_id)

    def cancel(self, job_id: str) -> None:
        """Stops it wherever it runs, within two seconds; fine for one that has ended or is unknown."""
        with answering():
            self._client.cancel_workflow(job_id)

    def forget(self, job_id: str) -> None:
        """Erases its checkpoints; fine to repeat."""
        with answering():
            self._client.delete_workflow(job_id)

    def close(self) -> None:
        """Gives its connections back."""
        if "_connection" in self.__dict__:
            self._connection.dispose()

    def _enqueue(self, work: Work, workflow_id: str, priority: int, workflow: str, subject: str) -> None:
        from service.jobs.engine import QUEUE, VERSION  # noqa: PLC0415 - see _client

        self._client.enqueue_in_transaction(
            work.session,
            {
                "queue_name": QUEUE,
                "workflow_name": workflow,
                "workflow_id": workflow_id,
                "app_version": VERSION,
                "priority": priority,
            },
            subject,
        )

    @cached_property
    def _connection(self) -> Engine:
        from service.jobs.engine import system_engine  # noqa: PLC0415 - see _client

        return system_engine(self._url, durable=True)

    @cached_property
    def _client(self) -> DBOSClient:
        from service.jobs.engine import client  # noqa: PLC0415 - takes a second that a web start need not wait

        return client(self._connection)
