"""The draft document, after the checks a machine can make: what fails is dropped and counted, never shown.

Quotes are exact and at most six an item, people known, dates not before the meeting, scores within 0..1, and
a recommendation belongs to a gap that is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from models.schema import (
    ActionItem,
    Agreement,
    Checks,
    Draft,
    Evidence,
    FollowUp,
    Indicator,
    Language,
    Point,
    Recommendation,
    SkillGap,
    StageSpan,
    StepProvenance,
    Talk,
    ToneFlag,
    Transcript,
)
from models.stages.evidence import MOST

if TYPE_CHECKING:
    from models.stages.extract import Extraction

Item = TypeVar("Item", Point, Agreement, ActionItem, SkillGap)


def assemble(
    transcript: Transcript,
    minutes_language: Language,
    extraction: Extraction,
    gaps: Sequence[SkillGap],
    recommendations: Sequence[Recommendation],
    flags: Sequence[ToneFlag],
    indicators: Mapping[str, Indicator],
    talk: Mapping[str, Talk],
    follow_up: Sequence[FollowUp],
    stages: Sequence[StageSpan],
    summary: str,
    provenance: Mapping[str, StepProvenance],
) -> Draft:
    """Assemble `rapport.draft/1` of what passes the checks; `checks.dropped` counts the rest by reason."""
    dropped: Counter[str] = Counter(extraction.dropped)
    kept_gaps = _kept(gaps, transcript, dropped)
    known_gaps = {gap.id for gap in kept_gaps}
    return Draft(
        id=transcript.id,
        transcript_rev=transcript.rev,
        language=transcript.language,
        minutes_language=minutes_language,
        date=transcript.date,
        kind=transcript.kind,
        summary=summary,
        stages=tuple(stages),
        points=_kept(extraction.points, transcript, dropped),
        agreements=_kept(extraction.agreements, transcript, dropped),
        action_items=_kept(extraction.action_items, transcript, dropped),
        skill_gaps=kept_gaps,
        recommendations=_recommended(recommendations, known_gaps, dropped),
        tone_flags=_flagged(flags, transcript, dropped),
        follow_up=tuple(f for f in follow_up if _counted(_quote_fault(f.evidence, transcript), dropped)),
        feedback_quality=dict(indicators),
        talk=dict(talk),
        checks=Checks(dict(dropped), transcript.uncovered_speech_s),
        provenance=dict(provenance),
    )


def _kept(items: Sequence[Item], transcript: Transcript, dropped: Counter[str]) -> tuple[Item, ...]:
    return tuple(item for item in items if _counted(_fault(item, transcript), dropped))


def _counted(fault: str | None, dropped: Counter[str]) -> bool:
    if fault is not None:
        dropped[fault] += 1
    return fault is None


def _fault(item: Point | Agreement | ActionItem | SkillGap, transcript: Transcript) -> str | None:
    """Why an item may not be shown, or None."""
    if not item.evidence:
        return "no_evidence"
    person = item.owner if isinstance(item, ActionItem) else getattr(item, "person", None)
    if person is not None and transcript.participant(person) is None:
        return "unknown_person"
    if isinstance(item, ActionItem) and item.due is not None and item.due < transcript.date:
        return "due_before_meeting"
    if not 0.0 <= getattr(item, "confidence", 0.0) <= 1.0:
        return "confidence_out_of_range"
    return _quote_fault(item.evidence, transcript)


def _quote_fault(evidence: Sequence[Evidence], transcript: Transcript) -> str | None:
    if len(evidence) > MOST:
        return "too_much_evidence"
    for said in evidence:
        turn = transcript.turn(said.turn)
        if turn is None or not said.quote or said.quote not in turn.text:
            return "quote_not_in_turn"
    return None


def _recommended(
    recommendations: Sequence[Recommendation], gaps: set[str], dropped: Counter[str]
) -> tuple[Recommendation, ...]:
    return tuple(r for r in recommendations if _counted(None if r.gap in gaps else "gap_missing", dropped))


def _flagged(
    flags: Sequence[ToneFlag], transcript: Transcript, dropped: Counter[str]
) -> tuple[ToneFlag, ...]:
    kept = []
    for flag in flags:
        fault = _quote_fault([Evidence(flag.turn, flag.quote)], transcript)
        if fault is None and not 0.0 <= flag.score <= 1.0:
            fault = "confidence_out_of_range"
        if _counted(fault, dropped):
            kept.append(flag)
    return tuple(kept)
