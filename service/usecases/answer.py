"""An employee acknowledges or disputes one version of the minutes, bound to its hash."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from service.db.outbox import post
from service.db.tables import Acknowledgement, Meeting, Participant
from service.db.transition import transition
from service.db.unit_of_work import Work
from service.domain.acknowledgement import Answer, Reply, checked, outcome
from service.domain.lifecycle import Event, State, move
from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_documents import ANSWER, MeetingDocuments, sweep
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import version_of

_EVENTS = {State.acknowledged: Event.acknowledge, State.disputed: Event.dispute}


def acknowledge(rapport: Rapport, actor: Actor, meeting_id: str, sha256: str, comment: str = "") -> Meeting:
    """Agrees to the version with that hash.

    Raises NotFound, NotAllowed, VersionChanged, WrongState, NotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        answer = Answer(actor.person_id, sha256, Reply.acknowledge, work.now, (), comment)
        meeting = answer_within(rapport, work, actor, meeting_id, answer)
    sweep(rapport, meeting)
    return meeting


def dispute(
    rapport: Rapport, actor: Actor, meeting_id: str, sha256: str, items: Sequence[str], comment: str
) -> Meeting:
    """Disputes it, naming items (or none) and saying why. Raises as `acknowledge`."""
    with rapport.database.write(actor.organisation_id) as work:
        answer = Answer(actor.person_id, sha256, Reply.dispute, work.now, tuple(items), comment)
        meeting = answer_within(rapport, work, actor, meeting_id, answer)
    sweep(rapport, meeting)
    return meeting


def answer_within(rapport: Rapport, work: Work, actor: Actor, meeting_id: str, answer: Answer) -> Meeting:
    """The same as part of another transaction, that of a one-time link for example."""
    action = Action.acknowledge if answer.reply is Reply.acknowledge else Action.dispute
    meeting = find_meeting(work, actor, meeting_id, action, Thing.minutes, lock=True)
    move(State(meeting.state), Event(answer.reply.value))
    row = version_of(work, meeting)
    documents = MeetingDocuments(rapport, work, meeting)
    employees = employees_of(work, meeting)
    answer = checked(answer, documents.read(documents.of(row.document_id)), employees)
    _store(documents, work, answer)
    reached = outcome(employees, answers_of(work, meeting), row.sha256)
    if reached is not None:
        transition(work, meeting, _EVENTS[reached], actor.person_id)
    else:
        work.audit(actor.person_id, answer.reply.value, "minutes", meeting.id, {"version": meeting.version})
        meeting.revision += 1
    if reached is State.disputed:
        post(work, "minutes_disputed", meeting.manager_id, {"meeting": meeting.id})
    return meeting


def employees_of(work: Work, meeting: Meeting) -> set[str]:
    """Ids of the people who were in the meeting as employees; of a guest, that of the participant."""
    rows = work.session.scalars(select(Participant).filter_by(meeting_id=meeting.id, role="employee"))
    return {row.person_id or row.id for row in rows}


def answers_of(work: Work, meeting: Meeting) -> list[Answer]:
    """The answers to the newest version, without their words."""
    rows = select(Acknowledgement).filter_by(meeting_id=meeting.id, version=meeting.version)
    return [Answer(r.person_id, r.sha256, Reply(r.verdict), r.at) for r in work.session.scalars(rows)]


def _store(documents: MeetingDocuments, work: Work, answer: Answer) -> None:
    meeting = documents.meeting
    keys = {"meeting_id": meeting.id, "version": meeting.version, "person_id": answer.employee}
    row = work.session.scalar(select(Acknowledgement).filter_by(**keys)) or Acknowledgement(**keys)
    old = documents.of(row.document_id) if row.document_id else None
    words = {"items": list(answer.items), "comment": answer.comment}
    row.document_id = documents.add(ANSWER, words).id if answer.items or answer.comment else None
    row.sha256, row.verdict, row.at = answer.version_sha256, answer.reply, answer.at
    work.add(row)
    if old is not None:
        documents.discard(old)
