"""One meeting on its way to a draft: everybody is sent to what they may see of it now."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from models.schema import Kind
from service.domain.consent import Consent, Standing, may_refuse, objection_ends
from service.domain.lifecycle import UNCONFIRMED, State
from service.domain.media_type import KNOWN
from service.usecases import processing, uploads
from service.usecases.list_meetings import get_meeting
from service.usecases.list_recordings import list_recordings
from service.usecases.meeting_views import MeetingView, ParticipantView
from service.usecases.organisation import consent_terms
from service.usecases.rapport import Rapport
from service.usecases.templates import read_template
from service.web.bodies.fields import IdPath
from service.web.deps import RapportDep
from service.web.pages.visitor import Visitor, VisitorDep
from service.web.templating import texts

router = APIRouter(include_in_schema=False)

STEPS = ("probe", "listen", "window", "assemble", "draft")
"""Of a recording, as jobs/progress names them; a transcript has the last one only."""


@router.get("/meetings/{meeting_id}")
def meeting(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """Where the visitor finds what there is of it."""
    view = get_meeting(rapport, visitor.actor, meeting_id)
    state = State(view.meeting.state)
    if state is State.erased:
        return visitor.page("meetings/erased.html", "meetings", view=view)
    if state not in UNCONFIRMED:
        return RedirectResponse(f"/meetings/{meeting_id}/minutes", 303)
    if view.meeting.manager_id != visitor.actor.person_id:
        return _own_consent(visitor, rapport, view)
    if state is State.drafted:
        return RedirectResponse(f"/meetings/{meeting_id}/review", 303)
    return _planned(visitor, rapport, view) if state is State.planned else _under_way(visitor, rapport, view)


@router.get("/meetings/{meeting_id}/consent")
def consent(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """The visitor's own consent to the recording, in whatever state the meeting is."""
    return _own_consent(visitor, rapport, get_meeting(rapport, visitor.actor, meeting_id))


@router.get("/meetings/{meeting_id}/progress")
def progress(visitor: VisitorDep, rapport: RapportDep, meeting_id: IdPath) -> Response:
    """Part of the page of a meeting that is under way."""
    view = get_meeting(rapport, visitor.actor, meeting_id)
    told = processing.progress(rapport, visitor.actor, meeting_id)
    return visitor.page("meetings/progress.html", "meetings", **_progress(view, told))


def _planned(visitor: Visitor, rapport: Rapport, view: MeetingView) -> Response:
    """Consent that is missing, else the ways to a draft."""
    kind, language = cast("Kind", view.meeting.kind), visitor.actor.language
    return visitor.page(
        "meetings/planned.html",
        "meetings",
        view=view,
        missing=[one for one in view.participants if one.consent not in (Standing.given, Standing.attested)],
        recordings=list_recordings(rapport, visitor.actor, view.meeting.id),
        limits=uploads.limits(rapport, visitor.actor),
        terms=consent_terms(rapport, visitor.actor),
        agenda=read_template(rapport, visitor.actor, kind, language).template.agenda,
        forms=KNOWN,
    )


def _under_way(visitor: Visitor, rapport: Rapport, view: MeetingView) -> Response:
    told = processing.progress(rapport, visitor.actor, view.meeting.id)
    return visitor.page("meetings/under_way.html", "meetings", **_progress(view, told))


def _progress(view: MeetingView, told: processing.Progress) -> dict[str, object]:
    reason = f"progress.reason_{told.reason or view.meeting.reason}"
    return {
        "view": view,
        "told": told,
        "steps": STEPS if view.meeting.transcript_id is None else STEPS[-1:],
        "reason": reason if reason in texts().table else "progress.reason_other",
        "code": told.reason or view.meeting.reason,
    }


def _own_consent(visitor: Visitor, rapport: Rapport, view: MeetingView) -> Response:
    mine = next((one for one in view.participants if one.person_id == visitor.actor.person_id), None)
    own = None if mine is None else _consent(mine)
    return visitor.page(
        "meetings/consent.html",
        "meetings",
        view=view,
        manager=next((one.name for one in view.participants if one.role == "manager"), ""),
        mine=mine,
        until=own and objection_ends(own),
        may_object=own is not None and may_refuse(own, rapport.database.clock()) == "object",
        terms=consent_terms(rapport, visitor.actor),
    )


def _consent(mine: ParticipantView) -> Consent | None:
    """As the rules take it."""
    if mine.consent is None:
        return None
    return Consent(mine.pid, Standing(mine.consent), at=mine.consent_at, told_at=mine.told_at)
