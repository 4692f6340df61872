"""Stops the work on a meeting: part of the transaction of whoever has a reason to."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import Job, Meeting
from service.db.transition import transition
from service.db.unit_of_work import Work
from service.domain.lifecycle import Event, State

UNFINISHED = ("queued", "running")


def stop_processing(work: Work, meeting: Meeting, actor: str) -> list[str]:
    """Cancels the meeting, which the caller locked; ids of jobs for `queue.cancel` after the commit. Where a
    second draft is being made the first one stays.

    `actor`: a person's id. Raises WrongState.
    """
    stopped = end_jobs(work, meeting)
    if meeting.state == State.drafted and stopped:
        return stopped
    if meeting.state == State.uploaded:  # the worker has not come to it yet
        transition(work, meeting, Event.start, actor)
    transition(work, meeting, Event.cancel, actor)
    return stopped


def end_jobs(work: Work, meeting: Meeting) -> list[str]:
    """The same for the jobs alone."""
    query = select(Job).where(Job.meeting_id == meeting.id, Job.state.in_(UNFINISHED))
    jobs = list(work.session.scalars(query.with_for_update()))
    for job in jobs:
        job.state, job.left_s = "cancelled", None
        job.updated_at = job.finished_at = work.now
    return [job.id for job in jobs]
