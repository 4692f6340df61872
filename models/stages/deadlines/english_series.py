"""English recurrences: every Tuesday, fortnightly, on Mondays, before every client meeting, from now on."""

from __future__ import annotations

from models.schema import Recurrence
from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.english_days import WEEKDAYS
from models.stages.deadlines.english_moments import time_after
from models.stages.deadlines.expression import Every
from models.stages.deadlines.spoken_numbers import english_cardinal, english_ordinal
from models.stages.deadlines.words import Tokens, listed

Series = tuple[Every, str, int] | None
"""What recurs, the rule's name, the next index."""

PLURALS = {f"{name}s": n for name, n in WEEKDAYS.items() if name.endswith("day")}
_EVERY = dict.fromkeys(("every", "each", "every single", "each and every"), True)
_UNITS: dict[str, tuple[str, Recurrence | None]] = {
    "day": ("day", "daily"),
    "days": ("day", "daily"),
    "morning": ("day", "daily"),
    "afternoon": ("day", "daily"),
    "evening": ("day", "daily"),
    "night": ("day", "daily"),
    "weekday": ("day", "daily"),
    "working day": ("day", "daily"),
    "workday": ("day", "daily"),
    "business day": ("day", "daily"),
    "week": ("week", "weekly"),
    "weeks": ("week", "weekly"),
    "weekend": ("week", "weekly"),
    "fortnight": ("fortnight", "biweekly"),
    "month": ("month", "monthly"),
    "months": ("month", "monthly"),
    "quarter": ("quarter", "quarterly"),
    "quarters": ("quarter", "quarterly"),
    "year": ("year", None),
    "years": ("year", None),
}
_MULTIPLES: dict[tuple[int, str], Recurrence] = {
    (2, "week"): "biweekly",
    (4, "week"): "monthly",
    (3, "month"): "quarterly",
    (1, "fortnight"): "biweekly",
    (7, "day"): "weekly",
    (14, "day"): "biweekly",
}
_ADVERBS: dict[str, Recurrence | None] = {
    "daily": "daily",
    "weekly": "weekly",
    "fortnightly": "biweekly",
    "biweekly": "biweekly",
    "bi weekly": "biweekly",
    "monthly": "monthly",
    "quarterly": "quarterly",
}
_RATES: tuple[tuple[str, Recurrence], ...] = (
    ("day", "daily"), ("week", "weekly"), ("month", "monthly"), ("quarter", "quarterly"),
)  # fmt: skip
_COUNTED: dict[str, Recurrence] = {
    f"{often} {a} {unit}": name
    for often in ("once", "twice", "three times", "one time", "two times")
    for a in ("a", "per", "every", "each")
    for unit, name in _RATES
}
_COUNTED |= {"once a fortnight": "biweekly", "every now and again": "per_event", "day by day": "daily"}
_EACH_TIME = (
    "every time",
    "each time",
    "whenever",
    "every single time",
    "any time",
    "anytime",
    "every occasion",
)
_NOT_EVENTS = frozenset(
    listed(
        "one body thing where other of now so bit chance reason right person people customer member "
        "employee colleague single side way word effort time team department manager engineer developer "
        "once kind sort number penny inch cent else aspect detail opportunity confidence success , . ? !"
    )
)
_LEADS = (
    "before", "after", "ahead of", "prior to", "at", "with", "for", "on", "in", "by", "until", "the", "to",
)  # fmt: skip
_EDGE = (
    "by the end of", "at the end of", "the end of", "end of", "by end of", "at the start of", "the start of",
)  # fmt: skip
FROM_NOW_ON = (
    "from now on", "from here on", "from here on in", "from here on out", "from now onwards", "from now",
    "from this point on", "from this day on", "going forward", "going forwards", "henceforth",
    "from today on", "from today onwards", "in future",
)  # fmt: skip
EVENTS = frozenset(
    listed(
        "meeting meetings call calls review reviews audit release launch handover handoff handoffs demo "
        "workshop presentation visit trip interview offsite retro retrospective planning exam conference "
        "summit fair deadline rollout deployment migration training session event kickoff inspection "
        "hearing renewal town board delivery shift standup sync appraisal calibration party wedding holiday "
        "holidays leave vacation shipment request requests report ticket order invoice check closing freeze "
        "cutover trial pitch tender"
    )
)


def series(t: Tokens, i: int, calendar: Calendar) -> Series:
    """Any recurrence at token i."""
    return _every(t, i, calendar) or _plural_weekdays(t, i) or _adverb(t, i) or _each_time(t, i) or _nth(t, i)


def _each_time(t: Tokens, i: int) -> Series:
    if end := t.expect(i, *_EACH_TIME):
        return Every("per_event"), "every_event", end
    if counted := t.lookup(i, _COUNTED):
        return Every(counted[0]), "every_period", counted[1]
    if end := t.expect(i, *FROM_NOW_ON):
        return Every("per_event"), "from_now_on", end
    return None


def _adverb(t: Tokens, i: int) -> Series:
    """Weekly, monthly ... but not "the weekly forecast" or "weekly numbers"."""
    found = t.lookup(i, _ADVERBS)
    if not found:
        return None
    following = t[found[1]]
    ends = not following or not following.isalpha() or following in _AFTER_ADVERB
    if not ends or t[i - 1] in {"the", "our", "my", "your", "this", "that", "his", "her", "their"}:
        return None
    if t[i - 1] == "a" and following != "basis":
        return None
    return Every(found[0]), "every_period", t.skip(found[1], {"basis"})


_AFTER_ADVERB = frozenset(
    listed("and by on from until till basis please so then starting at to with for but or if as in beginning")
)


