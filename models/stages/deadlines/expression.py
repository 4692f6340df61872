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
    """The calendar and the first day that a date without a year may mean."""

    calendar: Calendar
    earliest: date

    @classmethod
    def of(cls, calendar: Calendar) -> Scope:
        """Dates from the meeting day on."""
        return cls(calendar, calendar.meeting)

    @property
    def meeting(self) -> date:
        """The day of the meeting."""
        return self.calendar.meeting

    def from_tomorrow(self) -> Scope:
        """For "before": the day that is excluded must leave one that is not past."""
        return replace(self, earliest=self.calendar.meeting + ONE_DAY)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Days that an expression names.

    `last` is the last day on which a task "by" or "in" it is on time (Friday for a week); None means that
    the words are understood as a time, but not which. `inclusive`: "before" still allows the last day (the
    end of a period, a time of day). `event`: the Mandarin 前 excludes it too. `weekday`: nothing but a
    weekday was said, so that a date beside it may say which.
    """

    rule: str
    first: date | None = None
    last: date | None = None
    inclusive: bool = False
    event: bool = False
    past: bool = False
    weekday: int | None = None
    whole: bool = False

    @classmethod
    def day(cls, rule: str, day: date | None, **more: bool | int | None) -> Anchor:
        """Give a single day; None when it is not known."""
        return cls(rule, day, day, **more)  # type: ignore[arg-type]

    @classmethod
    def span(cls, rule: str, days: tuple[date, date] | None, **more: bool) -> Anchor:
        """Give a period or an event of several days."""
        first, last = days or (None, None)
        return cls(rule, first, last, **more)

    def agreeing_with(self, other: Anchor) -> Anchor:
        """One day said in two ways ("Wednesday the thirteenth"); rule `conflict` where they disagree."""
        for named, dated in ((self, other), (other, self)):
            if named.weekday is not None and dated.first and dated.first.weekday() == named.weekday:
                return replace(dated, inclusive=self.inclusive or other.inclusive)
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
    """How often; None where `Recurrence` has no word for it. `weekdays` and `month_end` say on which day."""

    recurrence: Recurrence | None
    weekdays: tuple[int, ...] = ()
    month_end: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """An expression of time with its place: `start` and `end` are character offsets in the text.

    `marked`: a modifier such as "by" says that it is a deadline. `plain`: only the words of a period or a
    day, which may as well tell of the past. `count`: number of weeks of a series.
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
            series_start=phrase.since.isoformat() if phrase.since else None,
            is_deadline=phrase.kind not in {"past", "duration", "count"},
        )
