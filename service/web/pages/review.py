"""The manager's desk: transcript and draft side by side, until the minutes are confirmed."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.lifecycle import UNCONFIRMED, State
from service.usecases.list_meetings import get_meeting
from service.usecases.read_draft import read_draft
from service.usecases.read_transcript import read_transcript
from service.usecases.waveform import sound_of
from service.web.bodies.fields import IdPath
from service.web.deps import RapportDep
from service.web.pages.review_view import Desk
from service.web.pages.talk import review_talk
from service.web.pages.visitor import Visitor, VisitorDep

router = APIRouter(include_in_schema=False)


@router.get("/meetings/{meeting_id}/review")
def desk(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """Where a draft waits for its manager."""
    return _page(visitor, rapport, meeting_id, "review/page.html")


@router.get("/meetings/{meeting_id}/review/draft")
def draft(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """The draft's side alone, as it is after a change."""
    return _page(visitor, rapport, meeting_id, "review/draft.html")


@router.get("/meetings/{meeting_id}/review/transcript")
def lines(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """Speakers and their lines alone, as they are after a correction."""
    return _page(visitor, rapport, meeting_id, "review/turns.html")


def _page(visitor: Visitor, rapport: RapportDep, meeting_id: str, template: str) -> Response:
    """A meeting that is not so far, or further, has another page."""
    actor = visitor.actor
    view = get_meeting(rapport, actor, meeting_id)
    state = State(view.meeting.state)
    if state is not State.drafted:
        unconfirmed = state in UNCONFIRMED or state is State.erased
        return RedirectResponse(f"/meetings/{view.meeting.id}{'' if unconfirmed else '/minutes'}", 303)
    heard, read = read_transcript(rapport, actor, meeting_id), read_draft(rapport, actor, meeting_id)
    sound = sound_of(rapport, actor, meeting_id)
    talk = review_talk(heard.transcript, view.participants, sound, read.review)
    # Of both the older: a change in between is found out by the next one that is sent.
    seen = {"transcript": heard.transcript, "revision": min(heard.revision, read.revision)}
    desk = Desk(read, view, talk, actor.language)
    return visitor.page(template, "meetings", view=view, talk=talk, desk=desk, iso=date.fromisoformat, **seen)
