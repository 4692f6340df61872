"""One-time links: to join, and to read and answer minutes without an account."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service.domain.acknowledgement import Reply
from service.usecases import answer_by_link, invitations
from service.web.bodies.fields import IdPath
from service.web.bodies.invitations import Answered, Link, LinkAnswer, LinkMinutes
from service.web.deps import ActorDep, RapportDep, TriesDep

router = APIRouter(prefix="/api/v1", tags=["invitations"])


@router.post("/people/{person_id}/invitation", status_code=204, operation_id="invite_person")
def invite(rapport: RapportDep, actor: ActorDep, person_id: IdPath) -> None:
    """Sends a person a new link to join; an older one works no more. For administrators."""
    invitations.invite_person(rapport, actor, person_id)


@router.post("/invitations/minutes", operation_id="read_minutes_by_link")
def read(request: Request, rapport: RapportDep, tries: TriesDep, body: Link) -> LinkMinutes:
    """The minutes that the link asks an answer to. Reading does not use the link up."""
    with tries.counted(request):
        meeting_id, found = answer_by_link.read_by_link(rapport, body.link)
    return LinkMinutes(meeting=meeting_id, sha256=found.sha256, minutes=found.minutes)


@router.post("/invitations/answer", operation_id="answer_by_link")
def answer(request: Request, rapport: RapportDep, tries: TriesDep, body: LinkAnswer) -> Answered:
    """Acknowledges or disputes that version. The link then works no more."""
    given = (body.link, Reply(body.reply), body.sha256, body.items, body.comment)
    with tries.counted(request):
        meeting = answer_by_link.answer_by_link(rapport, *given)
    return Answered(meeting=meeting.id, state=meeting.state)
