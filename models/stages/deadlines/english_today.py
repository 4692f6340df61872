"""English moments of the meeting day: in a bit, before five, after lunch, when we're done here.

They also fill talk that sets no time, so each needs something that makes it one: a promise in its sentence,
the end of the expression, and no habit or condition around it.
"""

from __future__ import annotations

from models.stages.deadlines.english_context import closes
from models.stages.deadlines.english_moments import HOURS, clock
from models.stages.deadlines.expression import Phrase, Scope, Seek
from models.stages.deadlines.words import SENTENCE_ENDS, Tokens, listed

Partial = tuple[Phrase, int] | None
"""A phrase whose character offsets are not set yet, and the next token."""

_PROMISE = frozenset(listed("i'll we'll you'll will can could let let's shall gonna it'll they'll"))
_NO_PROMISE = frozenset(
    listed(
        "every each always usually often if whenever was were did had went yesterday generally sometimes "
        "never normally won't can't couldn't most last"
    )
)
_SOON = (
    "in a bit", "in a minute", "in a moment", "in a sec", "in a second", "in a tick", "in a little bit",
    "in a little while", "in a wee while", "in a wee bit", "in a couple of minutes", "in a few minutes",
    "in a jiffy", "in a mo", "in five", "in ten", "this minute", "this instant", "this very minute",
)  # fmt: skip
_BREAKS = (
    "on my break", "on my next break", "on the next break", "in my break", "in my lunch", "in my lunch hour",
    *(
        f"{when} {what}"
        for when in ("after", "over", "at", "right after", "straight after", "during", "before", "by")
        for what in ("lunch", "lunchtime", "dinner", "tea", "my break", "the break", "coffee", "our break")
    ),
)  # fmt: skip
_MIDDAY = (
    "by noon", "by midday", "before noon", "before midday", "by lunch", "by lunchtime", "before lunch",
    "before midnight", "by midnight", "by dinner", "by dinnertime", "by teatime",
)  # fmt: skip
_DONE = tuple(
    f"{when} {who} {state}"
    for when in ("when", "once", "as soon as", "after", "the moment", "the minute")
    for who in ("we're", "i'm", "we are", "we've", "we", "we have")
    for state in (
        "done", "finished", "stopped", "done here", "finished here", "through", "through here", "finish",
        "stop", "finish here", "hang up", "hung up", "out of here",
    )
)  # fmt: skip
_AFTER_THIS = (
    "right after this", "straight after this", "directly after this",
    *(
        f"{when}{this}"
        for when in ("", "right ", "straight ", "just ", "directly ")
        for this in ("after this meeting", "after this call", "after this chat", "after our chat")
    ),
)  # fmt: skip
_NOW_VERBS = frozenset(
    listed(
        "send ring call email mail text message book mark forward share raise write ask log add update print "
        "put ping order cancel submit upload file note move"
    )
)
_REACH = 12
_ALMOST_NOTHING = 1
"""With so few other words the time itself is the answer: "Before five, okay?" """


def _around(t: Tokens, i: int, end: int) -> set[str]:
    """Words of the sentence, at most so many to each side."""
    low = i
    while low > 0 and i - low < _REACH and t[low - 1] not in SENTENCE_ENDS:
        low -= 1
    high = end
    while t[high] and high - end < _REACH and t[high] not in SENTENCE_ENDS:
        high += 1
    return {*t.words[low:i], *t.words[end:high]}


def _promised(t: Tokens, i: int, end: int) -> bool:
    words = _around(t, i, end)
    if len([word for word in words if word.isalnum()]) <= _ALMOST_NOTHING:
        return True
    return not words.isdisjoint(_PROMISE) and words.isdisjoint(_NO_PROMISE)


def today(t: Tokens, i: int, scope: Scope) -> Partial:
    """Read a moment of the meeting day."""
    by = t[i] in {"by", "before"}
    end = _hour(t, i) if by and t[i - 1] not in HOURS else None
    end = end or t.expect(i, *_MIDDAY, *_SOON, *_BREAKS, *_AFTER_THIS, *_DONE) or _now(t, i)
    end = (t.expect(end, "today", "this afternoon") or end) if end else None
    if end is None or not closes(t, end) or not _promised(t, i, end):
        return None
    seek = Seek("today", turns=1) if by else None
    return Phrase(0, 0, "due", "end_of_day", scope.meeting, marked=by, plain=not by, seek=seek), end


def _hour(t: Tokens, i: int) -> int | None:
    """By 3pm | before half past four | before five."""
    end = clock(t, i + 1)
    return end or (i + 2 if t[i + 1] in HOURS and t[i + 1] != "0" else None)


def _now(t: Tokens, i: int) -> int | None:
    """Read "I'll send it now": only behind such a verb, and not "for now" or "by now"."""
    end = t.expect(i, "now", "right now", "straight away now")
    if end is None or t[i - 1] in {"by", "for", "until", "till", "from", "and", "but", "just", ",", "."}:
        return None
    back = t.words[max(0, i - 9) : i]
    first = max((n for n, word in enumerate(back) if word in {"i'll", "me"}), default=None)
    return end if first is not None and len(back) > first + 1 and back[first + 1] in _NOW_VERBS else None
