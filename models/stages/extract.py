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
from models.stages import agreements, confidence, decisions, phrasing, read_threads, tasks
from models.stages.clauses import Clause
from models.stages.clauses import of as clauses_of
from models.stages.commitments import Dialogue
from models.stages.deadlines import Deadline
from models.stages.due_choice import Dates
from models.stages.evidence import quote_clauses
from models.stages.hints import with_moves
from models.stages.owner_choice import Owners
from models.stages.owners import Owner, People
from models.stages.points import find_points
from models.stages.read_threads import ReadThread
from models.stages.tasks import Task
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
    """A dialogue as followed: clauses by turn, the rules' threads in the order they were opened, the threads
    the reader heard by itself, and how each clause reads (empty without a reader).
    """

    turns: Sequence[Sequence[Clause]]
    threads: Sequence[Thread]
    read: Sequence[ReadThread]
    readings: confidence.Readings

    @property
    def clauses(self) -> list[Clause]:
        """All clauses, in order."""
        return [clause for clauses in self.turns for clause in clauses]

    def standing(self) -> list[Task]:
        """What the rules hear agreed at the end, however unsure."""
        return [
            tasks.of_thread(t, confidence.of_thread(t, len(self.turns), self.readings))
            for t in self.threads if t.state in STANDING
        ]  # fmt: skip

    def alone(self, known: Sequence[Task]) -> list[Task]:
        """What only the reader heard and is sure of, nothing about a turn of a known task or of another."""
        covered = {clause.turn for task in known for clause in task.quoted}
        found = []
        for thread in sorted(self.read, key=confidence.of_read_thread, reverse=True):
            sure = confidence.of_read_thread(thread)
            turns = {clause.turn for clause in thread.standing()}
            if sure >= confidence.SHOWN_ALONE and not turns & covered:
                found.append(tasks.of_read_thread(thread, sure))
                covered |= turns
        return sorted(found, key=lambda task: task.what[0].position)

    def shown(self) -> tuple[list[Task], list[Task]]:
        """The tasks that are sure enough: those of the rules, and those that only the reader heard."""
        sure = [task for task in self.standing() if task.sure >= confidence.SHOWN]
        return sure, self.alone(sure)

    def settled(self, known: Sequence[Task], transcript: Transcript) -> list[Task]:
        """The tasks with owner and date as weighed; as the rules have them without a reader."""
        if not self.readings:
            return list(known)
        clauses = self.clauses
        owners = Owners(transcript, clauses, self.readings)
        dates = Dates(clauses, self.readings, known, transcript.date)
        owned = [(task, owners.choose(task)) for task in known]
        return [task.settled(owner, dates.choose(task, owner)) for task, owner in owned]


def extract(
    transcript: Transcript,
    labels: Sequence[TurnLabels],
    minutes_language: str,
    readings: Sequence[ClauseReading] = (),
    said: Sequence[Clause] = (),
) -> Extraction:
    """Agreements, action items and points of a transcript.

    `labels` is one TurnLabels a turn (from `acts.label_turns`), `readings` one ClauseReading a clause where a
    reader read the talk, `said` all clauses where they are cut already; wording of trails and reasons is in
    `minutes_language`, everything else stays in the language it was said in.
    """
    heard = hear(transcript, readings, said)
    sure, alone = heard.shown()
    dropped = Counter(t.state.value for t in heard.threads if t.state not in STANDING)
    dropped["low_confidence"] = len(heard.threads) - dropped.total() - len(sure)
    items: list[ActionItem] = []
    trails: dict[str, tuple[TrailStep, ...]] = {}
    for task in heard.settled([*sure, *alone], transcript):
        item = action_item(f"a{len(items) + 1}", task, transcript, minutes_language)
        if item.evidence and item.task:
            items.append(item)
            trails[item.id] = _trail(task.trail, transcript, minutes_language)
        else:
            dropped["low_confidence"] += 1
    agreed = _agreements(heard, sure, transcript)
    by_turn = {label.turn: label for label in labels}
    points = find_points(heard.turns, by_turn, transcript, {c.turn for t in sure for c in t.what})
    return Extraction(agreed, tuple(items), points, trails, dict(+dropped))


def hear(
    transcript: Transcript, readings: Sequence[ClauseReading] = (), said: Sequence[Clause] = ()
) -> Heard:
    """Follow the whole dialogue: its clauses, and every thread that was ever opened."""
    flat = said or clauses_of(transcript)
    turns: list[list[Clause]] = [[] for _ in transcript.turns]
    for clause in flat:
        turns[clause.position].append(clause)
    alone = read_threads.follow(flat, readings) if readings else []
    by_place = {confidence.place(c): r for c, r in zip(flat, readings, strict=True)} if readings else {}
    if readings:
        turns = [[with_moves(c, by_place[confidence.place(c)]) for c in clauses] for clauses in turns]
    dialogue = Dialogue(People(transcript.participants), turns)
    for clauses in turns:
        dialogue.hear(clauses)
    return Heard(turns, sorted(dialogue.threads, key=lambda t: t.opened), alone, by_place)


def action_item(number: str, task: Task, transcript: Transcript, language: str) -> ActionItem:
    """The item a task amounts to; its confidence is lower when the owner is in doubt."""
    dated = [task.dated] if task.dated else []
    evidence = quote_clauses(task.quoted, transcript, [*task.what[:2], *dated, *task.replies[-1:]])
    reason, sure = _doubt(task.owner, task.sure, language)
    item = ActionItem(number, phrasing.task(task.what), task.owner.person, evidence, round(sure, 2), reason)
    due = task.dated.due if task.dated else None
    return item if due is None else _with_date(item, due, transcript)


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


def _agreements(heard: Heard, known: Sequence[Task], transcript: Transcript) -> tuple[Agreement, ...]:
    taken = frozenset(confidence.place(c) for task in known for c in task.what)
    found: list[Agreement] = []
    for decision in decisions.standing(heard.turns, heard.readings, taken):
        evidence = quote_clauses([*decision.what, *decision.replies], transcript)
        text = agreements.wording(decision)
        if evidence and text:
            found.append(
                Agreement(f"g{len(found) + 1}", text, evidence, round(min(decision.strength, 0.95), 2))
            )
    return tuple(found)
