"""When a task is due: dates said with it, alone, in answer to "when", or changed many turns later."""

from __future__ import annotations

from models.stages.clauses import PERIODS, Clause
from models.stages.owners import Owner
from models.stages.threads import STANDING, State, Thread
from models.stages.topics import ANSWER_REACH, FOCUS_REACH, Topics

BRIEF = 40
"""Characters up to which a clause with an amending phrase is about its date."""
TASKS = ("request", "commit", "weak_commit", "offer")


class Dating(Topics):
    """Threads and their dates; the last one agreed counts."""

    _asked_when: tuple[int, str] | None = None
    """Position and speaker of the last "when?"."""

    def redate(self, clause: Clause) -> bool:
        """Let a date said alone, in answer to "when", or with an amending phrase move the thread in focus."""
        if clause.due is None:
            return self._shift(clause)
        if clause.has("past", "third") or (clause.has("commit") and not clause.bare):
            return False
        if self._task_follows(clause):
            return False
        answers = self._answers_when(clause) and not clause.has("obstacle")
        brief = len(clause.words) <= 2 and len(clause.text) <= BRIEF
        exact = clause.due.rule not in PERIODS
        moves = clause.has("shift") or (clause.has("amend") and brief and exact)
        if not (clause.bare or answers or moves):
            return False
        near = [t for t in self.live() if clause.position - t.touched <= FOCUS_REACH]
        thread = next(
            (t for t in (self.focus(clause), *near) if t is not None and self._fits(t, clause)), None
        )
        if thread is None:
            return (answers or (clause.bare and self._just_asked(clause))) and self._implied(clause)
        self._set_date(thread, clause)
        return True

    def _task_follows(self, clause: Clause) -> bool:
        """Whether the same sentence goes on to a task of its own, which will take the date."""
        rest = (
            c
            for c in self._turns[clause.position]
            if c.sentence == clause.sentence and c.start > clause.start
        )
        return any(c.has(*TASKS) and len(c.words) >= 2 for c in rest)

    def _answers_when(self, clause: Clause) -> bool:
        """Whether somebody else has just asked for a date, or for the task, that this clause can date."""
        if clause.due is None or clause.due.rule in PERIODS or clause.question:
            return False
        at, who = self._asked_when or (None, None)
        if at is not None and who != clause.speaker and clause.position - at < ANSWER_REACH:
            return True
        return any(t.kind == "request" and clause.position - t.touched <= 1 for t in self.answerable(clause))

    @staticmethod
    def _fits(thread: Thread, clause: Clause) -> bool:
        """Whether date and thread match: no single date ends a series, or the reverse, unless named."""
        known = thread.date is not None and thread.date.recurrence is not None
        if thread.date is None or known == clause.recurs:
            return True
        return bool(thread.words & clause.words)

    def _shift(self, clause: Clause) -> bool:
        """Take "can we push it?" as being about the thread in focus: the date follows."""
        brief = clause.has("shift") and len(clause.words) <= 3 and not clause.has("commit")
        thread = self.focus(clause) if brief else None
        if thread is None or thread.date is None:
            return False
        thread.replies.append(clause)
        thread.touched = clause.position
        self._focus = thread
        return True

    def _implied(self, clause: Clause) -> bool:
        """Open a task that was only asked about: "Are the sheets there?" is answered by "end of the week"."""
        asked = self._substance_before(clause)
        if asked is None or clause.question:
            return False
        thread = self._open("self", asked, Owner(clause.speaker), State.ACCEPTED, "self_commitment")
        thread.what.append(clause)
        thread.signs.add("implied")
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
        self._focus = thread
        if thread.state in STANDING:
            thread.move(thread.state if first else State.AMENDED, clause, "dated" if first else "redated")
        else:
            thread.touched = clause.position

    def _adopt_date(self, thread: Thread, clause: Clause) -> None:
        """Keep the date the other has just named: "They want it by the fourth", then "leave that with me"."""
        for other in reversed(self._turns[clause.position - 1] if clause.position else ()):
            if other.speaker != clause.speaker and other.due is not None and not other.has("past", "third"):
                self._set_date(thread, other)
                return

    def _date_from(self, thread: Thread, clause: Clause) -> None:
        """Take the date of the clause, or of a neighbour in its sentence that is no reason against it."""
        if clause.due is None:
            for other in self._turns[clause.position]:
                near = other.sentence == clause.sentence and other.due is not None
                if near and not other.has("obstacle", "past", "third", "commit", "request"):
                    clause = other
        if clause.due is not None:
            self._set_date(thread, clause)
