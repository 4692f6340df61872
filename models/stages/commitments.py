"""The life of a commitment in a dialogue: Proposed, Accepted, Amended, Withdrawn or Declined.

Every clause is read once, in order, by the first rule that fits. A rule opens a thread (a task somebody
proposed or took on), or moves one: an answer, a new date, a retraction. The last state of a thread counts;
earlier versions survive only in its trail. See docs/decisions/0004-commitment-state-machine.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from models.schema import TrailStep
from models.stages.clauses import Clause
from models.stages.deadlines import Deadline
from models.stages.owners import Owner, People

ANSWER_REACH = 3
"""An answer may come this many turns after the proposal."""
CLARIFIED_REACH = 7
"""... or this many, when all between is backchannel, question or clarification (short turns)."""
FOCUS_REACH = 4
"""A bare date or "leave it" belongs to a thread touched at most this many turns ago."""
SHORT_TURN = 4
"""Content words up to which a turn is a backchannel or clarification."""

_ANAPHORA = re.compile(
    r"\b(?:it|that|them|this|these|those|one|so|both|do)\b|这个|那个|这事|那事|这件|这块|它|这些|那些|给[你您]|发[你您]|交给我|我来|我负责",
    re.IGNORECASE,
)


class State(StrEnum):
    """Where a commitment stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    AMENDED = "amended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


LIVE = (State.PROPOSED, State.ACCEPTED, State.AMENDED)
STANDING = (State.ACCEPTED, State.AMENDED)


@dataclass(slots=True, eq=False)
class Thread:
    """One task under negotiation. `kind`: request, offer (of the speaker), or self (commitment)."""

    kind: str
    proposer: str
    owner: Owner
    state: State
    what: list[Clause]
    touched: int
    replies: list[Clause] = field(default_factory=list)
    date: Deadline | None = None
    dated: Clause | None = None
    signs: set[str] = field(default_factory=set)
    trail: list[TrailStep] = field(default_factory=list)

    @property
    def words(self) -> frozenset[str]:
        """What the thread is about."""
        return frozenset().union(*(c.words for c in self.what))

    @property
    def opened(self) -> int:
        """Position of the turn that opened it."""
        return self.what[0].position

    def move(self, state: State, clause: Clause, why: str) -> None:
        """Change the state and keep the step for the trail; `why` is a key of trails.toml."""
        self.state = state
        self.touched = clause.position
        self.trail.append(TrailStep(clause.turn, state.value, why))


