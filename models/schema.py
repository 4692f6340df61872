"""The values that stages hand to each other, and the two documents they end in, with the documents' names.

Times are seconds from the start of the recording, dates ISO strings, confidences and scores 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Language = Literal["en", "zh"]
Role = Literal["manager", "employee", "hr", "mentor", "other", "unknown"]
Kind = Literal["check_in", "review", "goal_setting", "improvement", "deviation", "career", "other"]
PointKind = Literal["highlight", "obstacle", "support", "goal", "rating", "open_question"]
ToneLabel = Literal["critical", "defensive"]
Recurrence = Literal["daily", "weekly", "biweekly", "monthly", "quarterly", "per_event"]
FollowUpStatus = Literal["mentioned", "done", "moved", "forgotten"]
TRANSCRIPT_SCHEMA = "rapport.transcript/1"
DRAFT_SCHEMA = "rapport.draft/1"
ACTS = (
    *("recognition", "improvement_feedback", "open_question", "commitment", "agreement", "proposal"),
    *("goal", "obstacle", "support_offer", "empathy", "data_reference"),
)
"""Dialogue acts of LABELS.md, in the order of the reader's columns."""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word (English) or character run (Mandarin) with its time and probability."""

    w: str
    start_s: float
    end_s: float
    p: float = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says until somebody else speaks. `i` is an identity, never renumbered."""

    i: int
    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """A person in the meeting; `id` is what turns and owners refer to."""

    id: str
    role: Role = "unknown"
    name: str = ""
    aliases: tuple[str, ...] = ()
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class StepProvenance:
    """Which engine made a part of a document. `host` is set when the model is not on this machine."""

    engine: str
    model: str | None = None
    revision: str | None = None
    host: str | None = None
    prompt_sha256: str | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """`rapport.transcript/1`. Turns are in time order."""

    id: str
    language: Literal["en", "zh", "mixed"]
    date: str
    participants: tuple[Participant, ...]
    turns: tuple[Turn, ...]
    schema: str = TRANSCRIPT_SCHEMA
    rev: int = 1
    started_at: str | None = None
    tz: str | None = None
    kind: Kind = "other"
    duration_s: float | None = None
    uncovered_speech_s: float = 0.0
    provenance: dict[str, StepProvenance] = field(default_factory=dict)

    def participant(self, pid: str) -> Participant | None:
        """The participant with this id, or None."""
        return next((p for p in self.participants if p.id == pid), None)

    def turn(self, i: int) -> Turn | None:
        """The turn with this identity, or None."""
        return next((t for t in self.turns if t.i == i), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was said: `quote` is an exact substring of that turn's text."""

    turn: int
    quote: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stage of the conversation, turn identities inclusive."""

    name: str
    from_turn: int
    to_turn: int


@dataclass(frozen=True, slots=True)
class Point:
    """A highlight, obstacle, support, goal, rating or open question worth keeping."""

    id: str
    kind: PointKind
    text: str
    person: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """An accepted decision, target or norm that is not a task."""

    id: str
    text: str
    evidence: tuple[Evidence, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class ActionItem:
    """A task that its owner accepted and that still stands at the end."""

    id: str
    task: str
    owner: str | None
    evidence: tuple[Evidence, ...]
    confidence: float
    owner_reason: str | None = None
    due: str | None = None
    due_text: str | None = None
    due_rule: str | None = None
    recurrence: Recurrence | None = None


@dataclass(frozen=True, slots=True)
class SkillGap:
    """A skill somebody said, or accepted, that they lack."""

    id: str
    skill: str
    person: str
    evidence: tuple[Evidence, ...]
    confidence: float
    skill_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A development resource for a gap; it inherits the gap's evidence."""

    id: str
    gap: str
    resource: str
    title: str
    kind: str
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class ToneFlag:
    """A private hint on the wording of a turn, never on a person."""

    id: str
    turn: int
    label: ToneLabel
    score: float
    quote: str
    why: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of an action item of the previous minutes."""

    item: str
    status: FollowUpStatus
    due: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """A feedback-quality indicator: its value (a share of 0 to 1, or a count), its turns, its definition."""

    value: float | None
    evidence: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Talk:
    """How one person took part: share of talking time (or of words) 0..1 and counts."""

    share: float
    turns: int
    longest_turn_s: float | None
    open_questions: int


@dataclass(frozen=True, slots=True)
class Checks:
    """What the machine checks left out, by reason, and speech that no text covers."""

    dropped: dict[str, int] = field(default_factory=dict)
    uncovered_speech_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """`rapport.draft/1`: suggestions for the manager, each with its evidence."""

    id: str
    transcript_rev: int
    language: Literal["en", "zh", "mixed"]
    minutes_language: Language
    date: str
    kind: Kind
    summary: str
    stages: tuple[StageSpan, ...]
    points: tuple[Point, ...]
    agreements: tuple[Agreement, ...]
    action_items: tuple[ActionItem, ...]
    skill_gaps: tuple[SkillGap, ...]
    recommendations: tuple[Recommendation, ...]
    tone_flags: tuple[ToneFlag, ...]
    follow_up: tuple[FollowUp, ...]
    feedback_quality: dict[str, Indicator]
    talk: dict[str, Talk]
    checks: Checks
    provenance: dict[str, StepProvenance]
    schema: str = DRAFT_SCHEMA


@dataclass(frozen=True, slots=True)
class TurnLabels:
    """Probabilities 0..1 of a turn by act and tone; `sharpest`: by tone, its likest words with theirs."""

    turn: int
    acts: dict[str, float]
    tone: dict[str, float]
    sharpest: dict[str, tuple[str, float]] = field(default_factory=dict)

    def has(self, act: str, at_least: float = 0.5) -> bool:
        """Whether the act is at least this probable."""
        return self.acts.get(act, 0.0) >= at_least


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One change in the life of a commitment, for `--explain`."""

    turn: int
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """Somebody speaks from `start_s` to `end_s`; `speaker` is s1, s2, ... within this recording."""

    start_s: float
    end_s: float
    speaker: str
