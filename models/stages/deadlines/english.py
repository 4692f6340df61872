"""The English grammar of deadlines: modifiers over days, periods, distances, events and recurrences.

    expression := recurrence | start | until | before | by | [on | in | ...] point
    point      := moment | period | end of period | distance | holiday | event on a day

Productions look ahead a bounded number of tokens, so reading a text takes time linear in its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.english_context import leaning
from models.stages.deadlines.english_distances import (
    amount,
    distance_ahead,
    distance_back,
    shifted_by,
)
from models.stages.deadlines.english_events import dated_event, leaving
from models.stages.deadlines.english_points import EVENTS, point
from models.stages.deadlines.english_series import series
from models.stages.deadlines.english_today import today
from models.stages.deadlines.expression import Anchor, Phrase, Scope, starting
from models.stages.deadlines.words import Tokens

Partial = tuple[Phrase, int] | None
"""A phrase whose character offsets are not set yet, and the next token."""

_BEFORE = (
    "before",
    "prior to",
    "ahead of",
    "in advance of",
    "any time before",
    "just before",
    "right before",
)
_BY = (
    "by", "by no later than", "no later than", "not later than", "at the latest by", "latest by", "latest",
    "on or before", "due", "due by", "due on", "by the latest", "before or on", "at the latest on",
    "in time for", "by latest", "for", "not after",
)  # fmt: skip
_UNTIL = (
    "until", "till", "til", "'til", "up to", "up until", "up till", "straight through until", "right up to",
    "right through to", "through to", "all the way to", "through until", "until after", "right up until",
    "through", "right through", "all through to",
    "up to and including",
)  # fmt: skip
_STARTING = (
    "starting", "starting from", "starting on", "starting with", "beginning", "beginning on", "as of",
    "as from", "with effect from", "effective", "effective from", "from", "commencing",
)  # fmt: skip
_PLAIN = (
    "on",
    "in",
    "during",
    "over",
    "at",
    "for",
    "some time",
    "sometime",
    "sometime in",
    "as early as",
    "at the",
)
_AFTER = (
    "after", "right after", "straight after", "not before", "no earlier than", "not earlier than",
    "not until",
)  # fmt: skip
_AROUND = ("around", "about", "roughly", "somewhere around", "by around", "by about", "towards")
_ONWARDS = ("on", "onwards", "onward", "forward", "forwards", "on out")
_LATEST = ("at the latest", "at the very latest", "latest", "at latest", "or sooner", "or earlier", "please")


def _due(anchor: Anchor, end: int, *, marked: bool, plain: bool = False) -> Partial:
    if anchor.past:
        return Phrase(0, 0, "past", "past"), end
    coarse = anchor.whole
    phrase = Phrase(0, 0, "due", anchor.rule, anchor.last, marked=marked, plain=plain, coarse=coarse)
    return replace(phrase, names=anchor.named, seek=anchor.sought()), end


def _before(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read "before X": the day before it begins; the end of a period and a time of day keep their day."""
    j = t.expect(i, *_BEFORE)
    if j is None:
        return None
    found = leaving(t, j, scope)
    if found:
        return _due(found[0], found[1], marked=True)
    found = point(t, j, scope.from_tomorrow(), EVENTS)
    today = point(t, j, scope, EVENTS)
    if not found or found[0].past:
        return None
    anchor = today[0] if today and today[0].first == scope.meeting and today[0].inclusive else found[0]
    due = anchor.due_before()
    if due and due < scope.meeting and anchor.event and anchor.first == scope.meeting:
        due = scope.meeting
    rule = anchor.rule if anchor.last is None else f"before_{anchor.rule}"
    seek = anchor.sought(0 if anchor.inclusive else -1)
    return Phrase(0, 0, "due", rule, due, marked=True, names=anchor.named, seek=seek), found[1]


