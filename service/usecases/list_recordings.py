"""What has come in of the recording of a meeting, and what is still on its way."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import Recording
from service.domain.policy import Action, Thing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport
from service.usecases.uploads import COMPLETE, RECEIVING


def list_recordings(rapport: Rapport, actor: Actor, meeting_id: str) -> list[Recording]:
    """Complete tracks, and uploads that can go on, oldest first. Raises NotFound, NotAllowed."""
    with rapport.database.read(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.upload, Thing.audio)
        going_on = (Recording.state == RECEIVING) & (Recording.expires_at > work.now)
        query = select(Recording).where(
            Recording.meeting_id == meeting.id, (Recording.state == COMPLETE) | going_on
        )
        return list(work.session.scalars(query.order_by(Recording.created_at, Recording.id)))
