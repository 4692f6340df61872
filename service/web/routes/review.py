"""The manager's desk: transcript, draft, decisions, confirm."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.usecases import (
    confirm,
    decide,
    edit_transcript,
    read_draft,
    read_transcript,
    tone_hints,
    understand_date,
)
from service.web.bodies.fields import IdPath
from service.web.bodies.review import (
    ConfirmBody,
    DecisionsBody,
    DraftBody,
    FlagChange,
    Item,
    PhraseBody,
    Revised,
    TranscriptBody,
    TranscriptChange,
    UnderstoodBody,
    VersionMade,
)
from service.web.deps import ActorDep, RapportDep, RevisionDep, etag

router = APIRouter(prefix="/api/v1/meetings", tags=["review"])


@router.get("/{meeting_id}/transcript", operation_id="read_transcript", response_model=TranscriptBody)
def transcript(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath) -> Response:
    """The transcript; your look at it is in the audit log."""
    read = read_transcript.read_transcript(rapport, actor, meeting_id)
    # As it is stored: reading and writing every word's time anew would take longer than all the rest.
    body = b'{"transcript":' + read.text + b"}"
    return Response(body, headers={"ETag": etag(read.revision)}, media_type="application/json")


@router.patch("/{meeting_id}/transcript", operation_id="edit_transcript")
def correct_transcript(
    rapport: RapportDep,
    actor: ActorDep,
    meeting_id: IdPath,
    revision: RevisionDep,
    body: TranscriptChange,
    response: Response,
) -> Revised:
    """Corrects words, splits turns, says once who a speaker is; the draft follows, and marks what changed."""
    meeting = edit_transcript.edit_transcript(rapport, actor, meeting_id, revision, body.correction())
    response.headers["ETag"] = etag(meeting.revision)
    return Revised(state=meeting.state, revision=meeting.revision)


@router.get("/{meeting_id}/draft", operation_id="read_draft")
def draft(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, response: Response) -> DraftBody:
    """The draft and your decisions so far, for the manager of the meeting alone."""
    read = read_draft.read_draft(rapport, actor, meeting_id)
    response.headers["ETag"] = etag(read.revision)
    return DraftBody.of(read)


@router.post("/{meeting_id}/decisions", operation_id="decide")
def decisions(
    rapport: RapportDep,
    actor: ActorDep,
    meeting_id: IdPath,
    revision: RevisionDep,
    body: DecisionsBody,
    response: Response,
) -> Revised:
    """Accepts, edits or rejects suggestions, adds items of your own, and takes decisions back."""
    meeting = decide.decide(
        rapport, actor, meeting_id, revision, body.choices(), body.added(), body.withdrawn
    )
    response.headers["ETag"] = etag(meeting.revision)
    return Revised(state=meeting.state, revision=meeting.revision)


@router.patch("/{meeting_id}/tone-flags/{flag}", operation_id="dismiss_tone_flag")
def dismiss(
    rapport: RapportDep,
    actor: ActorDep,
    meeting_id: IdPath,
    flag: Item,
    revision: RevisionDep,
    body: FlagChange,
    response: Response,
) -> Revised:
    """Says why a hint on your wording does not hold; those that hold are counted when all of them go."""
    meeting = tone_hints.dismiss(rapport, actor, meeting_id, revision, flag, body.dismissed)
    response.headers["ETag"] = etag(meeting.revision)
    return Revised(state=meeting.state, revision=meeting.revision)


@router.post("/{meeting_id}/dates/understand", operation_id="understand_date")
def understand(rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, body: PhraseBody) -> UnderstoodBody:
    """The day that words such as "next Friday" mean, seen from the day of the meeting; nothing is kept."""
    found = understand_date.understand_date(rapport, actor, meeting_id, body.phrase)
    return UnderstoodBody.model_validate(found)


@router.post("/{meeting_id}/confirm", status_code=201, operation_id="confirm")
def confirm_minutes(
    rapport: RapportDep, actor: ActorDep, meeting_id: IdPath, revision: RevisionDep, body: ConfirmBody
) -> VersionMade:
    """Makes the minutes. One confirm covers displayed items with owner, date and enough confidence."""
    made = confirm.confirm(rapport, actor, meeting_id, revision, body.displayed)
    return VersionMade.model_validate(made)
