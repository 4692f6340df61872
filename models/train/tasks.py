"""Fit the tables of confidence.toml: which threads are items, whose, by when, and which decisions stand.

    python -m models.train.tasks CONVERSATIONS ANNOTATIONS --models DIR

From talks that the reader never saw (models/train/unseen.py). A few minutes, no randomness.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.schema import Transcript
from models.stages import agreements, confidence, decisions
from models.stages.confidence import place
from models.stages.due_choice import BIAS, Dates
from models.stages.extract import Heard, hear
from models.stages.owner_choice import Owners
from models.stages.tasks import Task
from models.stages.threads import STANDING
from models.train import unseen
from models.train.calibration import Choice, Judged, choosing_table, judging_table, partners
from models.train.dialogue_labels import Agreed, agreed
from models.train.unseen import write


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as heard, and what was agreed in it by the labels."""

    transcript: Transcript
    heard: Heard
    items: list[Agreed]
    decisions: list[Agreed]

    def known(self) -> tuple[list[Task], dict[int, Agreed]]:
        """The tasks that would be shown, and by number the labelled item that each is."""
        shown = [task for tasks in self.heard.shown() for task in tasks]
        found = partners([_turns(task) for task in shown], [item.turns for item in self.items])
        return shown, {k: self.items[item] for k, item in found.items()}


def main() -> None:
    """Fit one table after the other: each builds on what those before it let through."""
    talks = [
        Talk(
            talk.transcript,
            hear(talk.transcript, talk.reading.clauses),
            agreed(talk.labels, "item"),
            agreed(talk.labels, "decision"),
        )
        for talk in unseen.talks(__doc__)
    ]
    tables = {
        "with_reader": judging_table([j for talk in talks for j in _threads(talk)]),
        "reader_alone": judging_table([j for talk in talks for j in _read_threads(talk)]),
    }
    write(tables)
    tables["owner"] = choosing_table([c for talk in talks for c in _owners(talk)])
    write(tables)
    tables["due"] = choosing_table([c for talk in talks for c in _dates(talk)])
    tables["decision"] = judging_table([j for talk in talks for j in _decisions(talk)])
    write(tables)


def _threads(talk: Talk) -> Iterator[Judged]:
    """Every standing thread of the rules: is it an item?"""
    heard = talk.heard
    threads = [thread for thread in heard.threads if thread.state in STANDING]
    found = partners([_turns(task) for task in heard.standing()], [item.turns for item in talk.items])
    for k, thread in enumerate(threads):
        yield Judged(confidence.signs_with_reader(thread, len(heard.turns), heard.readings), k in found)


def _read_threads(talk: Talk) -> Iterator[Judged]:
    """Every thread of the reader."""
    read = talk.heard.read
    turns = [frozenset(c.turn for c in thread.standing()) for thread in read]
    found = partners(turns, [item.turns for item in talk.items])
    for k, thread in enumerate(read):
        yield Judged(thread.signs(), k in found)


def _owners(talk: Talk) -> Iterator[Choice]:
    """The owner of each task that is an item."""
    owners = Owners(talk.transcript, talk.heard.clauses, talk.heard.readings)
    people = [person.id for person in talk.transcript.participants]
    shown, items = talk.known()
    for k, item in items.items():
        if item.owner in people:
            yield Choice([owners.signs(shown[k], p) for p in people], [p == item.owner for p in people])


def _dates(talk: Talk) -> Iterator[Choice]:
    """The date of each task that is an item, where it was heard."""
    owners = Owners(talk.transcript, talk.heard.clauses, talk.heard.readings)
    shown, items = talk.known()
    dates = Dates(talk.heard.clauses, talk.heard.readings, shown, talk.transcript.date)
    for k, item in items.items():
        mentions = dates.mentions(shown[k])
        owner = owners.choose(shown[k])
        right = [item.due is None, *((m.due.due if m.due else None) == item.due for m in mentions)]
        if item.due is None:
            right[1:] = [
                m.due is not None and m.due.due is None and m.due.recurrence is not None for m in mentions
            ]
        if any(right):
            yield Choice([{BIAS: 1.0}, *(dates.signs(shown[k], owner, m, mentions) for m in mentions)], right)


def _decisions(talk: Talk) -> Iterator[Judged]:
    """Everything that may be a decision: does it stand?"""
    turns, readings = talk.heard.turns, talk.heard.readings
    taken = frozenset(place(c) for task in talk.known()[0] for c in task.what)
    candidates = decisions.candidates(turns, readings, agreements.find(turns, taken))
    found = partners(
        [frozenset(c.turn for c in (*d.what, *d.replies)) for d in candidates],
        [decision.turns for decision in talk.decisions],
    )
    for k, candidate in enumerate(candidates):
        yield Judged(decisions.signs(candidate, turns, readings, taken), k in found)


def _turns(task: Task) -> frozenset[int]:
    return frozenset(clause.turn for clause in task.quoted)


if __name__ == "__main__":
    main()
