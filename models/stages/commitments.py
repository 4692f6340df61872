"""The life of a commitment in a dialogue: Proposed, Accepted, Amended, Withdrawn or Declined.

Every clause is read once, in order, by the first rule that fits. A rule opens a thread (a task somebody
proposed or took on), or moves one: an answer, a new date, a retraction. The last state of a thread counts;
earlier versions survive only in its trail. See docs/decisions/0004-commitment-state-machine.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from models.stages.clauses import Clause
from models.stages.dating import Dating
from models.stages.owners import FOR_SPEAKER, SPEAKER_ACTS, Owner, People
from models.stages.threads import STANDING, State, Thread
from models.stages.topics import ANSWER_REACH, FOCUS_REACH
from models.stages.words import content_words

_ANAPHORA = re.compile(
    r"\b(?:it|that|them|this|these|those|one|so|both|do)\b|这个|那个|这事|那事|这件|这块|它|这些|那些|给[你您]|发[你您]|交给我|我来|我负责",
    re.IGNORECASE,
)
_REASON = re.compile(r"(?:because|since|so that|as)\b|因为|毕竟|反正", re.IGNORECASE)
_OF_YOU = re.compile(
    r"\byou\b|\b(?:i|we) (?:see|have|get|expect)\b|[你您]|给我|能(?:出|有|拿|弄|交|给|搞|上|提|做)",
    re.IGNORECASE,
)
_TO_OTHER = re.compile(r"^.{0,6}[你您]|\byou\b", re.IGNORECASE)
_NEW_TASK = re.compile(r"(?:and|but|then|also)\b.*\bI\b|(?:另外|还有|然后|同时|再就是|至于)", re.IGNORECASE)


class Dialogue(Dating):
    """Reads clauses turn by turn and keeps the threads."""

    def __init__(self, people: People, turns: Sequence[Sequence[Clause]] = ()) -> None:
        super().__init__(people, turns)
        self._retracted: int | None = None

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
            if clause.has("when") and (clause.question or _OF_YOU.search(clause.text)):
                self._asked_when = (clause.position, clause.speaker)

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
            if spoke.speaker != clause.speaker and 0 < clause.position - thread.touched <= 1:
                thread.replies.append(clause)
                thread.signs.add("agreed")
                break

    def _taker(self, thread: Thread, clause: Clause) -> Owner:
        """Own by a bare yes, in a larger round, only if one was spoken to just before."""
        before = [t[0].speaker for t in self._turns[max(0, thread.opened - 1) : thread.opened] if t]
        if clause.position == thread.opened + 1 and before == [clause.speaker]:
            return Owner(clause.speaker)
        return thread.owner

    def retract(self, clause: Clause) -> bool:
        """Withdraw the thread in question: "forget I asked"."""
        if not clause.has("retract"):
            return False
        recent = self._retracted is not None and clause.position - self._retracted <= 1
        if recent and self.about(clause.words, need=1.0) is None:
            return True  # "Can we skip it?" - "Skip it." withdraws once
        before = [c for c in self._turns[clause.position] if c.start <= clause.start]
        named = (self.about(c.words, need=1.0) for c in reversed(before))
        thread = next((t for t in named if t is not None), None) or self.focus(clause)
        if thread is None:
            return False
        self._retracted = clause.position
        thread.move(State.WITHDRAWN, clause, "withdrawn")
        return True

    def refuse(self, clause: Clause) -> bool:
        """Take a no to an open proposal."""
        if not clause.has("refuse") or clause.question:
            return False
        refused = [t for t in self.answerable(clause) if clause.position - t.touched <= 2]
        if clause.due is not None:
            refused = [t for t in refused if t.date is not None]
        for thread in refused or self._asked_and_refused(clause):
            thread.move(State.DECLINED, clause, "declined")
        return any(t.state == State.DECLINED and t.touched == clause.position for t in self.threads)

    def commit(self, clause: Clause) -> bool:
        """Open or confirm a task the speaker takes on."""
        if not clause.has("commit") or clause.question or _hollow(clause) or self._for_other(clause):
            return False
        if clause.has("joke") and self._conditional(clause):
            return False
        if clause.due is None and self._refused_in(clause):
            return False
        thread = self._same_breath(clause) or self._confirmed_by(clause)
        if thread is None:
            thread = self._open("self", clause, Owner(clause.speaker), State.ACCEPTED, "self_commitment")
            rest = self._rest(clause)
            vague = not clause.words or _ANAPHORA.search(clause.text)
            asked = self._antecedent(clause) if vague and len(content_words(clause.text)) <= 1 else None
            if rest is not None:
                thread.what.append(rest)
            elif asked is not None:
                thread.what.insert(0, asked)
                thread.signs.add("implied")
        else:
            if thread.what[-1] is not clause:
                thread.what.append(clause)
            if thread.owner.person is None:
                thread.owner = Owner(clause.speaker)
            if thread.state == State.PROPOSED:
                thread.move(State.ACCEPTED, clause, "taken_on")
        thread.signs |= {"explicit", "handover"} if clause.has("handover") else {"explicit"}
        self._focus = thread
        self._date_from(thread, clause)
        if thread.date is None and len(clause.words) <= 1:
            self._adopt_date(thread, clause)
        return True

    def _confirmed_by(self, clause: Clause) -> Thread | None:
        mine = [
            t for t in self.live() if t.owner.person in (clause.speaker, None)
            and not (t.owner.person is None and t.proposer == clause.speaker)
        ]  # fmt: skip
        for thread in mine:
            just_accepted = (
                thread.replies
                and thread.replies[-1].turn == clause.turn
                and thread.what[-1].turn != clause.turn
            )
            if just_accepted and not _NEW_TASK.match(clause.text) and thread.owner.person == clause.speaker:
                return thread
        close = [t for t in mine if clause.position - t.touched <= ANSWER_REACH]
        for thread in close:
            asked = thread.state == State.PROPOSED and thread.opened < clause.position
            if asked and (clause.position - thread.touched <= 1 or clause.words & thread.words):
                return thread
        shared = [(self._weight(clause.words & t.words), t) for t in mine]
        whole = self._weight(clause.words)
        for weight, thread in sorted(shared, key=lambda s: -s[0]):
            if weight >= max(1.0, whole * (0.34 if thread.state == State.PROPOSED else 0.5)):
                return thread
        same_turn = [t for t in mine if t.what[-1].turn == clause.turn and t.owner.person == clause.speaker]
        if same_turn and len(clause.words) <= 1 and not _NEW_TASK.match(clause.text):
            return same_turn[0]
        vague_object = len(clause.words) <= 1 and _ANAPHORA.search(clause.text)
        return close[0] if close and vague_object and close[0].opened < clause.position else None

    def offer(self, clause: Clause) -> bool:
        """Propose what the speaker offers, or merely wishes, to do."""
        if not clause.has("offer", "weak_commit") or _hollow(clause) or self._for_other(clause):
            return False
        if not clause.has("offer") and (clause.has("wh") or self._conditional(clause)):
            return False
        if self._same_breath(clause) or self._new_date_for_own(clause):
            return True
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
        """Propose what the speaker wants from somebody else."""
        asked_when = clause.has("when") and bool(_OF_YOU.search(clause.text))
        named = self._subject_named(clause)
        asks = clause.has("request", "imperative") or asked_when
        asks = asks or (clause.has("commit", "weak_commit") and self._for_other(clause))
        if not (asks or named) or clause.has("third", "wh") or _REASON.match(clause.text):
            return False
        if (clause.has("past") and not clause.due) or self._about_target(clause):
            return False
        if self._same_breath(clause) or self._own_task(clause):
            return True
        tag, before = clause, [c for c in self._turns[clause.position] if c.end <= clause.start and c.words]
        if not clause.words and before and clause.question:
            clause = before[-1]
        if not clause.words or any(clause in t.what for t in self.threads):
            return tag is not clause
        thread = self.about(clause.words, need=2)
        if thread is not None and clause.position - thread.touched <= FOCUS_REACH:
            thread.what.append(clause)
            self._date_from(thread, clause)
            return True
        owner = Owner(named) if named else self.people.addressee(clause, self._turns[clause.position])
        thread = self._open("request", clause, owner, State.PROPOSED, "requested")
        if len(clause.words) <= 1 and before:
            thread.what.insert(0, max(before, key=lambda c: len(c.words)))
        self._date_from(thread, clause)
        return True

    def _subject_named(self, clause: Clause) -> str | None:
        """Find whom a clause asks by beginning with the name, in a round of three or more."""
        if len(self.people.ids) < 3 or clause.question:
            return None
        named = self.people.named(clause.text[:16]) - {clause.speaker}
        return next(iter(named)) if len(named) == 1 and len(clause.words) >= 2 else None

    def _new_date_for_own(self, clause: Clause) -> bool:
        """Take "can I send it on Monday?" as a new date for what the speaker has just taken on."""
        vague = len(clause.words) <= 1 and _ANAPHORA.search(clause.text) and clause.due is not None
        thread = self.focus(clause) if vague else None
        if thread is None or thread.owner.person != clause.speaker or thread.state not in STANDING:
            return False
        if clause.position - thread.touched > ANSWER_REACH:
            return False
        self._set_date(thread, clause)
        return True

    def _for_other(self, clause: Clause) -> bool:
        """Whether the clause names what another shall do: "send it to me", "Ana squares it"."""
        if clause.has("handover") or SPEAKER_ACTS.search(clause.text):
            return False
        return bool(FOR_SPEAKER.search(clause.text)) or self._subject_named(clause) is not None

    def _own_task(self, clause: Clause) -> bool:
        """Add a wish to the task just taken on: "Leave the quotes with me. I want two"."""
        if _TO_OTHER.search(clause.text):
            return False
        for thread in self.live(STANDING):
            if thread.what[-1].turn == clause.turn and thread.owner.person == clause.speaker:
                thread.what.append(clause)
                return True
        return False

    def _same_breath(self, clause: Clause) -> Thread | None:
        """Find the thread of this speaker and sentence that the clause adds to."""
        for thread in self.live():
            last = thread.what[-1]
            if (
                last.turn == clause.turn
                and last.speaker == clause.speaker
                and last.sentence == clause.sentence
            ):
                if thread.owner.person == clause.speaker and _TO_OTHER.search(clause.text):
                    return None
                if _NEW_TASK.match(clause.text):
                    return None
                if thread.what[-1] is not clause:
                    thread.what.append(clause)
                    self._date_from(thread, clause)
                return thread
        return None


def _hollow(clause: Clause) -> bool:
    """Said of the past, of others, of some day, or as a reason: no commitment."""
    return (
        bool(_REASON.match(clause.text))
        or clause.has("third")
        or (clause.has("past") and not clause.has("commit", "offer"))
        or clause.has("vague")
    )


RULES: tuple[Callable[[Dialogue, Clause], bool], ...] = (
    Dialogue.retract,
    Dialogue.refuse,
    Dialogue.redate,
    Dialogue.commit,
    Dialogue.offer,
    Dialogue.request,
)
