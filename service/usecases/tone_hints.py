"""Hints on tone are the manager's for a while, who may dismiss them: then only how many held stays."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import Document, Meeting
from service.db.unit_of_work import Work
from service.domain.errors import WrongState
from service.domain.lifecycle import Event, State
from service.domain.policy import Action, Thing
from service.domain.tone_flags import Dismissal, dismissed, standing
from service.usecases.access import find_meeting
from service.usecases.actor import Actor
from service.usecases.meeting_documents import DRAFT, MeetingDocuments, require_revision, sweep
from service.usecases.rapport import Rapport


def dismiss(
    rapport: Rapport, actor: Actor, meeting_id: str, revision: int, flag: str, reason: Dismissal | None
) -> Meeting:
    """Says why a hint does not hold; None takes that back.

    Raises NotFound, NotAllowed, VersionChanged, WrongState, NotValid.
    """
    with rapport.database.write(actor.organisation_id) as work:
        meeting = find_meeting(work, actor, meeting_id, Action.decide, Thing.draft, lock=True)
        require_revision(meeting, revision)
        if meeting.state != State.drafted or meeting.draft_id is None:
            raise WrongState("wrong_state", state=State(meeting.state), event=Event.confirm)
        documents = MeetingDocuments(rapport, work, meeting)
        old = documents.of(meeting.draft_id)
        draft = documents.read(old)
        made = {**draft, "tone_flags": dismissed(draft["tone_flags"], flag, reason)}
        meeting.draft_id = documents.add(DRAFT, made, old.created_at).id
        documents.discard(old)
        meeting.revision += 1
        work.audit(actor.person_id, "decide", "draft", meeting.id, {"count": 1})
    sweep(rapport, meeting)
    return meeting


def forget_tone(documents: MeetingDocuments, work: Work) -> bool:
    """Replaces every draft by one without flags and rewordings; `tone_counts` has their number by label.

    False where there was nothing to forget.
    """
    meeting = documents.meeting
    newest = documents.of(meeting.draft_id)
    draft = documents.read(newest)
    labels = [flag["label"] for flag in standing(draft["tone_flags"])]
    old = list(work.session.scalars(select(Document).filter_by(meeting_id=meeting.id, kind=DRAFT)))
    if not draft["tone_flags"] and len(old) == 1:
        return False
    before = draft.get("tone_counts", {})
    counts = {label: before.get(label, 0) + labels.count(label) for label in sorted({*labels, *before})}
    made = {**draft, "tone_flags": [], "tone_counts": counts}
    meeting.draft_id = documents.add(DRAFT, made, newest.created_at).id
    documents.discard(*old)
    return True
