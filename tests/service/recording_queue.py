"""A queue that runs nothing: jobs are rows, and what was asked of it is kept."""

from __future__ import annotations

from service.db.tables import Job, Meeting


class RecordingQueue:
    """Stands in for jobs/queue.EngineQueue where no engine is wanted."""

    def __init__(self):
        self.enqueued = []
        self.shelves = []
        self.cancelled = []
        self.forgotten = []

    def enqueue(self, work, meeting_id):
        meeting = work.one(Meeting, meeting_id)
        times = {"created_at": work.now, "updated_at": work.now}
        owner = meeting.organisation_id
        job = work.add(Job(organisation_id=owner, meeting_id=meeting_id, state="queued", **times))
        self.enqueued.append(meeting_id)
        return job.id

    def enqueue_shelf(self, work):
        self.shelves.append(work.organisation_id)

    def cancel(self, job_id):
        self.cancelled.append(job_id)

    def forget(self, job_id):
        self.forgotten.append(job_id)
