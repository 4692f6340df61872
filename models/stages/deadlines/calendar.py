"""Calendar arithmetic of spoken deadlines. Weeks run Monday to Sunday (ISO 8601); no text is read here."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a deadline is reckoned from.

    `meeting`: the day of the meeting in its own zone. `country`: ISO 3166 code for public holidays and for
    the order of numeric dates; None means CN for Mandarin expressions and neither holidays nor an order of
    numbers for English ones. `sprint_days`: length of a sprint if it is known.
    """

    meeting: date
    country: str | None = None
    sprint_days: int | None = None


def shifted(day: date, days: int) -> date | None:
    """Give the day that many days later, None beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def monday_of(day: date, weeks: int = 0) -> date:
    """Monday of the week that many weeks after the week of `day`."""
    return day + timedelta(days=7 * weeks - day.weekday())


def weekday_in_week(day: date, weekday: int, weeks: int = 0) -> date:
    """Give that weekday (0 = Monday) of the week `weeks` after the week of `day`."""
    return monday_of(day, weeks) + timedelta(days=weekday)


def weekday_after(day: date, weekday: int) -> date:
    """Give the next such weekday, never `day` itself."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def weekday_until(day: date, weekday: int) -> date:
    """Give the last such weekday on or before `day`."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def month_end(year: int, month: int) -> date:
    """Last day of the month."""
    return date(year, month, monthrange(year, month)[1])


def month_of(day: date, months: int) -> tuple[int, int]:
    """(year, month) that many months after the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def add_months(day: date, months: int) -> date | None:
    """Give the same day of the month, that many months later; the last day where the month is shorter."""
    year, month = month_of(day, months)
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def day_in_month(year: int, month: int, day: int) -> date | None:
    """Give that date, or None where the month has no such day."""
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def next_day_of_month(earliest: date, day: int) -> date | None:
    """Give the next date on or after `earliest` that is such a day of a month (31 skips short months)."""
    for months in range(13):
        year, month = month_of(earliest, months)
        found = day_in_month(year, month, day) if year <= 9999 else None
        if found and found >= earliest:
            return found
    return None


def next_month_day(earliest: date, month: int, day: int) -> date | None:
    """Give the next date on or after `earliest` with that month and day (29 February waits)."""
    for year in range(earliest.year, min(earliest.year + 9, 9999)):
        found = day_in_month(year, month, day)
        if found and found >= earliest:
            return found
    return None


def next_month(earliest: date, month: int) -> tuple[date, date]:
    """First and last day of the next such month that is not over on `earliest`."""
    year = earliest.year + (month < earliest.month)
    return date(year, month, 1), month_end(year, month)


def months_block(year: int, block: int, size: int) -> tuple[date, date]:
    """First and last day of the block-th (from 0, may run over the year) block of `size` months of a year."""
    year, block = year + block // (12 // size), block % (12 // size)
    return date(year, block * size + 1, 1), month_end(year, block * size + size)


def next_months_block(earliest: date, block: int, size: int) -> tuple[date, date]:
    """Give the next such quarter (size 3) or half (size 6) that is not over on `earliest`."""
    first, last = months_block(earliest.year, block, size)
    return (first, last) if last >= earliest else months_block(earliest.year + 1, block, size)


def week_of_month(year: int, month: int, n: int) -> date | None:
    """Friday of the n-th week of the month (-1: the last). A week belongs to the month of its Thursday
    (ISO 8601); a Friday that falls into the next month gives the last day of this one.
    """
    thursday = nth_weekday(year, month, FRIDAY - 1, n)
    return min(thursday + timedelta(days=1), month_end(year, month)) if thursday else None


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date | None:
    """Give the n-th such weekday of the month (-1: the last), None where there is none."""
    if n < 0:
        return weekday_until(month_end(year, month), weekday)
    return day_in_month(year, month, 1 + (weekday - date(year, month, 1).weekday()) % 7 + 7 * (n - 1))
