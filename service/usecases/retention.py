"""Erases what was kept long enough, as the organisation's terms say (domain/retention)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from service.db.tables import Acknowledgement, Document, Meeting, MinutesVersion, Organisation, Recording
from service.db.unit_of_work import Work
from service.domain.acknowledgement import outcome
from service.domain.errors import DomainError
from service.domain.lifecycle import State
from service.domain.retention import Kept, MeetingFacts, Policy, Rules, due
from service.usecases.answer import answers_of, employees_of
from service.usecases.erase import MACHINE, What, carry_out, resume
from service.usecases.holds import is_held
from service.usecases.meeting_documents import DRAFT, MeetingDocuments, sweep
from service.usecases.rapport import Rapport
from service.usecases.tone_hints import forget_tone

_ALIVE = tuple(state for state in State if state not in {State.planned, State.processing, State.erased})


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """From how many meetings something was erased, and how many erasures were carried on."""

    erased: int
    resumed: int


def run_retention(rapport: Rapport) -> RetentionRun:
    """Over all organisations; the schedule calls it. One meeting's refusal does not stop the others."""
    resumed = resume(rapport)
    sweep(rapport)
    with rapport.database.read() as work:
        found = work.session.execute(
            select(Meeting.organisation_id, Meeting.id).where(Meeting.state.in_(_ALIVE))
        )
        meetings = [(organisation_id, meeting_id) for organisation_id, meeting_id in found]
    erased = sum(_erase_due(rapport, *one) for one in meetings)
    sweep(rapport)
    return RetentionRun(erased, resumed)


def rules_of(settings: Mapping[str, Any]) -> Rules:
    """The organisation's terms: {"retention": {"default": {...}, "by_kind": {...}}}. Raises NotValid."""
    chosen = settings.get("retention", {})
    by_kind = {kind: Policy(**terms) for kind, terms in chosen.get("by_kind", {}).items()}
    return Rules(Policy(**chosen.get("default", {})), by_kind)


def policy_of(work: Work, meeting: Meeting) -> Policy:
    """The terms that count for a meeting."""
    organisation = work.session.get_one(Organisation, meeting.organisation_id)
    return rules_of(organisation.settings).of(meeting.kind)  # type: ignore[arg-type]


def _erase_due(rapport: Rapport, organisation_id: str, meeting_id: str) -> bool:
    with rapport.database.read(organisation_id) as work:
        meeting = work.one(Meeting, meeting_id)
        policy = policy_of(work, meeting)
        over = due(kept_facts(work, meeting), policy, work.now)
    what = _what(over, meeting)
    try:
        if what is not None:
            carry_out(rapport, organisation_id, meeting_id, what)
        elif Kept.tone_flags in over:
            return _forget_hints(rapport, organisation_id, meeting_id)
        else:
            return False
    except DomainError:  # held, or changed meanwhile: the next run looks again
        return False
    return True


def _what(over: frozenset[Kept], meeting: Meeting) -> What | None:
    """What was never confirmed goes as a whole, but for the sound of a draft; minutes go last of all."""
    alone = {Kept.audio} if meeting.state == State.drafted else set()
    if Kept.minutes in over or (meeting.version == 0 and over - alone - {Kept.tone_flags}):
        return "all"
    if over & {Kept.transcript, Kept.draft}:
        return "transcript"
    return "audio" if Kept.audio in over else None


def kept_facts(work: Work, meeting: Meeting) -> MeetingFacts:
    """What there is of a meeting and since when. `received_at`: of the newest recording, else of it."""
    own = Recording.meeting_id == meeting.id
    received = work.session.scalar(select(func.max(Recording.created_at)).where(own))
    version = work.session.scalar(
        select(MinutesVersion).filter_by(meeting_id=meeting.id, version=meeting.version)
    )
    return MeetingFacts(
        received_at=received or meeting.created_at,
        drafted_at=_first(work, meeting, DRAFT),
        confirmed_at=version.confirmed_at if version else None,
        acknowledged_at=_acknowledged_at(work, meeting, version),
        present=_present(work, meeting),
        held=is_held(work, meeting.id),
    )


def _acknowledged_at(work: Work, meeting: Meeting, version: MinutesVersion | None) -> datetime | None:
    if version is None:
        return None
    reached = outcome(employees_of(work, meeting), answers_of(work, meeting), version.sha256)
    if reached is not State.acknowledged:
        return None
    rows = select(func.max(Acknowledgement.at)).filter_by(meeting_id=meeting.id, version=meeting.version)
    return work.session.scalar(rows)


def _first(work: Work, meeting: Meeting, kind: str) -> datetime | None:
    made = select(func.min(Document.created_at)).filter_by(meeting_id=meeting.id, kind=kind)
    return work.session.scalar(made)


def _present(work: Work, meeting: Meeting) -> frozenset[Kept]:
    found = set()
    if meeting.audio_erased_at is None and _has_sound(work, meeting):
        found.add(Kept.audio)
    if meeting.key_id is not None and meeting.transcript_id is not None:
        found.add(Kept.transcript)
    if meeting.draft_id is not None:
        found.add(Kept.draft)
        if meeting.version == 0:
            found.add(Kept.tone_flags)
    if meeting.version > 0:
        found.add(Kept.minutes)
    return frozenset(found)


def _has_sound(work: Work, meeting: Meeting) -> bool:
    own = select(Recording.id).where(Recording.meeting_id == meeting.id, Recording.state != "erased")
    return work.session.scalar(own.limit(1)) is not None


def _forget_hints(rapport: Rapport, organisation_id: str, meeting_id: str) -> bool:
    with rapport.database.write(organisation_id) as work:
        meeting = work.one(Meeting, meeting_id, lock=True)
        if meeting.draft_id is None or meeting.version > 0:
            return False
        forgotten = forget_tone(MeetingDocuments(rapport, work, meeting), work)
        if forgotten:
            work.audit(MACHINE, "forget_tone", "draft", meeting.id)
        return forgotten
