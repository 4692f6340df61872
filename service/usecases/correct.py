"""The manager corrects confirmed minutes: a new version, which everybody is asked to answer anew."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from service.db.tables import MinutesVersion, Participant
from service.domain.ids import new_id
from service.domain.lifecycle import Event, State, move
from service.domain.minutes import Minutes, corrected, item_ids, next_stamp
from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.confirm import keep_version
from service.usecases.decide import Addition, Choice, add_items, decision_of, transcript_of
from service.usecases.meeting_documents import MeetingDocuments, require_revision
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import version_of


def correct(
    rapport: Rapport,
    actor: Actor,
    meeting_id: str,
    revision: int,
    choices: Sequence[Choice],
    additions: Sequence[Addition] = (),
    reason: str = "",
) -> MinutesVersion:
    """The next version; `reason`: why, in words that it holds.

    Raises NotFound, NotAllowed, VersionChanged, WrongState, NotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.correct, Thing.minutes, lock=True)
        require_revision(meeting, revision)
        move(State(meeting.state), Event.correct)
        documents = MeetingDocuments(rapport, work, meeting)
        previous: Minutes = documents.read(documents.of(version_of(work, meeting).document_id))
        pids = frozenset(work.session.scalars(select(Participant.pid).filter_by(meeting_id=meeting.id)))
        taken = item_ids(previous)
        added = add_items({}, additions, pids, taken, transcript_of(documents, additions))
        stamp = next_stamp(previous, new_id(), actor.person_id, work.now, reason)
        decisions = [decision_of(choice, actor, work) for choice in choices]
        minutes = corrected(previous, decisions, added, stamp, pids)
        return keep_version(documents, work, minutes, actor, Event.correct)
