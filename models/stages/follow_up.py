"""What became of the open items of the previous minutes: mentioned, done, moved or forgotten.

An item is found again by the words it shares with a clause; done and moved need a cue in that clause or its
neighbours. Without clear words it is only "mentioned": nobody is told that something is done on a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from models.schema import ActionItem, FollowUp, Transcript, TurnLabels
from models.stages.clauses import Clause, split_clauses
from models.stages.deadlines import Calendar
from models.stages.evidence import quote_clauses
from models.stages.words import content_words

SHARE = 0.4
"""Share of the item's content words that must be heard again, at least two of them."""
_DONE = re.compile(
    r"\b(?:done|finished|sent|delivered|completed?|sorted|out the door|handed (?:it )?in|submitted)\b"
    r"|\b(?:went out|closed|ticked off)\b"
    r"|(?:做|写|发|交|弄|办|改|换|补|提交|处理|整理|上线|更新|搞)(?:完|好|掉|过去)?(?:给[你您])?了|已经.{0,8}(?:完|好|发|交|上)|完成|搞定|结束了",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|n't|isn't|haven't|hasn't|nearly|almost|half|when|will|yet)\b|没|还没|未|快要?|差一点|什么时候|不",
    re.IGNORECASE,
)


def follow_up(
    previous_items: Sequence[ActionItem],
    transcript: Transcript,
    labels: Sequence[TurnLabels] | None = None,
    country: str | None = None,
) -> tuple[FollowUp, ...]:
    """One FollowUp an open item, in their order. `due` is the new date when the item was moved."""
    turns = split_clauses(transcript.turns, Calendar(date.fromisoformat(transcript.date), country, None))
    return tuple(_status(item, turns, transcript) for item in previous_items)


def _status(item: ActionItem, turns: Sequence[Sequence[Clause]], transcript: Transcript) -> FollowUp:
    wanted = content_words(item.task)
    heard = [c for clauses in turns for c in clauses if _about(c, wanted)]
    if not heard:
        return FollowUp(item.id, "forgotten")
    around = [c for h in heard for c in _exchange(h, turns)]
    done = next(
        (c for c in around if _DONE.search(c.text) and not _NOT.search(c.text) and not c.question), None
    )
    if done is not None:
        return FollowUp(item.id, "done", None, quote_clauses([heard[0], done], transcript))
    moved = next(
        (
            c
            for c in reversed(around)
            if c.due is not None and c.has("amend", "shift", "commit") and not c.has("past")
        ),
        None,
    )
    if moved is not None and moved.due is not None and moved.due.due not in (None, item.due):
        return FollowUp(item.id, "moved", moved.due.due, quote_clauses([heard[0], moved], transcript))
    return FollowUp(item.id, "mentioned", None, quote_clauses(heard[:3], transcript))


def _about(clause: Clause, wanted: frozenset[str]) -> bool:
    shared = len(clause.words & wanted)
    return shared >= 2 and shared >= SHARE * len(wanted)


def _exchange(clause: Clause, turns: Sequence[Sequence[Clause]]) -> list[Clause]:
    """List the clauses of the turn from this one on, and of the next turn."""
    own = [c for c in turns[clause.position] if c.start >= clause.start]
    return own + list(turns[clause.position + 1] if clause.position + 1 < len(turns) else [])
