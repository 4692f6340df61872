"""From a labelled transcript to what was agreed: action items, agreements, points, and trails.

Clauses run through the state machine of `commitments`; what stands at the end and is sure enough becomes an
action item in the speakers' own words. Owners, dates and quotes are computed here, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.ports import ClauseReading
from models.schema import ActionItem, Agreement, Point, TrailStep, Transcript, TurnLabels
from models.stages import agreements, confidence, phrasing, read_threads
from models.stages.clauses import Clause, calendar_of, split_clauses
from models.stages.commitments import Dialogue
from models.stages.deadlines import Deadline
from models.stages.evidence import quote_clauses
from models.stages.hints import with_moves
from models.stages.owners import Owner, People
from models.stages.points import find_points
from models.stages.read_threads import ReadThread, leaning
from models.stages.threads import STANDING, Thread
from models.wording import Wording

WORDING = Wording.beside(__file__, "trails.toml")
BELIEVED = 0.5
"""Share of what the reader hears about who is to act that an owner by the rules must have."""


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
    """A dialogue as followed: clauses by turn, the rules' threads in the order they were opened, the threads
    the reader heard by itself, and how each clause reads (empty without a reader).
    """

    turns: Sequence[Sequence[Clause]]
    threads: Sequence[Thread]
    read: Sequence[ReadThread]
    readings: confidence.Readings
    people: People

    def owner_of(self, thread: Thread) -> Owner:
        """The owner by the rules, unless the reader hears more about somebody else: then nobody."""
        if not self.readings or thread.owner.person is None:
            return thread.owner
        said = [(c, self.readings[confidence.place(c)]) for c in (*thread.what, *thread.replies)]
        heard = leaning(said, self.people, self.turns).get(thread.owner.person, 0.0)
        return thread.owner if heard >= BELIEVED else Owner(None, "owner_doubtful")

    def alone(self, items: Sequence[ActionItem]) -> list[ReadThread]:
        """Threads that only the reader heard and is sure of, none about a turn of an item or of another."""
        covered = {said.turn for item in items for said in item.evidence}
        found = []
        for thread in sorted(self.read, key=confidence.of_read_thread, reverse=True):
            turns = {clause.turn for clause in thread.standing()}
            if confidence.of_read_thread(thread) >= confidence.SHOWN_ALONE and not turns & covered:
                found.append(thread)
                covered |= turns
        return sorted(found, key=lambda thread: thread.said[0][0].position)


def extract(
    transcript: Transcript,
    labels: Sequence[TurnLabels],
    minutes_language: str,
    readings: Sequence[ClauseReading] = (),
) -> Extraction:
    """Agreements, action items and points of a transcript.

    `labels` is one TurnLabels a turn (from `acts.label_turns`), `readings` one ClauseReading a clause where a
    reader read the talk; wording of trails and reasons is in `minutes_language`, everything else stays in the
    language it was said in.
    """
    heard = hear(transcript, readings)
    dropped: Counter[str] = Counter()
    items: list[ActionItem] = []
    trails: dict[str, tuple[TrailStep, ...]] = {}
    kept: list[Thread] = []
    for thread in heard.threads:
        if thread.state not in STANDING:
            dropped[thread.state.value] += 1
            continue
        sure = confidence.of_thread(thread, len(heard.turns), heard.readings)
        thread.owner = heard.owner_of(thread)
        item = action_item(f"a{len(items) + 1}", thread, transcript, sure, minutes_language)
        if sure < confidence.SHOWN or not item.evidence or not item.task:
            dropped["low_confidence"] += 1
            continue
        items.append(item)
        kept.append(thread)
        trails[item.id] = _trail(thread.trail, transcript, minutes_language)
    for alone in heard.alone(items):
        item = read_item(f"a{len(items) + 1}", alone, heard, transcript, minutes_language)
        if item.task and item.evidence:
            items.append(item)
            trails[item.id] = _trail(alone.trail, transcript, minutes_language)
    agreed = _agreements(heard.turns, kept, transcript)
    by_turn = {label.turn: label for label in labels}
    points = find_points(heard.turns, by_turn, transcript, {c.turn for t in kept for c in t.what})
    return Extraction(agreed, tuple(items), points, trails, dict(dropped))


def hear(transcript: Transcript, readings: Sequence[ClauseReading] = ()) -> Heard:
    """Follow the whole dialogue: its clauses, and every thread that was ever opened."""
    turns = split_clauses(transcript.turns, calendar_of(transcript))
    flat = [clause for clauses in turns for clause in clauses]
    alone = read_threads.follow(flat, readings) if readings else []
    by_place = {confidence.place(c): r for c, r in zip(flat, readings, strict=True)} if readings else {}
    if readings:
        turns = [[with_moves(c, by_place[confidence.place(c)]) for c in clauses] for clauses in turns]
    people = People(transcript.participants)
    dialogue = Dialogue(people, turns)
    for clauses in turns:
        dialogue.hear(clauses)
    return Heard(turns, sorted(dialogue.threads, key=lambda t: t.opened), alone, by_place, people)


def action_item(
    number: str, thread: Thread, transcript: Transcript, sure: float, language: str
) -> ActionItem:
    """The item a thread amounts to; `sure` is its confidence, 0..1, lowered when the owner is in doubt."""
    said = [*thread.what, *thread.replies, *([thread.dated] if thread.dated else [])]
    last = [*thread.what[:2], *([thread.dated] if thread.dated else []), *thread.replies[-1:]]
    evidence = quote_clauses(said, transcript, last)
    reason, sure = _doubt(thread.owner, sure, language)
    item = ActionItem(
        number, phrasing.task(thread.what), thread.owner.person, evidence, round(sure, 2), reason
    )
    return item if thread.date is None else _with_date(item, thread.date, transcript)


def read_item(
    number: str, thread: ReadThread, heard: Heard, transcript: Transcript, language: str
) -> ActionItem:
    """The item that a thread which only the reader heard amounts to."""
    standing, dated = thread.standing(), thread.dated()
    evidence = quote_clauses([*standing, *([dated[0]] if dated else [])], transcript, standing[:2])
    owner = thread.owner(heard.people, heard.turns)
    reason, sure = _doubt(owner, confidence.of_read_thread(thread), language)
    item = ActionItem(number, phrasing.task(standing), owner.person, evidence, round(sure, 2), reason)
    return _with_date(item, dated[1], transcript) if dated else item


def _doubt(owner: Owner, sure: float, language: str) -> tuple[str | None, float]:
    """Why there is no owner, None where there is one, and the confidence, lower without."""
    if owner.person is not None:
        return None, sure
    reason = WORDING.say(owner.reason or "addressee_doubtful", language)
    return reason, min(sure, confidence.DOUBTFUL)


def _with_date(item: ActionItem, date: Deadline, transcript: Transcript) -> ActionItem:
    return replace(
        item,
        due=date.due if date.due is None or date.due >= transcript.date else None,
        due_text=date.due_text,
        due_rule=date.rule,
        recurrence=date.recurrence,
    )


def _trail(trail: Sequence[TrailStep], transcript: Transcript, language: str) -> tuple[TrailStep, ...]:
    speakers = {turn.i: turn.speaker for turn in transcript.turns}
    steps = []
    for step in trail:
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
