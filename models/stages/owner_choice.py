"""Who is to act on a task: every participant is weighed by what was said, and by whom; doubt gives nobody.

A choice model (conditional logit, McFadden 1974) over signs that a person could name. Weights: table "owner"
of confidence.toml, fitted by models/train/tasks.py.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from models.schema import Transcript
from models.stages import confidence
from models.stages.clauses import Clause
from models.stages.confidence import Readings, place
from models.stages.owners import FOR_SPEAKER, SPEAKER_ACTS, Owner, People
from models.stages.tasks import Task

SURE = 0.6
"""The share that the likeliest owner must have: a wrong owner is worse than none."""
AS_BY_RULES = 0.5
"""... where the rules name the same person."""
ROLES = ("manager", "employee")
FORCES = ("commit", "offer", "request", "imperative", "weak_commit")
_YOU = re.compile(r"\byou\b|[你您]", re.IGNORECASE)


class Owners:
    """The participants of a talk, and how every clause reads."""

    def __init__(self, transcript: Transcript, clauses: Sequence[Clause], readings: Readings) -> None:
        self._people, self._readings = People(transcript.participants), readings
        self._roles = {person.id: person.role for person in transcript.participants}
        self._turns: dict[int, list[Clause]] = defaultdict(list)
        for clause in clauses:
            self._turns[clause.position].append(clause)

    def choose(self, task: Task) -> Owner:
        """The likeliest owner, or nobody with the reason."""
        shares = self.shares(task)
        best = max(shares, key=lambda person: shares[person], default=None)
        if best is None or shares[best] < (AS_BY_RULES if task.owner.person == best else SURE):
            return Owner(None, "owner_doubtful")
        return Owner(best)

    def shares(self, task: Task) -> dict[str, float]:
        """Probability by participant, together 1."""
        raised = {p: math.exp(confidence.odds(self.signs(task, p), "owner")) for p in self._people.ids}
        total = sum(raised.values())
        return {person: value / total for person, value in raised.items()}

    def signs(self, task: Task, person: str) -> dict[str, float]:
        """Named signs that this participant is to act, each 0..1."""
        found: dict[str, float] = defaultdict(float)
        for part, clauses in (("what", task.what), ("said", task.said)):
            for clause in clauses:
                for sign, value in self._said(clause, person).items():
                    found[f"{part}_{sign}"] = max(found[f"{part}_{sign}"], value)
        for clause in task.what:
            for sign, value in self._cues(clause, person).items():
                found[sign] = max(found[sign], value)
        found["by_rules"] = float(task.owner.person == person)
        found["opens"] = float(task.what[0].speaker == person)
        found["ends"] = float(task.what[-1].speaker == person)
        role = self._roles[person]
        found[f"is_{role if role in ROLES else 'third'}"] = 1.0
        return {sign: value for sign, value in found.items() if value}

    def _said(self, clause: Clause, person: str) -> Mapping[str, float]:
        """What the reader makes of a clause that this person, or somebody else, has said."""
        reading = self._readings[place(clause)]
        moves = reading.moves
        acts = max(moves[move] for move in ("commit", "offer", "ask", "accept"))
        whose = "own" if clause.speaker == person else "other"
        found = {f"{whose}_{move}": moves[move] for move in ("commit", "offer", "accept", "ask")}
        found[f"{whose}_to_act"] = reading.by_speaker * acts
        found[f"{whose}_not_to_act"] = (1 - reading.by_speaker) * acts
        if whose == "own":
            found["own_commit_holds"] = moves["commit"] * reading.holds
        elif self._people.addressee(clause, self._turns[clause.position]).person == person:
            found["asked"] = moves["ask"]
            found["asked_holds"] = moves["ask"] * reading.holds
        found["named"] = float(person in self._people.named(clause.text))
        return found

    def _cues(self, clause: Clause, person: str) -> Mapping[str, float]:
        """Who the words of a clause point to."""
        whose = "own" if clause.speaker == person else "other"
        found = {
            f"{whose}_for_me": float(bool(FOR_SPEAKER.search(clause.text))),
            f"{whose}_you": float(bool(_YOU.search(clause.text))),
        }
        if whose == "own":
            found["own_i_do"] = float(bool(SPEAKER_ACTS.search(clause.text)))
            found |= {f"own_cue_{force}": float(clause.has(force)) for force in FORCES}
        return found
