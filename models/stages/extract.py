"""From a labelled transcript to what was agreed: action items, agreements, points, and trails.

Clauses run through the state machine of `commitments`; what stands at the end and is sure enough becomes an
action item in the speakers' own words. Owners, dates and quotes are computed here, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from models.schema import ActionItem, Agreement, Point, TrailStep, Transcript, TurnLabels
from models.stages import agreements, confidence, phrasing
from models.stages.acts import cues_alone
from models.stages.clauses import Clause, split_clauses
from models.stages.commitments import Dialogue
from models.stages.deadlines import Calendar
from models.stages.evidence import quote_clauses
from models.stages.hints import with_acts
from models.stages.owners import People
from models.stages.points import find_points
from models.stages.threads import STANDING, Thread
from models.wording import Wording

WORDING = Wording.beside(__file__, "trails.toml")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the minutes hold; `trails` explain the items, `dropped` counts what was left out, by reason."""

    agreements: tuple[Agreement, ...] = ()
    action_items: tuple[ActionItem, ...] = ()
    points: tuple[Point, ...] = ()
    trails: dict[str, tuple[TrailStep, ...]] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """A dialogue as read: clauses by turn, threads in the order they were opened, a classifier's labels."""

    turns: Sequence[Sequence[Clause]]
    threads: Sequence[Thread]
    classified: Mapping[int, TurnLabels] | None


def extract(
    transcript: Transcript,
    labels: Sequence[TurnLabels],
    minutes_language: str,
    country: str | None = None,
) -> Extraction:
    """Agreements, action items and points of a transcript.

    `labels` is one TurnLabels a turn (from `acts.label_turns`); wording of trails and reasons is in
    `minutes_language`, everything else stays in the language it was said in.
    """
    heard = hear(transcript, labels, country)
    dropped: Counter[str] = Counter()
    items: list[ActionItem] = []
    trails: dict[str, tuple[TrailStep, ...]] = {}
    kept: list[Thread] = []
    for thread in heard.threads:
        if thread.state not in STANDING:
            dropped[thread.state.value] += 1
            continue
        sure = confidence.confidence(confidence.signs(thread, len(heard.turns), heard.classified))
        item = action_item(f"a{len(items) + 1}", thread, transcript, sure, minutes_language)
        if sure < confidence.SHOWN or not item.evidence or not item.task:
            dropped["low_confidence"] += 1
            continue
        items.append(item)
        kept.append(thread)
        trails[item.id] = _trail(thread, transcript, minutes_language)
    agreed = _agreements(heard.turns, kept, transcript)
    by_turn = {label.turn: label for label in labels}
    points = find_points(heard.turns, by_turn, transcript, {c.turn for t in kept for c in t.what})
    return Extraction(agreed, tuple(items), points, trails, dict(dropped))


def hear(transcript: Transcript, labels: Sequence[TurnLabels], country: str | None = None) -> Heard:
    """Read the whole dialogue: its clauses, and every thread that was ever opened."""
    calendar = Calendar(date.fromisoformat(transcript.date), country, None)
    turns = split_clauses(transcript.turns, calendar)
    classified = None if cues_alone(labels) else {label.turn: label for label in labels}
    if classified is not None:
        turns = [with_acts(clauses, classified) for clauses in turns]
    dialogue = Dialogue(People(transcript.participants), turns)
    for clauses in turns:
        dialogue.hear(clauses)
    return Heard(turns, sorted(dialogue.threads, key=lambda t: t.opened), classified)


def action_item(
    number: str, thread: Thread, transcript: Transcript, sure: float, language: str
) -> ActionItem:
    """The item a thread amounts to; `sure` is its confidence, 0..1, lowered when the owner is in doubt."""
    said = [*thread.what, *thread.replies, *([thread.dated] if thread.dated else [])]
    last = [*thread.what[:2], *([thread.dated] if thread.dated else []), *thread.replies[-1:]]
    evidence = quote_clauses(said, transcript, last)
    owner = thread.owner.person
    reason = None
    if owner is None:
        reason = WORDING.say(thread.owner.reason or "addressee_doubtful", language)
        sure = min(sure, confidence.DOUBTFUL)
    item = ActionItem(number, phrasing.task(thread.what), owner, evidence, round(sure, 2), reason)
    if thread.date is None:
        return item
    due = thread.date.due if thread.date.due is None or thread.date.due >= transcript.date else None
    return replace(
        item,
        due=due,
        due_text=thread.date.due_text,
        due_rule=thread.date.rule,
        recurrence=thread.date.recurrence,
    )


def _trail(thread: Thread, transcript: Transcript, language: str) -> tuple[TrailStep, ...]:
    speakers = {turn.i: turn.speaker for turn in transcript.turns}
    steps = []
    for step in thread.trail:
        person = transcript.participant(speakers[step.turn])
        name = person.name if person and person.name else speakers[step.turn]
        steps.append(replace(step, why=WORDING.say(step.why, language, speaker=name)))
    return tuple(steps)


def _agreements(
    turns: Sequence[Sequence[Clause]], kept: Sequence[Thread], transcript: Transcript
) -> tuple[Agreement, ...]:
    taken = frozenset((c.position, c.start) for thread in kept for c in thread.what)
    found: list[Agreement] = []
    for decision in agreements.find(turns, taken):
        evidence = quote_clauses([*decision.what, *decision.replies], transcript)
        text = agreements.wording(decision)
        if evidence and text:
            found.append(
                Agreement(f"g{len(found) + 1}", text, evidence, round(min(decision.strength, 0.95), 2))
            )
    return tuple(found)
