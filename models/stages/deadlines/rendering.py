"""Dates put into words, the way back of the grammar: each form is one that people use for that date.

Used to prove the grammar (reading what was rendered gives the date again) and wherever a date is spoken.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from models.stages.deadlines import calendar as cal
from models.stages.deadlines.calendar import Calendar
from models.stages.deadlines.spoken_numbers import CARDINALS, ORDINALS
from models.stages.deadlines.words import listed

Form = Callable[[date, date], str | None]
"""(date, meeting) -> words, or None where the form cannot name that date."""

_EN_DAYS = listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_EN_MONTHS = listed("January February March April May June July August September October November December")
_UNIT = {n: word for word, n in CARDINALS.items() if word != "fourty"}
_ORDINAL = {
    n: word
    for word, n in sorted(ORDINALS.items(), reverse=True)
    if word not in {"nineth", "fivth", "eigth", "twelvth", "fourtieth"}
}
_ZH_DIGITS = "零一二三四五六七八九"


def ordinal_in_words(n: int) -> str:
    """1..99 as "first" .. "ninety-ninth"."""
    return _ORDINAL.get(n) or f"{_UNIT[n // 10 * 10]}-{_ORDINAL[n % 10]}"


def ordinal_in_digits(n: int) -> str:
    """1..99 as "1st" .. "99th"."""
    suffix = "th" if 10 < n < 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix}"


def mandarin_in_words(n: int) -> str:
    """1..99 as 一 .. 九十九."""
    tens, unit = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_ZH_DIGITS[tens]}十") + (
        _ZH_DIGITS[unit] if unit else ""
    )


def _within(days: int, words: Callable[[date], str], first: int = 1) -> Form:
    return lambda day, meeting: words(day) if first <= (day - meeting).days <= days else None


def _in_next_week(words: Callable[[date], str], weeks: int = 1) -> Form:
    return lambda day, meeting: words(day) if cal.monday_of(day) == cal.monday_of(meeting, weeks) else None


def _without_year(words: Callable[[date], str]) -> Form:
    return lambda day, meeting: words(day) if cal.next_month_day(meeting, day.month, day.day) == day else None


def _this_or_next_month(words: Callable[[date], str]) -> Form:
    return lambda day, meeting: words(day) if cal.next_day_of_month(meeting, day.day) == day else None


def _days_ahead(words: Callable[[int], str]) -> Form:
    return lambda day, meeting: words((day - meeting).days) if 1 < (day - meeting).days < 60 else None


def _weeks_ahead(words: Callable[[int], str]) -> Form:
    def form(day: date, meeting: date) -> str | None:
        weeks, rest = divmod((day - meeting).days, 7)
        return words(weeks) if rest == 0 and 1 < weeks < 20 else None

    return form


def _end_of_month(words: Callable[[date], str]) -> Form:
    def form(day: date, meeting: date) -> str | None:
        named = cal.next_month(meeting, day.month)[1]
        return words(day) if day == named else None

    return form


def _number(n: int) -> str:
    return _UNIT[n] if n in _UNIT else f"{_UNIT[n // 10 * 10]}-{_UNIT[n % 10]}"


def _en_weekday(day: date) -> str:
    return _EN_DAYS[day.weekday()]


def _en_month(day: date) -> str:
    return _EN_MONTHS[day.month - 1]


def _zh_weekday(day: date) -> str:
    return "一二三四五六日"[day.weekday()]


ENGLISH: dict[str, Form] = {
    "iso": lambda day, _: day.isoformat(),
    "full": lambda day, _: f"{_en_month(day)} {ordinal_in_digits(day.day)}, {day.year}",
    "bare_weekday": _within(7, _en_weekday),
    "by_weekday": _within(7, lambda day: f"by {_en_weekday(day)}"),
    "before_weekday": _within(6, lambda day: f"before {_en_weekday(day + timedelta(days=1))}"),
    "weekday_week": _within(14, lambda day: f"{_en_weekday(day)} week", 8),
    "next_weekday": _in_next_week(lambda day: f"next {_en_weekday(day)}"),
    "weekday_and_ordinal": _this_or_next_month(
        lambda day: f"{_en_weekday(day)} the {ordinal_in_words(day.day)}"
    ),
    "day_of_month": _this_or_next_month(lambda day: f"by the {ordinal_in_digits(day.day)}"),
    "spoken_day_of_month": _this_or_next_month(lambda day: f"by the {ordinal_in_words(day.day)}"),
    "month_day": _without_year(lambda day: f"{_en_month(day)} {ordinal_in_words(day.day)}"),
    "day_month": _without_year(lambda day: f"the {ordinal_in_digits(day.day)} of {_en_month(day)}"),
    "spoken_day_month": _without_year(lambda day: f"on the {ordinal_in_words(day.day)} of {_en_month(day)}"),
    "weekday_and_month_day": _without_year(
        lambda day: f"{_en_weekday(day)} {_en_month(day)} {ordinal_in_digits(day.day)}"
    ),
    "in_days": _days_ahead(lambda n: f"in {_number(n)} days"),
    "in_weeks": _weeks_ahead(lambda n: f"within {_number(n)} weeks"),
    "end_of_month": _end_of_month(lambda day: f"by the end of {_en_month(day)}"),
}

MANDARIN: dict[str, Form] = {
    "iso": lambda day, _: day.isoformat(),
    "full": lambda day, _: f"{day.year}年{day.month}月{day.day}日",
    "spoken_full": lambda day, _: (
        "".join(_ZH_DIGITS[int(c)] for c in str(day.year))
        + f"年{mandarin_in_words(day.month)}月{mandarin_in_words(day.day)}号"
    ),
    "bare_weekday": _within(7, lambda day: f"周{_zh_weekday(day)}"),
    "before_weekday": _within(7, lambda day: f"星期{_zh_weekday(day)}之前"),
    "next_weekday": _in_next_week(lambda day: f"下周{_zh_weekday(day)}"),
    "weekday_after_next": _in_next_week(lambda day: f"下下个礼拜{_zh_weekday(day)}", 2),
    "weekday_and_day": _this_or_next_month(
        lambda day: f"周{_zh_weekday(day)},{mandarin_in_words(day.day)}号"
    ),
    "day_of_month": _this_or_next_month(lambda day: f"{day.day}号前"),
    "spoken_day_of_month": _this_or_next_month(lambda day: f"{mandarin_in_words(day.day)}号以前"),
    "month_day": _without_year(lambda day: f"{mandarin_in_words(day.month)}月{mandarin_in_words(day.day)}号"),
    "weekday_and_month_day": _without_year(
        lambda day: f"礼拜{_zh_weekday(day)}{mandarin_in_words(day.month)}月{mandarin_in_words(day.day)}号"
    ),
    "in_days": _days_ahead(lambda n: f"{mandarin_in_words(n)}天后"),
    "in_weeks": _weeks_ahead(lambda n: f"{'两' if n == 2 else mandarin_in_words(n)}周之内"),
    "end_of_month": _end_of_month(lambda day: f"{mandarin_in_words(day.month)}月底前"),
}


def forms(day: date, calendar: Calendar, language: str) -> tuple[str, ...]:
    """Names of the forms that can name this date, seen from the meeting; none for a date before it."""
    table = MANDARIN if language == "zh" else ENGLISH
    if day < calendar.meeting:
        return ()
    return tuple(name for name, form in table.items() if form(day, calendar.meeting))


def render(day: date, calendar: Calendar, language: str, form: str) -> str:
    """Give the date in words of that form; ValueError where the form cannot name it (ask `forms` first)."""
    words = (MANDARIN if language == "zh" else ENGLISH)[form](day, calendar.meeting)
    if words is None or day < calendar.meeting:
        raise ValueError(f"{form} cannot name {day} from {calendar.meeting}")
    return words
