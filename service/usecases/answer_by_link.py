"""Somebody without an account reads and answers minutes with a one-time link; reading does not use it up."""

from __future__ import annotations

from collections.abc import Sequence

from service.db.tables import Meeting
from service.domain.acknowledgement import Answer, Reply
from service.errors import NotFound
from service.usecases.actor import Actor
from service.usecases.answer import answer_within
from service.usecases.invitations import holder, use
from service.usecases.meeting_documents import sweep
from service.usecases.rapport import Rapport
from service.usecases.read_minutes import ReadMinutes, read_minutes
from service.usecases.view_minutes import ViewedMinutes, view_minutes


def read_by_link(rapport: Rapport, secret: str) -> tuple[str, ReadMinutes]:
    """The meeting's id and the minutes that wait for an answer. Raises NotFound, NotAllowed."""
    meeting_id, actor = _answerer(rapport, secret)
    return meeting_id, read_minutes(rapport, actor, meeting_id)


def view_by_link(rapport: Rapport, secret: str) -> ViewedMinutes:
    """The same with what surrounds them, for a page. Raises as `read_by_link`."""
    meeting_id, actor = _answerer(rapport, secret)
    return view_minutes(rapport, actor, meeting_id)


def answer_by_link(
    rapport: Rapport, secret: str, reply: Reply, sha256: str, items: Sequence[str] = (), comment: str = ""
) -> Meeting:
    """The answer, and the end of the link, both or neither. Raises as `acknowledge`."""
    meeting_id, actor = _answerer(rapport, secret)
    with rapport.database.write(actor.organisation_id) as work:
        use(work, secret, "answer")
        answer = Answer(actor.person_id, sha256, reply, work.now, tuple(items), comment)
        meeting = answer_within(rapport, work, actor, meeting_id, answer)
    sweep(rapport, meeting)
    return meeting


def _answerer(rapport: Rapport, secret: str) -> tuple[str, Actor]:
    invitation, actor = holder(rapport, secret)
    if invitation.purpose != "answer" or invitation.meeting_id is None:
        raise NotFound("invitation_used")
    return invitation.meeting_id, actor
