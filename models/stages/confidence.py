"""How sure a thread is an action item: logistic models over signs that a person could name.

A thread of the rules is judged by its own signs; with a reader, by their sum ("rule") beside what the reader
makes of its clauses. A thread that the reader alone heard is judged by the reader's signs. Other tables serve
owners (owner_choice), dates (due_choice) and decisions.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from models.ports import ClauseReading
from models.stages.clauses import Clause
from models.stages.read_threads import ReadThread
from models.stages.threads import State, Thread

SHOWN = 0.4
"""Threads of the rules below this confidence are dropped and counted."""
SHOWN_ALONE = 0.5
"""... and those that the reader alone heard below this one."""
OPENING = 4
"""Turns of greetings at most; a short talk has fewer."""
DOUBTFUL = 0.49
"""An item without an owner is never surer than this."""

Readings = Mapping[tuple[int, int], ClauseReading]
"""By position and start of a clause."""


@cache
def tables() -> dict[str, dict[str, float]]:
    """Table name -> sign -> log-odds, with the bias among the signs."""
    return tomllib.loads((Path(__file__).parent / "confidence.toml").read_text("utf-8"))


def odds(found: Mapping[str, float], table: str) -> float:
    """Log-odds of some signs by a table of confidence.toml."""
    return weighed(found, tables()[table])


def weighed(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Sum of the signs by their weights, with the bias where there is one."""
    return weights.get("bias", 0.0) + sum(weights.get(sign, 0.0) * value for sign, value in found.items())


def of_thread(thread: Thread, turns: int, readings: Readings) -> float:
    """Probability 0..1 that a thread of the rules is an action item. `turns`: length of the talk."""
    if not readings:
        return probability(odds(signs(thread, turns), "rules"))
    return probability(odds(signs_with_reader(thread, turns, readings), "with_reader"))


def of_read_thread(thread: ReadThread) -> float:
    """Probability 0..1 that a thread which the reader alone heard is an action item."""
    return probability(odds(thread.signs(), "reader_alone"))


def signs(thread: Thread, turns: int) -> dict[str, float]:
    """Named signs of a thread, each 0..1. `turns` is the length of the talk."""
    first = thread.what[0]
    found = dict.fromkeys(thread.signs, 1.0)
    found[thread.kind] = 1.0
    found["dated"] = float(thread.date is not None)
    found["resolved"] = float(bool(thread.date and thread.date.due))
    found["own_date"] = float(thread.dated is not None and thread.dated in thread.what)
    found["by_date"] = float(thread.dated is not None and thread.dated.has("commit", "amend", "shift"))
    found["wordy"] = float(len(first.text) > (45 if first.language == "zh" else 120))
    found["recurring"] = float(bool(thread.date and thread.date.recurrence))
    found["amended"] = float(thread.state == State.AMENDED)
    found["replied"] = float(bool(thread.replies))
    found["words"] = min(len(thread.words), 6) / 6
    found["thin"] = float(len(thread.words) <= 1)
    found["opening"] = float(first.position < min(OPENING, turns // 10))
    found["closing"] = float(first.position >= turns - 3)
    found["question"] = float(all(c.question for c in thread.what))
    found["several_turns"] = float(len({c.turn for c in thread.what}) > 1)
    found["zh"] = float(first.language == "zh")
    return found


def signs_with_reader(thread: Thread, turns: int, readings: Readings) -> dict[str, float]:
    """The sum of the rules' signs, in log-odds, and what the reader makes of the clauses, each 0..1."""
    said = [*thread.what, *thread.replies, *([thread.dated] if thread.dated else [])]
    read = [(clause, readings[place(clause)]) for clause in said]
    own = [reading.moves for clause, reading in read if clause.speaker == thread.owner.person]
    asked = [readings[place(clause)].moves for clause in thread.what]
    return {
        "rule": odds(signs(thread, turns), "rules"),
        "holds_most": max(reading.holds for _, reading in read),
        "holds_last": read[-1][1].holds,
        "binding": max(r.holds * max(r.moves["commit"], r.moves["accept"]) for _, r in read),
        "own_commit": max((moves["commit"] for moves in own), default=0.0),
        "own_accept": max((moves["accept"] for moves in own), default=0.0),
        "withdraw": max(reading.moves["withdraw"] for _, reading in read),
        "refuse": max(reading.moves["refuse"] for _, reading in read),
        "put": max(reading.moves["put"] for _, reading in read),
        "what_ask": max(moves["ask"] for moves in asked),
        "what_commit": max(moves["commit"] for moves in asked),
        "what_offer": max(moves["offer"] for moves in asked),
    }


def place(clause: Clause) -> tuple[int, int]:
    """The key of a clause among the readings."""
    return clause.position, clause.start


def probability(odds: float) -> float:
    """Log-odds as a probability 0..1."""
    return 1 / (1 + math.exp(-odds))
