"""Consent to the recording, one participant at a time, and what an objection or a withdrawal brings about."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Literal

from sqlalchemy import select

from service.db.outbox import post
from service.db.tables import Consent, Meeting, Participant
from service.db.unit_of_work import Work
from service.domain import consent as rules
from service.domain.consent import Standing
from service.domain.errors import HeldByLaw
from service.domain.lifecycle import State
from service.domain.policy import Action, Thing
from service.domain.retention import Kept
from service.errors import NotFound
from service.jobs.consents import consent_value
from service.usecases.access import find_meeting, require, require_for_person
from service.usecases.actor import Actor
from service.usecases.erase import carry_out
from service.usecases.rapport import Rapport
from service.usecases.stop_processing import end_jobs, stop_processing

Answer = Literal["give", "object", "withdraw"]

_RULES = {
    "give": (Action.give_consent, rules.give),
    "object": (Action.object, rules.refuse),
    "withdraw": (Action.withdraw, rules.withdraw),
}
_REFUSED = (Standing.objected, Standing.withdrawn)


def attest_consent(
    rapport: Rapport, actor: Actor, meeting_id: str, pid: str, host: str | None = None
) -> None:
    """The manager says that this participant agreed; the participant is told and may object.

    `host`: the machine elsewhere that the participant was told of.

    Raises NotFound, NotAllowed, WrongState.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = work.one(Meeting, meeting_id, lock=True)
        attest(work, actor, meeting, host, pid=pid)


def attest(work: Work, actor: Actor, meeting: Meeting, host: str | None, **who: str) -> None:
    """The same in the caller's transaction; `who`: the pid or person_id of the participant."""
    require(work, actor, meeting, Action.attest_consent, Thing.consent)
    participant = work.session.scalar(select(Participant).filter_by(meeting_id=meeting.id, **who))
    if participant is None:
        raise NotFound("not_found")
    row = _row(work, participant)
    _keep(row, rules.attest(consent_value(participant.pid, row), actor.person_id, work.now, host))
    if participant.person_id is not None:
        post(work, "consent_attested", participant.person_id, {"meeting": meeting.id})
    work.audit(actor.person_id, "attest_consent", "meeting", meeting.id, {"participant": participant.id})


def ask(work: Work, meeting: Meeting, person_id: str) -> None:
    """Mail to a participant whose own answer is waited for."""
    post(work, "consent_asked", person_id, {"meeting": meeting.id})


def answer_consent(
    rapport: Rapport, actor: Actor, meeting_id: str, answer: Answer, host: str | None = None
) -> None:
    """A participant's own answer. "object" and "withdraw" stop processing and erase; durable on return.

    `host`: the machine elsewhere to which a "give" lets text be sent; without it to none.
    Where a legal hold forbids erasing, the answer stands and nothing more is processed.
    Raises NotFound, NotAllowed, WrongState.
    """
    action, rule = _RULES[answer]
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.meeting, lock=True)
        require_for_person(work, actor, actor.person_id, action, Thing.consent)
        row, pid = _own(work, actor, meeting)
        made = rule(consent_value(pid, row), actor.person_id, work.now)
        _keep(row, replace(made, host=host if answer == "give" else None))
        work.audit(actor.person_id, action.value, "meeting", meeting.id)
        stopped = _refused(work, meeting, actor) if answer != "give" else []
    for job_id in stopped:
        rapport.queue.cancel(job_id)
    if answer != "give":
        _enforce(rapport, meeting)


def tell(rapport: Rapport, actor: Actor, meeting_id: str) -> None:
    """Notes that the actor knows of a consent attested for them: the days to object begin."""
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.read, Thing.meeting)
        row, pid = _own(work, actor, meeting)
        row.told_at = rules.told(consent_value(pid, row), work.now).told_at


def note_told(work: Work, meeting_id: str, person_id: str) -> None:
    """The same for mail that told it."""
    participant = work.session.scalar(
        select(Participant).filter_by(meeting_id=meeting_id, person_id=person_id)
    )
    if participant is not None:
        row = _row(work, participant)
        row.told_at = rules.told(consent_value(participant.pid, row), work.now).told_at


def enforce_refusals(rapport: Rapport) -> int:
    """Erases what a refusal still has to erase, after a crash or a lifted hold; how many."""
    refused = select(Consent.meeting_id).where(Consent.state.in_(_REFUSED))
    with rapport.database.read() as work:
        query = work.rows(Meeting).where(Meeting.key_id.is_not(None), Meeting.id.in_(refused))
        found = list(work.session.scalars(query))
    return sum(_enforce(rapport, meeting) for meeting in found)


def _refused(work: Work, meeting: Meeting, actor: Actor) -> list[str]:
    """Tells the manager and stops the work, whatever a legal hold keeps; ids of the jobs that are to end."""
    if meeting.manager_id != actor.person_id:
        post(work, "consent_withdrawn", meeting.manager_id, {"meeting": meeting.id})
    if meeting.state in {State.uploaded, State.processing}:
        return stop_processing(work, meeting, actor.person_id)
    return end_jobs(work, meeting)


def _enforce(rapport: Rapport, meeting: Meeting) -> bool:
    with rapport.database.read(meeting.organisation_id) as work:
        state = State(work.one(Meeting, meeting.id).state)
    gone = rules.effect_of_objection(state)
    with suppress(HeldByLaw):
        if gone:
            what: Literal["all", "transcript"] = "all" if Kept.minutes in gone else "transcript"
            carry_out(rapport, meeting.organisation_id, meeting.id, what)
        return bool(gone)
    return False


def _own(work: Work, actor: Actor, meeting: Meeting) -> tuple[Consent, str]:
    query = select(Participant).filter_by(meeting_id=meeting.id, person_id=actor.person_id)
    participant = work.session.scalar(query)
    if participant is None:
        raise NotFound("not_found")
    return _row(work, participant), participant.pid


def _row(work: Work, participant: Participant) -> Consent:
    row = work.session.scalar(select(Consent).filter_by(participant_id=participant.id))
    if row is None:
        row = Consent(
            organisation_id=participant.organisation_id,
            meeting_id=participant.meeting_id,
            participant_id=participant.id,
            state=Standing.pending,
            at=work.now,
        )
        work.add(row)
    return row


def _keep(row: Consent, value: rules.Consent) -> None:
    row.state, row.by_person_id, row.told_at = value.standing, value.by, value.told_at
    row.at, row.host = value.at or row.at, value.host
