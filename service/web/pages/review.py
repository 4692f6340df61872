"""The manager's desk: transcript and draft side by side, until the minutes are confirmed."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.lifecycle import UNCONFIRMED, State
from service.usecases.list_meetings import get_meeting
from service.usecases.read_draft import read_draft
from service.usecases.read_transcript import read_transcript
from service.web.bodies.fields import IdPath
from service.web.deps import RapportDep
from service.web.pages.visitor import VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/meetings/{meeting_id}/review")
def desk(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """Where a draft waits for its manager; a meeting that is not so far, or further, has another page."""
    view = get_meeting(rapport, visitor.actor, meeting_id)
    state = State(view.meeting.state)
    if state is not State.drafted:
        rest = "" if state in UNCONFIRMED or state is State.erased else "/minutes"
        return RedirectResponse(f"/meetings/{view.meeting.id}{rest}", 303)
    talk = read_transcript(rapport, visitor.actor, meeting_id)
    draft = read_draft(rapport, visitor.actor, meeting_id)
    return visitor.page(
        "review/page.html",
        "meetings",
        view=view,
        transcript=talk.transcript,
        review=draft.review,
        revision=min(talk.revision, draft.revision),
    )
