"""How one gave feedback in one's own conversations over time. Never added up to a score, never compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from service.db.tables import FeedbackIndicator, Meeting
from service.db.unit_of_work import Work
from service.domain.policy import Action, Thing
from service.usecases.access import require_scope
from service.usecases.actor import Actor
from service.usecases.rapport import Rapport


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator in one conversation: its value, and how many turns it rests on."""

    meeting_id: str
    held_on: date
    value: float
    evidence: int


def keep_indicators(work: Work, meeting: Meeting, draft: Mapping[str, Any]) -> None:
    """Numbers alone, as the meeting is confirmed: the draft, which quotes what was said, goes before them."""
    for name, one in draft["feedback_quality"].items():
        row = FeedbackIndicator(meeting_id=meeting.id, name=name, value=one["value"])
        row.evidence = len(one["evidence"])
        work.add(row)


def feedback_trend(rapport: Rapport, actor: Actor, most: int) -> dict[str, list[Measured]]:
    """By indicator, over the newest `most` confirmed conversations that the actor led, oldest first; without
    those in which there was nothing to measure. Raises NotAllowed.
    """
    require_scope(actor, Action.read, Thing.quality_indicators)
    with rapport.database.read(actor.organisation_id) as work:
        newest = (
            work.rows(Meeting)
            .where(Meeting.manager_id == actor.person_id, Meeting.version > 0)
            .order_by(Meeting.held_on.desc(), Meeting.id.desc())
            .limit(most)
            .subquery()
        )
        query = (
            select(FeedbackIndicator.name, newest.c.id, newest.c.held_on)
            .add_columns(FeedbackIndicator.value, FeedbackIndicator.evidence)
            .join(newest, newest.c.id == FeedbackIndicator.meeting_id)
            .where(FeedbackIndicator.value.is_not(None))
            .order_by(newest.c.held_on, newest.c.id)
        )
        found: dict[str, list[Measured]] = defaultdict(list)
        for name, *measured in work.session.execute(query):
            found[name].append(Measured(*measured))
    return dict(found)
