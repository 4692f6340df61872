"""English days that only the words before them settle: the Friday before, the day after, that Monday."""

from __future__ import annotations

import re
from dataclasses import replace

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.english_days import MONTHS, WEEKDAYS
from models.stages.deadlines.english_distances import amount
from models.stages.deadlines.english_moments import one_day, time_after
from models.stages.deadlines.expression import Phrase, Scope, Seek, SeekKind
from models.stages.deadlines.words import SENTENCE_ENDS, Tokens, listed

Partial = tuple[Phrase, int] | None
"""A phrase whose character offsets are not set yet, and the next token."""

_LEADS = ("by", "on", "for", "at", "back on", "from", "back by", "in time for", "no later than")
_CLOSES = frozenset(
    listed(
        ". , ? ! ; : 。 - – — so then and but or at with in if okay ok please for to yeah yes right maybe now"
    )
)
"""What may follow "the Friday before": anything else is what it is before."""
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_BESIDE = {
    "the day after": 1,
    "the day after that": 1,
    "the next day": 1,
    "the following day": 1,
    "next day": 1,
    "the morning after": 1,
    "the next morning": 1,
    "the following morning": 1,
    "the day before": -1,
    "the day before that": -1,
    "the night before": -1,
    "the evening before": -1,
    "the previous day": -1,
    "a day earlier": -1,
    "that day": 0,
    "that very day": 0,
    "that same day": 0,
    "that morning": 0,
    "that afternoon": 0,
    "that evening": 0,
    "the same day": 0,
    "on the same day": 0,
}
_IN_THIS_TURN = {
    "straight after": 0,
    "right after": 0,
    "straight afterwards": 0,
    "right afterwards": 0,
    "beforehand": -1,
}
_HABIT = frozenset(
    listed(
        "every each whenever always if when any i'd would you'd we'd mondays tuesdays wednesdays thursdays "
        "fridays"
    )
)
_LOOK_BACK = 24


_MONTH_NOUN = re.compile(
    r"\b(?:the|our|that|this|your|my) (?P<month>january|february|april|june|july|august|september|october|"
    r"november|december|(?-i:March|May)) [a-z]",
    re.IGNORECASE,
)


def months_mentioned(text: str) -> list[int]:
    """Months that only say which thing is meant ("the June meeting"): a day after them is in that month."""
    return [MONTHS[m["month"].lower()] for m in _MONTH_NOUN.finditer(text)]


def closes(t: Tokens, i: int) -> bool:
    """Whether token i ends an expression of time that has no object."""
    return not t[i] or t[i] in _CLOSES


def _habitual(t: Tokens, i: int) -> bool:
    """Whether the sentence up to token i tells of every such day: then no single one is meant."""
    for j in range(i - 1, max(-1, i - _LOOK_BACK), -1):
        if t[j] in SENTENCE_ENDS:
            return False
        if t[j] in _HABIT:
            return True
    return False


def leaning(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read a day that leans on a day named before; without one it stays as open as it was."""
    j = t.expect(i, *_LEADS) or i
    return _weekday(t, i, j, scope) or _beside(t, i, j) or _counted(t, i, j)


def _open(seek: Seek, *, marked: bool = False) -> Phrase:
    return Phrase(0, 0, "due", "relative_to_context", marked=marked, plain=not marked, seek=seek)


def _weekday(t: Tokens, i: int, j: int, scope: Scope) -> Partial:
    """That Monday | on the Friday | the Friday before | the Wednesday after | the twelfth, the Friday."""
    if t[j] not in {"the", "that"} or t[j + 1] not in WEEKDAYS:
        return None
    day, end = WEEKDAYS[t[j + 1]], j + 2
    marked = i < j and t[i] in {"by", "no"}
    beside = t.expect(end, "before that", "before", "after that", "after")
    if beside and closes(t, beside):
        kind: SeekKind = "weekday_before" if t[end] == "before" else "weekday_after"
        return _open(Seek(kind, day), marked=marked), beside
    if not (closes(t, end) or time_after(t, end)) and t[j] == "the":
        return None
    one = one_day(t, j + 1, scope)
    if one and (one[1] > end or (t[j - 1] == "," and j == i)):
        return None
    time = time_after(t, end)
    plain = Phrase(0, 0, "due", "bare_weekday", cal.weekday_after(scope.meeting, day), marked=marked)
    turns = 3 if t[j] == "that" else 1
    return replace(plain, plain=not marked, seek=Seek("weekday", day, turns)), time[1] if time else end


def _beside(t: Tokens, i: int, j: int) -> Partial:
    """The day after | the next day | that same day | straight after."""
    for table, turns in ((_BESIDE, 2), (_IN_THIS_TURN, 0)):
        found = t.lookup(j, table)
        whole = found and (
            closes(t, found[1]) or (t[found[1] - 1] == "day" and t[j + 1] in {"next", "following"})
        )
        if found and whole and not _habitual(t, i):
            return _open(Seek("shift", found[0], turns, optional=True), marked=i < j), found[1]
    on_the_day = t.expect(i, "on the day", "on the day itself")
    if on_the_day and closes(t, on_the_day) and not _habitual(t, i):
        return _open(Seek("shift", 0, 1, optional=True)), on_the_day
    return None


def _counted(t: Tokens, i: int, j: int) -> Partial:
    """One week before that | two days after that | a fortnight from then | a week later."""
    found = amount(t, j)
    number, unit, after = found or (None, "", j)
    if number is None or unit not in _DAYS:
        return None
    end = t.expect(after, "before that", "before then", "before")
    sign = -1
    if end is None:
        sign, end = 1, t.expect(after, "after that", "from then", "from that", "after then")
    if end is None or not closes(t, end):
        return None
    optional = t[end - 1] == "before"
    return _open(Seek("shift", sign * number * _DAYS[unit], 2, optional=optional), marked=True), end
