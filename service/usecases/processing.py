"""A meeting on its way to a draft: how far it is, stopping that, trying again, and drafting again."""

from __future__ import annotations

from dataclasses import dataclass

from service.db.tables import Job
from service.db.transition import transition
from service.domain import consent as consent_rules
from service.domain.errors import WrongState
from service.domain.lifecycle import Event, State
from service.domain.policy import Action, Thing
from service.jobs.consents import consents_of
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_errors import MeetingConflict
from service.usecases.rapport import Rapport
from service.usecases.stop_processing import UNFINISHED, stop_processing


@dataclass(frozen=True, slots=True)
class Progress:
    """`state`: of the meeting. `job`: of its newest job (tables/operations.Job), None before the first one.

    `share` 0..1 is done; `left_s`: seconds that the rest takes at the speed so far, None: not known (yet).
    `reason`: a code, why it failed or was parked.
    """

    state: str
    job: str | None
    step: str
    share: float
    left_s: float | None
    reason: str | None

    @property
    def unfinished(self) -> bool:
        """Whether there will be more to tell."""
        return self.job in UNFINISHED


def progress(rapport: Rapport, actor: Actor, meeting_id: str) -> Progress:
    """For the one who will review the draft. Raises NotFound, NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.draft)
        query = work.rows(Job).where(Job.meeting_id == meeting.id)
        job = work.session.scalar(query.order_by(Job.created_at.desc(), Job.id.desc()).limit(1))
        if job is None:
            return Progress(meeting.state, None, "", 0.0, None, meeting.reason)
        return Progress(meeting.state, job.state, job.step, job.share, job.left_s, job.reason)


def cancel(rapport: Rapport, actor: Actor, meeting_id: str) -> None:
    """Stops the work within two seconds; what is done is kept for a retry, and a first draft stays.

    Raises NotFound, NotAllowed, WrongState.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.cancel, Thing.meeting, lock=True)
        stopped = stop_processing(work, meeting, actor.person_id)
    for job_id in stopped:
        rapport.queue.cancel(job_id)


def retry(rapport: Rapport, actor: Actor, meeting_id: str) -> None:
    """Another job for a meeting that failed or was cancelled; steps that are done are not done again.

    Raises NotFound, NotAllowed, WrongState, ConsentMissing, MeetingConflict (the recording was erased).
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.retry, Thing.meeting, lock=True)
        transition(work, meeting, Event.retry, actor.person_id)
        consent_rules.require(consents_of(work, meeting.id), work.now)
        if meeting.audio_erased_at is not None and meeting.transcript_id is None:
            raise MeetingConflict("nothing_recorded")
        rapport.queue.enqueue(work, meeting.id)


def redraft(rapport: Rapport, actor: Actor, meeting_id: str) -> None:
    """A second draft from the transcript as it is now; decisions and added items stay, and so does the first
    draft until then.

    Raises NotFound, NotAllowed, WrongState, ConsentMissing, MeetingConflict (under way, or no transcript).
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.retry, Thing.meeting, lock=True)
        if meeting.state != State.drafted:
            raise WrongState("wrong_state", state=State(meeting.state), event=Event.retry)
        consent_rules.require(consents_of(work, meeting.id), work.now)
        if meeting.transcript_id is None:
            raise MeetingConflict("nothing_recorded")
        under_way = work.rows(Job).where(Job.meeting_id == meeting.id, Job.state.in_(UNFINISHED))
        if work.session.scalar(under_way) is not None:
            raise MeetingConflict("already_drafting")
        rapport.queue.enqueue(work, meeting.id)
        work.audit(actor.person_id, "redraft", "meeting", meeting.id)