def _plural_weekdays(t: Tokens, i: int) -> Series:
    """[on] Mondays [and Thursdays] [by ten]."""
    j = t.skip(i, {"on"})
    days: list[int] = []
    while t[j] in PLURALS:
        days.append(PLURALS[t[j]])
        j += 1
        if t[j] in {"and", "or", ","} and t[t.skip(j + 1, {"on"})] in PLURALS:
            j = t.skip(j + 1, {"on"})
    if not days:
        return None
    time = time_after(t, j)
    return Every("weekly", tuple(sorted(days))), "every_weekday", time[1] if time else j


def _every(t: Tokens, i: int, calendar: Calendar) -> Series:
    edge = t.expect(i, *_EDGE)
    lead = edge or t.expect(i, *_LEADS) or i
    every = t.lookup(lead, _EVERY) or (t.lookup(i, _EVERY) if lead != i else None)
    if not every:
        return None
    j = every[1]
    multiple, k = (2, j + 1) if t[j] in {"other", "second"} else english_cardinal(t.words, j) or (1, j)
    if named := _nth_weekday(t, j) or _named_weekdays(t, k, multiple):
        return named
    if unit := t.lookup(k, _UNITS):
        return _every_unit(t, unit, multiple, edge)
    if t[k] in {"sprint", "sprints", "iteration"}:
        return Every(_sprint(calendar.sprint_days, multiple)), "every_sprint", k + 1
    if multiple == 1 and t[j].isalpha() and t[j] not in _NOT_EVENTS:
        return Every("per_event"), "every_event", _event_end(t, j)
    return None


def _nth_weekday(t: Tokens, i: int) -> Series:
    """Once a month: "every first Monday". "Every third Monday" may mean two things."""
    ordinal = english_ordinal(t.words, i) if t[i] != "second" else None
    days = _weekdays(t, ordinal[1]) if ordinal else None
    if not ordinal or not days:
        return None
    once = Every("monthly", nth=(1, days[0][0])) if ordinal[0] == 1 else Every(None)
    return once, "every_period", t.expect(days[1], "of the month", "in the month") or days[1]


def _named_weekdays(t: Tokens, i: int, multiple: int) -> Series:
    """Tuesday and Friday, with the hour of delivery."""
    named = _weekdays(t, i)
    if not named:
        return None
    if end := t.expect(named[1], "of the month", "of every month", "of each month"):
        return Every("monthly"), "every_period", end
    rates: dict[int, Recurrence] = {1: "weekly", 2: "biweekly"}
    time = time_after(t, named[1])
    return Every(rates.get(multiple), named[0]), "every_weekday", time[1] if time else named[1]


def _every_unit(
    t: Tokens, unit: tuple[tuple[str, Recurrence | None], int], multiple: int, edge: int | None
) -> Series:
    (name, rate), end = unit
    recurrence = _MULTIPLES.get((multiple, name), rate if multiple == 1 else None)
    month_end = name == "month" and (t[end] == "end" or (edge is not None and t[edge - 2] == "end"))
    end = t.skip(end, {"end"})
    time = time_after(t, end) if name == "day" else None
    return Every(recurrence, month_end=month_end), "every_period", time[1] if time else end


def _weekdays(t: Tokens, i: int) -> tuple[tuple[int, ...], int] | None:
    """Tuesday [and Friday]."""
    days: list[int] = []
    while t[i] in WEEKDAYS or t[i] in PLURALS:
        days.append(WEEKDAYS.get(t[i], PLURALS.get(t[i], 0)))
        i += 1
        if t[i] in {"and", "or", ","} and t[i + 1] in WEEKDAYS:
            i += 1
    return (tuple(sorted(days)), i) if days else None


def _event_end(t: Tokens, i: int) -> int:
    """Give the end of "every client meeting": one word, or two where the second names an occasion."""
    return i + 2 if t[i + 1] in EVENTS else i + 1


def _nth(t: Tokens, i: int) -> Series:
    """Read "the first Wednesday of every month", "last working day of each quarter"."""
    j = t.skip(i, {"the"})
    if not (english_ordinal(t.words, j) or t[j] == "last"):
        return None
    for k in range(j + 1, j + 6):
        if t[k] in {"of", "in"} and t[k + 1] in {"every", "each"} and (unit := t.lookup(k + 2, _UNITS)):
            return Every(unit[0][1], nth=_which_weekday(t, j, unit[0][0])), "every_period", unit[1]
        if t[k] == "of" and t[k + 1] == "the" and t[k + 2] in {"month", "quarter"} and _habitual(t, i, k):
            return Every(_UNITS[t[k + 2]][1]), "every_period", k + 3
        if not t[k].isalpha():
            return None
    return None


def _which_weekday(t: Tokens, i: int, unit: str) -> tuple[int, int] | None:
    """Read the last Friday as (-1, 4)."""
    ordinal = (-1, i + 1) if t[i] == "last" else english_ordinal(t.words, i)
    if unit != "month" or not ordinal or ordinal[0] > 4 or t[ordinal[1]] not in WEEKDAYS:
        return None
    return ordinal[0], WEEKDAYS[t[ordinal[1]]]


def _habitual(t: Tokens, i: int, of: int) -> bool:
    """Tell "First Thursday of the month" as a beat of its own, not "by the last Friday of the month"."""
    if english_ordinal(t.words, of - 1):
        return False
    return i == 0 or (t[i - 1] in {".", ",", "?", "!", ";"} and t[of - 1] not in {"week", "day"})


def _sprint(days: int | None, multiple: int) -> Recurrence:
    rates: dict[int, Recurrence] = {7: "weekly", 14: "biweekly", 28: "monthly"}
    return rates.get((days or 0) * multiple, "per_event")
