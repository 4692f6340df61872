"""What a conversation named lately, and what only that settles: the day after, that Monday, 当天.

Spoken dates lean on the turns before. A `Focus` keeps the days and months of the last turns; a phrase says
with a `Seek` what it wants of them. Where nothing fits, the phrase keeps what it means on its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.expression import ONE_DAY, Phrase, Seek

_KEPT_TURNS = 6
_ONE_WEEK = 7
_FAR_DAYS = 120
"""A month named in passing says nothing about a day that would be months away."""
_WITH_MONTH = {"month_day", "full_date", "numeric_date"}

Kind = Literal["dated", "day_of_month", "month", "other"]
"""How days were named: with their month, by the day of the month alone, or in any other way."""
Span = tuple[date, date]


@dataclass(slots=True)
class Focus:
    """Days and months named in the last turns of one conversation.

    Give the same object to `find_deadlines` for each turn, once and in order; a new conversation needs a new
    one. It is never read across meetings.
    """

    _turn: int = 0
    _named: list[tuple[int, Span, Kind]] = field(default_factory=list)

    def next_turn(self) -> None:
        """Begin a turn and forget what was named too long ago."""
        self._turn += 1
        self._named = [one for one in self._named if self._turn - one[0] <= _KEPT_TURNS]

    def hear(self, days: Span, kind: Kind) -> None:
        """Note days that were named."""
        self._named.append((self._turn, days, kind))

    def days(self, turns: int, *, by_number: bool = False) -> list[date]:
        """Single days named in this turn and so many before, the last first."""
        spans = self._spans(turns, ("dated", "day_of_month") if by_number else None)
        return [span[0] for span in spans if span[0] == span[1]]

    def week(self, turns: int) -> date | None:
        """Monday of the week that was named last, unless a day was named after it."""
        span = next(iter(self._spans(turns)), None)
        week = span is not None and 3 < (span[1] - span[0]).days < 7 and span[0].weekday() == 0
        return span[0] if span and week else None

    def month(self, turns: int) -> tuple[int, int] | None:
        """(year, month) mentioned last without a day."""
        first = next((span[0] for span in self._spans(turns, ("month",))), None)
        return (first.year, first.month) if first else None

    def _spans(self, turns: int, kinds: tuple[Kind, ...] | None = None) -> Iterable[Span]:
        for turn, span, kind in reversed(self._named):
            if self._turn - turn <= turns and (kinds is None or kind in kinds):
                yield span


def settled(
    phrases: Iterable[Phrase], calendar: Calendar, focus: Focus | None, months: Iterable[int] = ()
) -> list[Phrase]:
    """Give the phrases of a turn with the days that the focus settles, and note what they name.

    `months`: numbers of the months that the turn mentions without a day ("the June meeting").
    """
    focus = focus if focus is not None else Focus()
    focus.next_turn()
    for month in months:
        focus.hear(cal.next_month(calendar.meeting, month), "month")
    result: list[Phrase] = []
    for said in phrases:
        phrase = _with_context(said, calendar, focus)
        if phrase is not None:
            result.append(phrase)
    return result


def _with_context(phrase: Phrase, calendar: Calendar, focus: Focus) -> Phrase | None:
    """Give the phrase as the focus settles it, None where it means nothing without."""
    seek = phrase.seek
    if seek and seek.kind == "today":
        return None if focus.days(seek.turns) else phrase
    found = _sought(seek, focus, calendar) if seek else None
    if seek and seek.optional and found is None:
        return None
    if seek and found:
        due = found + timedelta(days=seek.shift)
        if due >= calendar.meeting:
            named = found if phrase.rule.startswith("before") else due
            phrase = replace(phrase, due=due, rule=_rule(phrase), names=(named, named))
    if phrase.names and not _leaning(phrase, found) and _near(phrase.names, calendar):
        focus.hear(phrase.names, _kind(phrase))
    return phrase


def _near(days: Span, calendar: Calendar) -> bool:
    """A date of the past may have been read as next year's; the day of the meeting needs no pointing at."""
    return 0 < (days[1] - calendar.meeting).days <= _FAR_DAYS


def _rule(phrase: Phrase) -> str:
    """The day of a month keeps the rule that read it."""
    seek = phrase.seek
    if seek is None or seek.kind == "day_of_month":
        return phrase.rule
    return "days_before" if seek.kind == "shift" and seek.n < 0 else "weekday_beside"


def _leaning(phrase: Phrase, found: date | None) -> bool:
    """Whether its day is only a guess: "the Monday" after nothing that says which."""
    return phrase.seek is not None and phrase.seek.kind != "day_of_month" and found is None


def _kind(phrase: Phrase) -> Kind:
    """A day without a month does not hand the month on."""
    if phrase.seek and phrase.seek.kind == "day_of_month":
        return "other" if phrase.seek.shift and not phrase.rule.startswith("before") else "day_of_month"
    return "dated" if phrase.rule.removeprefix("until_").removeprefix("before_") in _WITH_MONTH else "other"


def _sought(seek: Seek, focus: Focus, calendar: Calendar) -> date | None:
    """The day that a phrase means, never before the meeting."""
    if seek.kind == "day_of_month":
        day = _in_named_month(seek, focus, calendar)
    elif seek.kind == "weekday":
        day = _that_weekday(seek, focus)
    else:
        named = focus.days(seek.turns)
        day = _beside(seek, named[0]) if named else None
    return day if day and day >= calendar.meeting else None


def _beside(seek: Seek, named: date) -> date | None:
    if seek.kind == "weekday_before":
        return cal.weekday_until(named - ONE_DAY, seek.n)
    if seek.kind == "weekday_after":
        return cal.weekday_after(named, seek.n)
    return cal.shifted(named, seek.n)


def _that_weekday(seek: Seek, focus: Focus) -> date | None:
    """Find "that Friday": a Friday that was named, one of the week named, or the first after the last day."""
    for day in focus.days(3):
        if day.weekday() == seek.n:
            return day
    monday = focus.week(seek.turns)
    if monday:
        return cal.weekday_in_week(monday, seek.n)
    named = focus.days(seek.turns)
    return cal.weekday_after(named[0], seek.n) if named else None


def _in_named_month(seek: Seek, focus: Focus, calendar: Calendar) -> date | None:
    """Find "the twelfth": one that was named, one within a week of a day that was, else that day of a month
    that was mentioned for itself ("the June meeting"). A date some weeks off says nothing: the board may meet
    on 12 May and the draft be due on the thirtieth of April.
    """
    for day in focus.days(_KEPT_TURNS, by_number=True):
        if day.day == seek.n:
            return day
    for day in focus.days(3):
        for months in (0, -1, 1):
            near = cal.day_in_month(*cal.month_of(day, months), seek.n)
            if near and abs((near - day).days) <= _ONE_WEEK and near >= calendar.meeting:
                return near
    month = focus.month(seek.turns)
    day_named = cal.day_in_month(*month, seek.n) if month else None
    if day_named is None or (day_named - calendar.meeting).days > _FAR_DAYS:
        return None
    return day_named