class Dialogue:
    """Reads clauses turn by turn and keeps the threads."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.threads: list[Thread] = []
        self._asked_when: tuple[int, str] | None = None
        self._turns: list[Sequence[Clause]] = []
        self._focus: Thread | None = None

    def hear(self, clauses: Sequence[Clause]) -> None:
        """Take in the next turn."""
        self._turns.append(clauses)
        self._recall(clauses)
        for clause in clauses:
            if clause.has("accept") and not clause.question:
                self._accept(clause)
            for rule in RULES:
                if rule(self, clause):
                    break
        for clause in clauses:
            if clause.has("when") and clause.question:
                self._asked_when = (clause.position, clause.speaker)

    # --- what a clause may refer to

    def live(self, states: Iterable[State] = LIVE) -> list[Thread]:
        """Threads in these states, the last touched first."""
        wanted = set(states)
        return sorted((t for t in self.threads if t.state in wanted), key=lambda t: -t.touched)

    def _recall(self, clauses: Sequence[Clause]) -> None:
        """A turn that names an older thread brings it back into focus."""
        for clause in clauses:
            thread = self.about(clause.words, need=2 if len(clause.words) > 3 else 1)
            if thread is not None:
                self._focus = thread
                return
        if self._focus is not None and clauses and clauses[0].position - self._focus.touched > FOCUS_REACH:
            self._focus = None

    def about(self, words: frozenset[str], need: int = 2) -> Thread | None:
        """The live thread that shares most content words, if at least `need`."""
        scored = [(len(words & t.words), t.touched, t) for t in self.live()]
        best = max(scored, key=lambda s: s[:2], default=None)
        return best[2] if best and best[0] >= need else None

    def focus(self, clause: Clause) -> Thread | None:
        """The thread a bare date or pronoun means."""
        named = self.about(clause.words, need=1 if len(clause.words) <= 2 else 2)
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

    # --- rules

    def _accept(self, clause: Clause) -> None:
        for thread in self.answerable(clause):
            if thread.owner.person is None and thread.kind == "request" and len(self.people.ids) > 2:
                thread.owner = self._taker(thread, clause)
            thread.replies.append(clause)
            thread.signs.add("accepted")
            thread.move(State.ACCEPTED, clause, "accepted")
        for thread in self.live(STANDING):
            if thread.replies and thread.replies[-1] is clause:
                continue
            spoke = thread.dated or thread.what[-1]
            if spoke.speaker != clause.speaker and 0 <= clause.position - thread.touched <= 2:
                thread.replies.append(clause)
                thread.signs.add("agreed")
                break

    def _taker(self, thread: Thread, clause: Clause) -> Owner:
        """In a larger round a bare yes makes an owner only of the one who was spoken to just before."""
        before = [t[0].speaker for t in self._turns[max(0, thread.opened - 1) : thread.opened] if t]
        if clause.position == thread.opened + 1 and before == [clause.speaker]:
            return Owner(clause.speaker)
        return thread.owner

    def retract(self, clause: Clause) -> bool:
        """ "Forget I asked": the thread in question is withdrawn."""
        if not clause.has("retract"):
            return False
        thread = self.about(self._said(clause), need=2) or self.focus(clause)
        if thread is None or clause.position - thread.touched > FOCUS_REACH and not (thread.words & self._said(clause)):
            return False
        thread.move(State.WITHDRAWN, clause, "withdrawn")
        return True

    def _said(self, clause: Clause) -> frozenset[str]:
        return frozenset().union(*(c.words for c in self._turns[clause.position]))

    def refuse(self, clause: Clause) -> bool:
        """A no to an open proposal."""
        if not clause.has("refuse") or clause.question:
            return False
        refused = [t for t in self.answerable(clause) if clause.position - t.touched <= 2]
        if clause.due is not None:
            refused = [t for t in refused if t.date is not None]
        for thread in refused:
            thread.move(State.DECLINED, clause, "declined")
        return bool(refused)

    def redate(self, clause: Clause) -> bool:
        """A date said alone, in answer to "when", or with an amending phrase moves the thread in focus."""
        if clause.due is None or clause.has("past", "third"):
            return False
        bare = len(clause.words) <= 1
        answers = self._asked_when is not None and self._asked_when[1] != clause.speaker and (
            clause.position - self._asked_when[0] <= 2
        )  # fmt: skip
        refers = bool(_ANAPHORA.search(clause.text))
        moves = clause.has("amend") and (len(clause.words) <= 3 or refers)
        if not (bare or answers or moves) or (clause.has("obstacle") and not moves):
            return False
        if clause.has("norm") and clause.due.recurrence and not bare:
            return False
        thread = self.focus(clause)
        if thread is None:
            return False
        self._set_date(thread, clause)
        return True

    def _set_date(self, thread: Thread, clause: Clause) -> None:
        due = clause.due
        if due is None:
            return
        same = thread.date is not None and (due.due, due.due_text) == (thread.date.due, thread.date.due_text)
        first = thread.date is None
        if thread.state == State.PROPOSED and clause.speaker == thread.owner.person and not clause.question:
            thread.signs.add("accepted")
            thread.move(State.ACCEPTED, clause, "accepted_with_date")
        if same or (thread.date is not None and thread.date.due is not None and due.due == thread.date.due):
            thread.replies.append(clause)
            thread.signs.add("agreed")
            thread.touched = clause.position
            return
        thread.date, thread.dated = due, clause
        if thread.state in STANDING:
            thread.move(thread.state if first else State.AMENDED, clause, "dated" if first else "redated")
        else:
            thread.touched = clause.position

    def commit(self, clause: Clause) -> bool:
        """The speaker takes a task on, or confirms one that was asked or offered."""
        if not clause.has("commit") or clause.question or _hollow(clause):
            return False
        thread = self._confirmed_by(clause)
        if thread is None:
            thread = self._open("self", clause, Owner(clause.speaker), State.ACCEPTED, "self_commitment")
        else:
            thread.what.append(clause)
            if thread.owner.person is None:
                thread.owner = Owner(clause.speaker)
            if thread.state == State.PROPOSED:
                thread.move(State.ACCEPTED, clause, "taken_on")
        thread.signs.add("explicit")
        self._date_from(thread, clause)
        return True

    def _confirmed_by(self, clause: Clause) -> Thread | None:
        mine = [
            t for t in self.live() if t.owner.person in (clause.speaker, None)
            and not (t.owner.person is None and t.proposer == clause.speaker)
        ]  # fmt: skip
        close = [t for t in mine if clause.position - t.touched <= ANSWER_REACH]
        for thread in close:
            if thread.state == State.PROPOSED and thread.opened < clause.position:
                return thread
        shared = [(len(clause.words & t.words), t) for t in mine]
        best = max(shared, key=lambda s: s[0], default=None)
        if best and best[0] >= max(2, len(clause.words) // 2):
            return best[1]
        vague_object = len(clause.words) <= 1 and _ANAPHORA.search(clause.text)
        return close[0] if close and vague_object and close[0].opened < clause.position else None

    def offer(self, clause: Clause) -> bool:
        """The speaker offers, or merely wishes, to do something."""
        if not clause.has("offer", "weak_commit") or _hollow(clause):
            return False
        if clause.has("request") and not clause.has("offer"):
            return False
        open_to_me = [t for t in self.answerable(clause) if t.kind == "request"]
        if open_to_me and not clause.has("condition"):
            thread = open_to_me[0]
            thread.what.append(clause)
            thread.proposer, thread.kind = clause.speaker, "offer"
            thread.owner = Owner(clause.speaker)
            thread.touched = clause.position
        else:
            thread = self._open("offer", clause, Owner(clause.speaker), State.PROPOSED, "offered")
        if clause.has("offer"):
            thread.signs.add("offer")
        self._date_from(thread, clause)
        return True

    def request(self, clause: Clause) -> bool:
        """The speaker wants something from somebody else."""
        asks = clause.has("request") or (clause.has("when") and clause.question)
        named = self._subject_named(clause)
        if not (asks or named) or clause.has("third") or (clause.has("past") and not clause.due):
            return False
        if not clause.words:
            return False
        thread = self.about(clause.words, need=2)
        if thread is not None and clause.position - thread.touched <= FOCUS_REACH:
            thread.what.append(clause)
            self._date_from(thread, clause)
            return True
        turn_text = " ".join(c.text for c in self._turns[clause.position])
        owner = Owner(named) if named else self.people.addressee(clause, turn_text)
        thread = self._open("request", clause, owner, State.PROPOSED, "requested")
        self._date_from(thread, clause)
        return True

    def _subject_named(self, clause: Clause) -> str | None:
        """In a round of three or more, a clause that begins with a participant's name asks that person."""
        if len(self.people.ids) < 3 or clause.question:
            return None
        named = self.people.named(clause.text[:16]) - {clause.speaker}
        return next(iter(named)) if len(named) == 1 and len(clause.words) > 2 else None

    def _open(self, kind: str, clause: Clause, owner: Owner, state: State, why: str) -> Thread:
        thread = Thread(kind, clause.speaker, owner, state, [clause], clause.position)
        thread.trail.append(TrailStep(clause.turn, state.value, why))
        thread.signs |= {s for s in ("condition", "vague", "joke", "past", "third", "norm") if clause.has(s)}
        self.threads.append(thread)
        self._focus = thread
        return thread

    def _date_from(self, thread: Thread, clause: Clause) -> None:
        """The date of the clause, or of a neighbour in its sentence that gives no reason against it."""
        if clause.due is None:
            for other in self._turns[clause.position]:
                near = other.sentence == clause.sentence and other.due is not None
                if near and not other.has("obstacle", "past", "third", "commit", "request"):
                    clause = other
        if clause.due is not None:
            self._set_date(thread, clause)


def _hollow(clause: Clause) -> bool:
    """Said of the past, of others, of some day, or under a condition: no commitment."""
    return clause.has("third") or (clause.has("past") and not clause.has("commit")) or clause.has("vague")


def _short(turn: Sequence[Clause]) -> bool:
    words = frozenset().union(*(c.words for c in turn)) if turn else frozenset()
    return len(words) <= SHORT_TURN or any(c.question for c in turn)


RULES: tuple[Callable[[Dialogue, Clause], bool], ...] = (
    Dialogue.retract,
    Dialogue.refuse,
    Dialogue.redate,
    Dialogue.commit,
    Dialogue.offer,
    Dialogue.request,
)
