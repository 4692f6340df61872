"""What a clause may refer to: the threads that are alive, the one in focus, what was asked, what "it" means.

Words that few turns share name a topic; a word heard everywhere says little. The thread named or moved last
is in focus and takes bare dates and pronouns, until the talk has left it for some turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from models.schema import TrailStep
from models.stages.clauses import Clause
from models.stages.owners import Owner, People
from models.stages.threads import LIVE, MARKS, STANDING, State, Thread

ANSWER_REACH = 3
"""An answer may come this many turns after the proposal."""
CLARIFIED_REACH = 7
"""... or this many, when all between is backchannel, question or clarification (short turns)."""
FOCUS_REACH = 3
"""A bare date or "leave it" belongs to a thread touched at most this many turns ago."""
RARE = 3
"""A word heard in at most this many turns names its topic."""
SHORT_TURN = 4
"""Content words up to which a turn is a backchannel or clarification."""


_ASSENT = re.compile(
    r"(?:行不行|好不好|可以吗|行吗|好吗|可以吧|怎么样)$|\b(?:okay|ok|all right|agreed)$", re.IGNORECASE
)
_TARGET = re.compile(r"目标|指标|标准|评级|\b(?:target|rating|goal)\b", re.IGNORECASE)


class Topics:
    """Threads and turns so far, with the rules of reference."""

    def __init__(self, people: People, turns: Sequence[Sequence[Clause]] = ()) -> None:
        """Know the whole talk in `turns`, for the frequency of its words; it is heard turn by turn later."""
        self.people = people
        self.threads: list[Thread] = []
        self._heard = Counter(word for turn in turns for word in words_of(turn))
        self._turns: list[Sequence[Clause]] = []
        self._focus: Thread | None = None

    def live(self, states: Iterable[State] = LIVE) -> list[Thread]:
        """Threads in these states, the last touched first."""
        wanted = set(states)
        return sorted((t for t in self.threads if t.state in wanted), key=lambda t: -t.touched)

    def _weight(self, words: Iterable[str]) -> float:
        """How much shared words tell: 1 for a word of few turns, less for one that is everywhere."""
        return sum(
            1.0 if self._heard[w] <= RARE else 0.5 if self._heard[w] <= 2 * RARE else 0.2 for w in words
        )

    def _recall(self, clauses: Sequence[Clause]) -> None:
        """Bring an older thread back into focus when a turn names it; let it go after silence."""
        position = clauses[0].position if clauses else 0
        for clause in clauses:
            thread = self.about(clause.words, need=1.0 if len(clause.words) <= 3 else 2.0)
            if thread is not None:
                self._focus = thread
                return
        if any(c.has("shift", "retract", "obstacle") for c in clauses):
            said = words_of(clauses)
            scored = [(self._weight(said & t.context), t.touched, t) for t in self.live(STANDING)]
            best = max(scored, key=lambda s: s[:2], default=None)
            if best and best[0] >= 2 and position - best[1] > 1:
                self._focus = best[2]
                return
        if self._focus is not None and position - self._focus.touched > FOCUS_REACH:
            self._focus = None

    def about(self, words: frozenset[str], need: float = 2.0) -> Thread | None:
        """Find the live thread whose words weigh most among these, if at least `need`."""
        scored = [(self._weight(words & t.words), t.touched, t) for t in self.live()]
        best = max(scored, key=lambda s: s[:2], default=None)
        return best[2] if best and best[0] >= need else None

    def focus(self, clause: Clause) -> Thread | None:
        """Find the thread a bare date or pronoun means."""
        named = self.about(clause.words, need=1.0 if len(clause.words) <= 2 else 2.0)
        if named is not None:
            return named
        if self._focus is not None and self._focus.state in LIVE:
            return self._focus
        recent = [t for t in self.live() if clause.position - t.touched <= FOCUS_REACH]
        return recent[0] if recent else None

    def answerable(self, clause: Clause) -> list[Thread]:
        """Open proposals this speaker can say yes or no to: all of the last turn that made any."""
        found = [
            t for t in self.live((State.PROPOSED,))
            if t.proposer != clause.speaker and self._in_reach(t, clause.position)
            and (t.kind == "offer" or t.owner.person in (clause.speaker, None))
        ]  # fmt: skip
        last = max((t.touched for t in found), default=None)
        return [t for t in found if t.touched == last]

    def _in_reach(self, thread: Thread, position: int) -> bool:
        distance = position - thread.touched
        if distance <= ANSWER_REACH:
            return True
        between = self._turns[thread.touched + 1 : position]
        return distance <= CLARIFIED_REACH and all(_short(turn) for turn in between)

    def _just_asked(self, clause: Clause) -> bool:
        """Whether the turn before, by somebody else, ends in a question."""
        before = self._turns[clause.position - 1] if clause.position else ()
        return bool(before) and before[-1].question and before[-1].speaker != clause.speaker

    def _antecedent(self, clause: Clause) -> Clause | None:
        """Find what "it" means: the weightiest earlier clause of the turn, else of what others just said."""
        own = [c for c in self._turns[clause.position] if c.end <= clause.start and len(c.words) >= 2]
        own = [c for c in own if not c.has("past", "accept", "refuse", "third")]
        return max(own, key=lambda c: len(c.words)) if own else self._substance_before(clause)

    def _substance_before(self, clause: Clause) -> Clause | None:
        """Find the weightiest clause somebody else said in the last turns."""
        for turn in reversed(self._turns[max(0, clause.position - ANSWER_REACH) : clause.position]):
            said = [
                c for c in turn
                if c.speaker != clause.speaker and len(c.words) >= 2
                and not c.has("past", "refuse", "retract", "joke")
                and (not c.has("wh") or c.has("request", "when"))
            ]  # fmt: skip
            if said:
                return max(said, key=lambda c: len(c.words))
        return None

    def _rest(self, clause: Clause) -> Clause | None:
        """Find what follows a comma that parts the verb from subject and date: 我在五号之前,报名."""
        if clause.words:
            return None
        turn = self._turns[clause.position]
        after = next((c for c in turn if c.start >= clause.end and c.sentence == clause.sentence), None)
        return after if after and after.words and not after.has("past", "third", "wh") else None

    def _asked_and_refused(self, clause: Clause) -> list[Thread]:
        """Find a question of the same turn that a no follows: recognition took two people for one."""
        before = [c for c in self._turns[clause.position] if c.end <= clause.start]
        asked = before[-1:] if before and before[-1].question else before[-2:-1]
        return [
            t for t in self.live((State.PROPOSED,)) if asked and asked[0].question and t.what[-1] is asked[0]
        ]

    def _refused_in(self, clause: Clause) -> bool:
        """Whether the sentence turns an offer down: 不用麻烦他了,我先自己看书 promises nothing."""
        before = (c for c in self._turns[clause.position] if c.start < clause.start)
        return any(c.sentence == clause.sentence and c.has("refuse") for c in before)

    def _about_target(self, clause: Clause) -> bool:
        """Whether the sentence asks for a yes to a target, which is an agreement and no task."""
        said = (c.text for c in self._turns[clause.position] if c.sentence == clause.sentence)
        return bool(_ASSENT.search(clause.text)) and any(_TARGET.search(text) for text in said)

    def _conditional(self, clause: Clause) -> bool:
        """Whether another clause of the sentence makes it depend on something."""
        return any(c.sentence == clause.sentence and c.has("condition") for c in self._turns[clause.position])

    def _open(self, kind: str, clause: Clause, owner: Owner, state: State, why: str) -> Thread:
        thread = Thread(kind, clause.speaker, owner, state, [clause], clause.position)
        thread.trail.append(TrailStep(clause.turn, state.value, why))
        asked = clause.has("offer")  # "would it help if I asked ..." is neither past nor a condition
        thread.signs |= {s for s in MARKS if clause.has(s) and not (asked and s == "past")}
        if self._conditional(clause) and not (asked and clause.has("condition")):
            thread.signs.add("condition")
        near = self._turns[max(0, clause.position - 3) : clause.position + 1]
        thread.context = words_of(c for turn in near for c in turn)
        self.threads.append(thread)
        self._focus = thread
        return thread


def words_of(clauses: Iterable[Clause]) -> frozenset[str]:
    """All content words of some clauses."""
    return frozenset().union(*(c.words for c in clauses))


def _short(turn: Sequence[Clause]) -> bool:
    return len(words_of(turn)) <= SHORT_TURN or any(c.question for c in turn)
