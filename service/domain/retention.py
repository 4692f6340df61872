"""How long things are kept, what is to be erased by now, and the legal hold that forbids it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum

from models.schema import Kind
from service.domain.errors import HeldByLaw, NotValid, SecondPersonNeeded

DAYS_MOST = 3_650


class Kept(StrEnum):
    """What is kept of a meeting, each with a term of its own."""

    audio = "audio"
    transcript = "transcript"
    draft = "draft"
    """Suggestions with their quotes, and the decisions on them."""
    tone_flags = "tone_flags"
    minutes = "minutes"


@dataclass(frozen=True, slots=True)
class Policy:
    """Terms in days, 1 to DAYS_MOST. `audio_only`: transcript, draft and minutes are kept without a term."""

    audio_after_acknowledgement_days: int = 30
    audio_days: int = 180
    unconfirmed_draft_days: int = 90
    transcript_days: int = 365
    minutes_days: int = 1_095
    tone_flags_days: int = 30
    audio_only: bool = False

    def __post_init__(self) -> None:
        """Raises NotValid for a term outside its range."""
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name != "audio_only" and (type(value) is not int or not 1 <= value <= DAYS_MOST):
                raise NotValid("bad_days", field=one.name, most=DAYS_MOST)


@dataclass(frozen=True, slots=True)
class Rules:
    """An organisation's policies: one for all kinds of meeting, and others for some."""

    default: Policy = Policy()
    by_kind: Mapping[Kind, Policy] = field(default_factory=dict)

    def of(self, kind: Kind) -> Policy:
        """The policy for that kind of meeting."""
        return self.by_kind.get(kind, self.default)


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What the terms of a meeting are counted from (aware times), what there still is, and the hold.

    `confirmed_at`: of the newest version, None when none was ever confirmed; `acknowledged_at`: when all
    employees had acknowledged that version.
    """

    received_at: datetime
    drafted_at: datetime | None = None
    confirmed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    present: frozenset[Kept] = frozenset(Kept)
    held: bool = False


def due(facts: MeetingFacts, policy: Policy, now: datetime) -> frozenset[Kept]:
    """What is to be erased by now. A legal hold keeps everything."""
    if facts.held:
        return frozenset()
    return frozenset(kept for kept, end in ends(facts, policy).items() if end <= now)


def ends(facts: MeetingFacts, policy: Policy) -> dict[Kept, datetime]:
    """When the term of each thing that there is ends; what has no term is missing. A hold is not counted."""
    terms = _terms(facts, policy)
    if policy.audio_only:
        terms = {kept: end for kept, end in terms.items() if kept in {Kept.audio, Kept.tone_flags}}
    return {kept: end for kept, end in terms.items() if kept in facts.present}


def _terms(facts: MeetingFacts, policy: Policy) -> dict[Kept, datetime]:
    """The moment at which each thing's term ends."""
    received, drafted, confirmed = facts.received_at, facts.drafted_at, facts.confirmed_at
    audio = received + timedelta(days=policy.audio_days)
    if facts.acknowledged_at is not None:
        audio = min(audio, facts.acknowledged_at + timedelta(days=policy.audio_after_acknowledgement_days))
    transcript = received + timedelta(days=policy.transcript_days)
    ends = {Kept.audio: audio, Kept.transcript: transcript}
    if confirmed is not None:
        # The draft's quotes are pieces of the transcript.
        ends |= {Kept.draft: transcript, Kept.tone_flags: confirmed}
        ends[Kept.minutes] = confirmed + timedelta(days=policy.minutes_days)
    elif drafted is not None:
        ends[Kept.draft] = drafted + timedelta(days=policy.unconfirmed_draft_days)
        ends[Kept.tone_flags] = drafted + timedelta(days=policy.tone_flags_days)
    return ends


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Two different people set it, and two lift it. Both sides of the meeting are shown that it is there."""

    asked_by: str
    agreed_by: str
    at: datetime
    lifted_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raises SecondPersonNeeded."""
        require_two(self.asked_by, self.agreed_by)


def require_two(asked_by: str, agreed_by: str) -> None:
    """Raises SecondPersonNeeded unless both are given and differ."""
    if not asked_by or not agreed_by or asked_by == agreed_by:
        raise SecondPersonNeeded("second_person_needed")


def require_erasable(held: bool) -> None:
    """Raises HeldByLaw."""
    if held:
        raise HeldByLaw("held_by_law")