def _by(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read "by X", "for X": X itself. A month or a weekend may mean its beginning: not resolved."""
    j = t.expect(i, *_BY)
    if j is None:
        return None
    j = t.skip(j, {"on"})
    strong = t[i] != "for"
    found = point(t, j, scope, (dated_event,) if strong else ())
    if not found and strong:
        found = distance_ahead(t, j, scope)
    if not found:
        return None
    anchor, end = found
    if anchor.event and anchor.rule == "holiday":
        anchor = replace(anchor, last=anchor.first)
    if strong and anchor.whole and anchor.rule in {"named_month", "weekend"}:
        return Phrase(0, 0, "due", f"by_{anchor.rule}", None, marked=True), end
    return _due(anchor, end, marked=strong, plain=not strong and anchor.whole)


def _until(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read "until X": up to X, an event excluded."""
    j = t.expect(i, *_UNTIL)
    if j is None:
        return None
    found = point(t, j, scope, () if t[j - 1] == "through" else EVENTS)
    if not found or found[0].past:
        return None
    anchor, end = found
    due = anchor.due_before() if anchor.event else anchor.last
    if anchor.whole and anchor.rule == "named_month" and t[j - 1] != "through":
        due = None
    return Phrase(0, 0, "until", f"until_{anchor.rule}", due, names=anchor.named), end


def _from(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read "from Monday on", "starting next week": where a series begins. "From X to Y" ends with Y."""
    since = t.expect(i, "since", "ever since", "back in", "back on")
    if since is not None:
        found = point(t, since, scope)
        return (Phrase(0, 0, "past", "past"), found[1]) if found else None
    j = t.expect(i, *_STARTING, "between")
    found = point(t, j, scope) if j is not None else None
    if j is None or not found:
        return None
    anchor, end = found
    second = t.expect(end, "to", "until", "till", "through", "-", "–", "and" if t[i] == "between" else "to")
    last = point(t, second, scope) if second else None
    if last and (t[i] in {"from", "between"}):
        ranged = _due(last[0].following(anchor), last[1], marked=False, plain=True)
        return (replace(ranged[0], since=anchor.first), ranged[1]) if ranged else None
    if t[i] == "between":
        return None
    if anchor.past:
        return Phrase(0, 0, "past", "past"), end
    onwards = t.expect(end, *_ONWARDS)
    return starting(anchor, scope.meeting, open_end=onwards is not None), onwards or end


def _after(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read "after X": open-ended, no deadline can be told."""
    around = t.expect(i, *_AROUND) if t[i - 1] not in {"what", "how"} else None
    j = around or t.expect(i, *_AFTER)
    found = point(t, j, scope) if j is not None else None
    if not found:
        return None
    rule = "around" if around else "after"
    return Phrase(0, 0, "due", rule, None, names=found[0].named), found[1]


def _plain(t: Tokens, i: int, scope: Scope) -> Partial:
    """[on | in | this ...] X, or a distance."""
    found = distance_back(t, i, scope) or distance_ahead(t, i, scope)
    if found:
        return _due(found[0], found[1], marked=t[i] in {"within", "inside"}, plain=True)
    j = t.expect(i, *_PLAIN) or i
    found = point(t, j, scope)
    if found:
        return _due(found[0], found[1], marked=False, plain=True)
    return None


def _count(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read "for (the next) four weeks": the length of a series, otherwise a duration."""
    j = t.expect(i, "for", "for the next", "for the coming", "over the next", "for another")
    found = amount(t, j) if j is not None else amount(t, i)
    if not found:
        return None
    number, unit, end = found
    weeks = {"week": 1, "fortnight": 2}.get(unit)
    if j is None or number is None or weeks is None:
        return Phrase(0, 0, "duration", "duration"), end
    return Phrase(0, 0, "count", "duration", count=number * weeks), end


def _series(t: Tokens, i: int, scope: Scope) -> Partial:
    found = series(t, i, scope.calendar)
    if not found:
        return None
    every, rule, end = found
    start = scope.meeting if rule == "from_now_on" else None
    return Phrase(0, 0, "every", rule, every=every, since=start), end


_GIVE = ("give me", "give me another", "gimme", "give us", "i'll need", "i'd need", "allow me")
_GIVEN = {"day", "week", "fortnight", "working", "month"}


def _given(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read "give me two days": so long from the meeting."""
    j = t.expect(i, *_GIVE)
    found = amount(t, j) if j is not None else None
    if (
        not found
        or found[1] not in _GIVEN
        or t[found[2]] in {"off", "of", "leave", "before", "after", "from"}
    ):
        return None
    number, unit, end = found
    return _due(shifted_by(scope.meeting, number, unit, scope), end, marked=False, plain=True)


_PHRASES = (_given, leaning, today, _series, _before, _by, _until, _from, _after, _plain, _count)


def english_phrases(text: str, calendar: Calendar, *, mandarin: bool = False) -> Iterator[Phrase]:
    """Every expression of time in an English text, in order; at each place the longest reading wins."""
    t = Tokens(text)
    scope = Scope.of(calendar, mandarin=mandarin)
    i = 0
    while i < len(t):
        found = [f for production in _PHRASES if (f := production(t, i, scope))]
        if not found:
            i += 1
            continue
        phrase, end = max(found, key=lambda f: f[1])
        if earliest := t.expect(end, "at the earliest", "or later"):
            phrase, end = Phrase(0, 0, "due", "after"), earliest
        latest = t.expect(t.skip(end, {","}), *_LATEST)
        end = latest or end
        due = phrase.due if phrase.due and phrase.due >= scope.meeting else None
        marked = phrase.marked or bool(latest)
        yield replace(phrase, start=t.starts[i], end=t.ends[end - 1], due=due, marked=marked)
        i = end
