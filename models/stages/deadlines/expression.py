"""What the grammars of spoken deadlines produce: anchors (days that are named), phrases, deadlines.

A production turns words into an `Anchor`; modifiers (by, before, until, every, from) turn an anchor into a
`Phrase`; phrases of one sentence are joined into a series where they belong together; the entrance in
deadlines.py hands them out as `Deadline`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from models.schema import Recurrence
from models.stages.deadlines.calendar import Calendar, weekday_after

ONE_DAY = timedelta(days=1)
PhraseKind = Literal["due", "every", "from", "until", "count", "past", "duration"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The calendar and the first day that a date without a year may mean. `mandarin`: there is Mandarin in
    the text, so that a holiday of no country may be China's.
    """

    calendar: Calendar
    earliest: date
    mandarin: bool = False

    @classmethod
    def of(cls, calendar: Calendar, *, mandarin: bool = False) -> Scope:
        """Dates from the meeting day on."""
        return cls(calendar, calendar.meeting, mandarin)

    @property
    def meeting(self) -> date:
        """The day of the meeting."""
        return self.calendar.meeting

    def from_tomorrow(self) -> Scope:
        """For "before": the day that is excluded must leave one that is not past."""
        return replace(self, earliest=self.calendar.meeting + ONE_DAY)


SeekKind = Literal["shift", "weekday_before", "weekday_after", "weekday", "today", "day_of_month"]


@dataclass(frozen=True, slots=True)
class Seek:
    """What a phrase wants from the turns before it: a day named there, moved as `kind` and `n` say.

    `n` is days for `shift`, a weekday (0 = Monday) for the weekdays, a day for `day_of_month`. `turns`: how
    many turns back the day may have been named (0: this turn). `optional`: drop the phrase if there is none.
    `shift`: days to add to what was found, -1 for "before". Kind `today` is the meeting day, and the phrase
    is dropped where another day is being talked about.
    """

    kind: SeekKind
    n: int = 0
    turns: int = 2
    optional: bool = False
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Anchor:
    """Days that an expression names.

    `last` is the last day on which a task "by" or "in" it is on time (Friday for a week); None means that
    the words are understood as a time, but not which. `inclusive`: "before" still allows the last day (the
    end of a period, a time of day). `event`: the Mandarin 前 excludes it too. `weekday`: nothing but a
    weekday was said, so that a date beside it may say which. `seek`: what was named before would settle it
    (a day of the month without its month).
    """

    rule: str
    first: date | None = None
    last: date | None = None
    inclusive: bool = False
    event: bool = False
    past: bool = False
    weekday: int | None = None
    whole: bool = False
    seek: Seek | None = None

    @classmethod
    def day(cls, rule: str, day: date | None, **more: bool | int | Seek | None) -> Anchor:
        """Give a single day; None when it is not known."""
        return cls(rule, day, day, **more)  # type: ignore[arg-type]

    @classmethod
    def span(cls, rule: str, days: tuple[date, date] | None, **more: bool) -> Anchor:
        """Give a period or an event of several days."""
        first, last = days or (None, None)
        return cls(rule, first, last, **more)  # type: ignore[arg-type]

    @property
    def named(self) -> tuple[date, date] | None:
        """First and last day; None for the past and where they are not known."""
        return (self.first, self.last) if self.first and self.last and not self.past else None

    def sought(self, shift: int = 0) -> Seek | None:
        """How the turns before settle it, so many days on."""
        return replace(self.seek, shift=self.seek.shift + shift) if self.seek else None

    @property
    def opening(self) -> date | None:
        """The day before which "the Friday before it" lies: the last one of "the end of March"."""
        return self.last if self.rule.startswith("end_of") else self.first

    def agreeing_with(self, other: Anchor) -> Anchor:
        """One day said in two ways ("Wednesday the thirteenth"); rule `conflict` where they disagree."""
        for named, dated in ((self, other), (other, self)):
            if named.weekday is not None and dated.first and dated.first.weekday() == named.weekday:
                return replace(dated, inclusive=self.inclusive or other.inclusive, seek=None)
        if self.first is not None and self.first == other.first and self.last == other.last:
            return replace(other, inclusive=self.inclusive or other.inclusive)
        return Anchor("conflict", past=self.past and other.past)

    def following(self, first: Anchor) -> Anchor:
        """As the end of a range: "from Monday to Wednesday" ends on the Wednesday after that Monday."""
        if self.weekday is None or first.first is None or self.last is None or self.last >= first.first:
            return self
        day = weekday_after(first.first, self.weekday)
        return replace(self, first=day, last=day)

    def due_before(self) -> date | None:
        """Give the last day on which a task is on time that must be done before it."""
        if self.inclusive or self.first is None:
            return self.last
        return self.first - ONE_DAY


@dataclass(frozen=True, slots=True)
class Every:
    """How often; None where `Recurrence` has no word for it. `weekdays` and `month_end` say on which day,
    `nth` is (n, weekday) of "every last Friday of the month" (n = -1), which is monthly.
    """

    recurrence: Recurrence | None
    weekdays: tuple[int, ...] = ()
    month_end: bool = False
    nth: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """An expression of time with its place: `start` and `end` are character offsets in the text.

    `marked`: a modifier such as "by" says that it is a deadline. `plain`: only the words of a period or a
    day, which may as well tell of the past. `count`: number of weeks of a series. `names`: first and last
    day that the words name, whatever is due. `seek`: how a day of the turns before would settle it.
    """

    start: int
    end: int
    kind: PhraseKind
    rule: str
    due: date | None = None
    every: Every | None = None
    since: date | None = None
    count: int | None = None
    marked: bool = False
    plain: bool = False
    coarse: bool = False
    names: tuple[date, date] | None = None
    seek: Seek | None = None


_SERIES = {"every", "from"}
_DATES = {"month_day", "full_date", "numeric_date", "day_of_month"}


def starting(anchor: Anchor, meeting: date, *, open_end: bool) -> Phrase:
    """Where something begins. A change "from the first of February" happens on that date, so it is due then;
    "from Monday", "from the 3rd on" begin a habit and are not.
    """
    first = max(anchor.first, meeting) if anchor.first else None
    due = first if anchor.rule in _DATES and not open_end else None
    return Phrase(0, 0, "from", "start", due, since=first, names=anchor.named)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as said. `due` and `series_start` are ISO dates; the text from `start` to `end` (character
    offsets) is `due_text`. `rule` is the stable name of the rule that read it. `is_deadline` is False where
    the words only name the past or a duration.
    """

    due: str | None
    due_text: str
    start: int
    end: int
    rule: str
    recurrence: Recurrence | None = None
    series_start: str | None = None
    is_deadline: bool = True

    @classmethod
    def of(cls, phrase: Phrase, text: str) -> Deadline:
        """Give the phrase with its dates as ISO strings."""
        return cls(
            due=phrase.due.isoformat() if phrase.due else None,
            due_text=text[phrase.start : phrase.end],
            start=phrase.start,
            end=phrase.end,
            rule=phrase.rule,
            recurrence=phrase.every.recurrence if phrase.every else None,
            series_start=phrase.since.isoformat() if phrase.since and phrase.kind in _SERIES else None,
            is_deadline=phrase.kind not in {"past", "duration", "count"},
        )
