"""English holidays and events: "Easter", "the audit on the 28th", "Monday's review", "before I leave"."""

from __future__ import annotations

from dataclasses import replace

from models.stages.deadlines.english_days import MONTHS, WEEKDAYS, Found, relative_day, weekday
from models.stages.deadlines.english_moments import moment
from models.stages.deadlines.english_series import EVENTS
from models.stages.deadlines.expression import Anchor, Scope
from models.stages.deadlines.holidays import named_holiday, next_public_holiday
from models.stages.deadlines.words import Tokens, listed

_HOLIDAYS = {
    "christmas": "christmas",
    "christmas day": "christmas",
    "xmas": "christmas",
    "christmas eve": "christmas eve",
    "boxing day": "boxing day",
    "new year": "new year",
    "the new year": "new year",
    "new year's": "new year",
    "new year's day": "new year",
    "new years": "new year",
    "new year's eve": "new year's eve",
    "easter": "easter",
    "easter break": "easter",
    "good friday": "good friday",
    "easter monday": "easter monday",
    "whitsun": "whitsun",
    "ascension day": "ascension",
    "halloween": "halloween",
    "valentine's day": "valentine's day",
    "thanksgiving": "thanksgiving",
    "independence day": "independence day",
    "memorial day": "memorial day",
    "labor day": "labour day",
    "labour day": "labour day",
    "may day": "may day",
    "veterans day": "veterans day",
    "columbus day": "columbus day",
    "juneteenth": "juneteenth",
    "canada day": "canada day",
    "australia day": "australia day",
    "anzac day": "anzac day",
    "diwali": "diwali",
    "deepavali": "deepavali",
    "hari raya": "hari raya",
    "republic day": "republic day",
    "national day": "national day",
    "chinese new year": "chinese new year",
    "cny": "chinese new year",
    "lunar new year": "chinese new year",
    "spring festival": "spring festival",
    "golden week": "golden week",
    "martin luther king day": "martin luther king day",
    "mlk day": "martin luther king day",
    "presidents' day": "presidents' day",
    "presidents day": "presidents' day",
    "president's day": "presidents' day",
    "st patrick's day": "saint patrick's day",
    "saint patrick's day": "saint patrick's day",
    "st patricks day": "saint patrick's day",
    "paddy's day": "saint patrick's day",
    "victoria day": "victoria day",
    "waitangi day": "waitangi day",
    "matariki": "matariki",
    "remembrance day": "remembrance day",
    "heritage day": "heritage day",
    "malaysia day": "malaysia day",
    "vesak day": "vesak",
    "holi": "holi",
    "bonfire night": "bonfire night",
    "guy fawkes night": "bonfire night",
    "burns night": "burns night",
    "women's day": "women's day",
    "international women's day": "women's day",
    "mid autumn": "mid-autumn",
    "tomb sweeping day": "qingming",
    "mid autumn festival": "mid-autumn",
    "dragon boat festival": "dragon boat",
    "qingming": "qingming",
}
_PUBLIC = ("bank holiday", "public holiday", "next bank holiday", "next public holiday")


def holiday(t: Tokens, i: int, scope: Scope) -> Found:
    """Give a holiday by name, or "the bank holiday": the next one. Unknown year or country: null."""
    j = t.skip(i, {"the"})
    if end := t.expect(j, *_PUBLIC):
        country = scope.calendar.country
        bank = country is not None or t[end - 2] == "bank"
        day = next_public_holiday(country, scope.earliest) if bank else None
        return Anchor.day("public_holiday", day, event=True), end
    found = t.lookup(j, _HOLIDAYS) or t.lookup(i, _HOLIDAYS)
    if not found:
        return None
    name, end = found
    end = t.expect(end, "break", "holiday", "holidays", "vacation") or end
    days = named_holiday(name, scope.calendar.country, scope.earliest)
    if days is None and scope.mandarin and scope.calendar.country is None:
        days = named_holiday(name, "CN", scope.earliest)
    return Anchor.span("holiday", days, event=True), end


_DETERMINERS = frozenset(listed("the our my your his her their a an we i you they he she it this that all"))
_NOT_INSIDE = frozenset(
    listed("will won't can could should would if not . , ! ? ; : and or but because so by")
)
_SUBJECTS = frozenset(listed("i we you they he she it"))
_WIDEST = 7


def dated_event(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "the audit on the 28th", "the client review next Tuesday", "we meet on Friday"."""
    if t[i] not in _DETERMINERS:
        return None
    for j in range(i + 2, i + _WIDEST):
        if not t[j - 1] or t[j - 1] in _NOT_INSIDE or t[j - 1] in WEEKDAYS or t[j - 1] in MONTHS:
            return None
        at = t.skip(j, {"on", "of"})
        named = at > j or (t[j - 1] in EVENTS)
        found = moment(t, at, scope) if named else None
        if found:
            return _as_event(found[0]), found[1]
    return None


def _as_event(day: Anchor) -> Anchor:
    return replace(day, rule="event_on_day" if day.last else day.rule, event=True, inclusive=False)


def possessive_event(t: Tokens, i: int, scope: Scope) -> Found:
    """Monday's review | tomorrow's call | the Friday demo: an event on a day."""
    j = t.skip(i, {"the", "our", "this", "next"})
    word = t[j].removesuffix("'s")
    possessive = word != t[j]
    day: Anchor | None = None
    if word in WEEKDAYS and (possessive or t[j - 1] in {"the", "our"}):
        which = weekday(Tokens(f"{t[i] if t[i] in {'this', 'next'} else ''} {word}"), 0, scope)
        day = which[0] if which else None
    elif possessive and word in {"today", "tomorrow", "tonight"}:
        found = relative_day(Tokens(word), 0, scope)
        day = found[0] if found else None
    if day is None:
        return None
    for k in range(j + 1, j + 4):
        if t[k] in EVENTS:
            return _as_event(day), k + (2 if t[k + 1] in EVENTS else 1)
    return (_as_event(day), j + 2) if possessive and t[j + 1].isalpha() else None


def undated_event(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "the audit", "our next sprint review": a point in time that nobody dated."""
    if t[i] not in _DETERMINERS | {"next"}:
        return None
    for j in range(i + 1, i + 5):
        if t[j] in EVENTS:
            return Anchor("event_undated"), j + (2 if t[j + 1] in EVENTS else 1)
        if not t[j].isalpha() or t[j] in _NOT_INSIDE or t[j] in _SUBJECTS:
            return None
    return None


_LEAVING = frozenset(
    f"{who} {verb}"
    for who in ("i", "we", "you", "they", "he", "she")
    for verb in listed(
        "leave|go home|go|head home|head off|head out|log off|sign off|knock off|clock off|clock out|"
        "finish|finish up|finish today|go to bed|shut down|close|close up|pack up",
        "|",
    )
)
_ELSEWHERE = frozenset(listed("for on to into at with the from away live over my our through back"))


def leaving(t: Tokens, i: int, scope: Scope) -> Found:
    """Read "I leave", "we go home": the end of the meeting day, or of the day that is named with it."""
    end = t.expect(i, *_LEAVING)
    if end is None:
        return None
    day = moment(t, t.skip(end, {"on"}), scope)
    if day:
        return replace(day[0], inclusive=True), day[1]
    if t[end] in _ELSEWHERE and not (tonight := t.expect(end, "the night", "for the day", "for the night")):
        return None
    tonight = t.expect(end, "the night", "for the day", "for the night", "the office")
    return Anchor.day("before_leaving", scope.meeting, inclusive=True), tonight or end
