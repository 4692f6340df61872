"""What the manager accepts of the recommendations becomes the development plan of the draft, to be reviewed.

The plan is kept as it was made, so that what is confirmed is what was displayed, whatever becomes of the
catalogue meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.development import Profile
from models.parsing import build, document
from models.schema import Language, Recommendation, SkillGap
from models.stages.grow import grow
from service.db.tables import ItemDecision, Meeting, Participant
from service.db.unit_of_work import Work
from service.domain.edits import Item, Verdict
from service.domain.plan import with_own_steps
from service.jobs.known import known_of, profiles
from service.usecases.catalogue import resources_named
from service.usecases.meeting_documents import PLAN, MeetingDocuments


@dataclass(frozen=True, slots=True)
class _Talk:
    """What a plan is made of (models/stages/grow.Talk)."""

    id: str
    transcript_rev: int
    minutes_language: Language
    date: str
    skill_gaps: tuple[SkillGap, ...]


def renewed_plan(
    documents: MeetingDocuments,
    work: Work,
    draft: Mapping[str, Any],
    before: list[Item],
    touched: Collection[str],
) -> list[Item]:
    """The plan, made anew where decisions `touched` a gap or a recommendation."""
    sources = {item["id"] for group in ("skill_gaps", "recommendations") for item in draft[group]}
    if not sources & set(touched):
        return before
    old = documents.newest(PLAN)
    entries = list(_entries(documents, work, draft))
    documents.add(PLAN, {"entries": entries})
    if old is not None:
        documents.discard(old)
    return entries


def read_plan(documents: MeetingDocuments) -> list[Item]:
    """The plan as it was made last; none where nothing was ever accepted."""
    kept = documents.newest(PLAN)
    entries: list[Item] = documents.read(kept)["entries"] if kept else []
    return entries


def _entries(documents: MeetingDocuments, work: Work, draft: Mapping[str, Any]) -> Iterator[Item]:
    """Entries of each person, in the order of the draft."""
    meeting = documents.meeting
    gaps, accepted = _accepted(work, meeting, draft)
    resources = resources_named(work, {one.resource for one in accepted})
    leads = select(Participant.pid).filter_by(meeting_id=meeting.id, person_id=meeting.manager_id)
    manager = work.session.scalar(leads)
    known = profiles(documents.rapport.documents, known_of(work, meeting))
    for person in dict.fromkeys(gap.person for gap in gaps):
        own = tuple(gap for gap in gaps if gap.person == person)
        talk = _Talk(
            meeting.id, draft["transcript_rev"], draft["minutes_language"], meeting.held_on.isoformat(), own
        )
        chosen = [one for one in accepted if one.gap in {gap.id for gap in own}]
        profile = build(Profile, known.get(person, {}))
        made = grow(talk, chosen, resources, profile, meeting.held_on, manager=manager)
        if made is not None:
            entries = with_own_steps([document(entry) for entry in made.plan])
            yield from ({**entry, "person": person, "on": made.on} for entry in entries)


def _accepted(
    work: Work, meeting: Meeting, draft: Mapping[str, Any]
) -> tuple[list[SkillGap], list[Recommendation]]:
    """Gaps that were not rejected, and what was accepted for them."""
    rows = select(ItemDecision.item, ItemDecision.verdict).filter_by(meeting_id=meeting.id)
    verdicts = {row.item: row.verdict for row in work.session.execute(rows)}
    gaps = [
        build(SkillGap, item) for item in draft["skill_gaps"] if verdicts.get(item["id"]) != Verdict.reject
    ]
    known = {gap.id for gap in gaps}
    accepted = [
        build(Recommendation, item)
        for item in draft["recommendations"]
        if item["gap"] in known and verdicts.get(item["id"]) == Verdict.accept
    ]
    return gaps, accepted
