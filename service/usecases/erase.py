"""Erases a meeting, or only its sound: keys first, then bytes. What a crash cut off is carried on later.

1. A row says what is to be erased, and which new key it makes.
2. One transaction takes everything out of the tables and notes keys and blobs in that row. Where only the
   sound goes, texts are first written anew under the new key, so that the old one can be destroyed.
3. Keys are destroyed, blobs deleted, checkpoints forgotten; the row is done. Each of it is fine to repeat.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Literal

from sqlalchemy import select

from service.db.tables import Erasure, Job, Meeting
from service.db.transition import transition
from service.db.unit_of_work import Work
from service.domain.errors import DomainError, WrongState
from service.domain.lifecycle import Event, State
from service.domain.policy import Action, Thing
from service.domain.retention import require_erasable
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.erased_rows import take_out_everything, take_out_sound, take_out_transcript
from service.usecases.holds import is_held
from service.usecases.permits import permit_facts
from service.usecases.rapport import Rapport
from service.usecases.stop_processing import end_jobs

What = Literal["audio", "transcript", "all"]

PREPARING, DESTROYING, DONE = "preparing", "destroying", "done"
MACHINE = "machine"

STALE = timedelta(minutes=5)
"""An erasure begun so long ago, and not done, was cut off."""

_BEFORE_TEXT = frozenset({State.planned, State.uploaded, State.processing, State.cancelled, State.failed})
"""Without its sound such a meeting could come no further: it is erased as a whole or not at all."""


def erase(rapport: Rapport, actor: Actor, meeting_id: str, what: Literal["audio", "all"]) -> None:
    """By a person, as the policy says; durable on return. Fine to repeat.

    Raises NotFound, NotAllowed, HeldByLaw, WrongState (sound that still has to be processed).
    """
    thing = Thing.audio if what == "audio" else Thing.meeting
    with rapport.database.read(actor.organisation_id) as work:
        facts = permit_facts(work, actor, meeting_id)
        find_meeting(work, actor, meeting_id, Action.erase, thing, facts=facts)
    carry_out(rapport, actor.organisation_id, meeting_id, what, actor.person_id)


def carry_out(
    rapport: Rapport,
    organisation_id: str,
    meeting_id: str,
    what: What,
    asked_by: str = MACHINE,
    *,
    again: bool = False,
) -> None:
    """By rule or for a person who may; `asked_by`: a person's id. `again`: no hold keeps what is gone.

    Raises NotFound, HeldByLaw, WrongState.
    """
    erasure_id = _prepare(rapport, organisation_id, meeting_id, what, asked_by, again=again)
    if erasure_id is not None:
        _take_out(rapport, organisation_id, erasure_id, again=again)
        _destroy(rapport, organisation_id, erasure_id)


def resume(rapport: Rapport, stale: timedelta = STALE) -> int:
    """Carries on every erasure that was cut off; how many. For start-up and the schedule."""
    with rapport.database.read() as work:
        left = work.rows(Erasure).where(Erasure.state != DONE, Erasure.asked_at <= work.now - stale)
        found = list(work.session.scalars(left))
    for erasure in found:
        with suppress(DomainError):  # held meanwhile: the row waits
            _begin_again(rapport, erasure.organisation_id, erasure.id)
            _take_out(rapport, erasure.organisation_id, erasure.id)
            _destroy(rapport, erasure.organisation_id, erasure.id)
    return len(found)


def _prepare(
    rapport: Rapport, organisation_id: str, meeting_id: str, what: What, asked_by: str, *, again: bool
) -> str | None:
    """The id of the erasure; None where nothing is left to erase."""
    with rapport.database.write(organisation_id) as work:
        meeting = work.one(Meeting, meeting_id, lock=True)
        if meeting.state == State.erased:
            return None
        require_erasable(not again and is_held(work, meeting_id))
        if what != "all" and meeting.state in _BEFORE_TEXT:
            raise WrongState("wrong_state", state=State(meeting.state), event=Event.erase)
        # Its id is in the row before anything is written under it.
        keys = [rapport.keys.create()] if what == "audio" else []
        erasure = Erasure(
            meeting_id=meeting_id,
            what=what,
            state=PREPARING,
            keys=keys,
            blobs=[],
            asked_by=asked_by,
            asked_at=work.now,
        )
        return work.add(erasure).id


def _take_out(rapport: Rapport, organisation_id: str, erasure_id: str, *, again: bool = False) -> None:
    with rapport.database.write(organisation_id) as work:
        erasure = work.one(Erasure, erasure_id, lock=True)
        if erasure.state != PREPARING:
            return
        meeting = work.one(Meeting, erasure.meeting_id, lock=True)
        require_erasable(not again and is_held(work, meeting.id))
        end_jobs(work, meeting)
        if erasure.what == "audio":
            taken = take_out_sound(rapport, work, meeting, erasure.keys[0])
        elif erasure.what == "transcript" and meeting.version > 0:
            taken = take_out_transcript(work, meeting)
        else:
            taken = take_out_everything(work, meeting)
        erasure.keys, erasure.blobs, erasure.state = taken.keys, taken.blobs, DESTROYING
        meeting.audio_erased_at = meeting.audio_erased_at or work.now
        if meeting.key_id is None and meeting.minutes_key_id is None:
            transition(work, meeting, Event.erase, erasure.asked_by)
        else:
            meeting.revision += 1
            work.audit(erasure.asked_by, f"erase_{erasure.what}", "meeting", meeting.id)


def _destroy(rapport: Rapport, organisation_id: str, erasure_id: str) -> None:
    with rapport.database.read(organisation_id) as work:
        erasure = work.one(Erasure, erasure_id)
        jobs = list(work.session.scalars(select(Job).filter_by(meeting_id=erasure.meeting_id)))
    for key_id in erasure.keys:
        rapport.keys.destroy(key_id)
    for job in jobs:
        if job.state == "cancelled":
            rapport.queue.cancel(job.id)
        rapport.queue.forget(job.id)
    for name in erasure.blobs:
        rapport.blobs.delete(name)
    with rapport.database.write(organisation_id) as work:
        _finish(work, work.one(Erasure, erasure_id, lock=True))


def _finish(work: Work, erasure: Erasure) -> None:
    if erasure.state != DONE:
        erasure.state, erasure.keys, erasure.blobs, erasure.done_at = DONE, [], [], work.now
        work.audit(erasure.asked_by, "destroyed", "meeting", erasure.meeting_id, {"what": erasure.what})


def _begin_again(rapport: Rapport, organisation_id: str, erasure_id: str) -> None:
    """What was written under a new key, and never came to count, is lost with that key."""
    with rapport.database.write(organisation_id) as work:
        erasure = work.one(Erasure, erasure_id, lock=True)
        if erasure.state == PREPARING:
            for key_id in erasure.keys:
                rapport.keys.destroy(key_id)
            erasure.keys = [rapport.keys.create() for _ in erasure.keys]
            erasure.asked_at = work.now
