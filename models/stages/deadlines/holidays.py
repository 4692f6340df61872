"""Public holidays and working days by country, from the `holidays` package; festivals with a fixed date.

A year that the package does not know gives None, never a guess. For China the make-up days of a year are
announced late in the year before: without them a break of that year is unknown.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
MAKE_UP_COUNTRIES = {"CN"}

FIXED = {
    "new year": (1, 1),
    "new year's eve": (12, 31),
    "valentine's day": (2, 14),
    "women's day": (3, 8),
    "children's day": (6, 1),
    "party day": (7, 1),
    "teachers' day": (9, 10),
    "halloween": (10, 31),
    "bonfire night": (11, 5),
    "burns night": (1, 25),
    "singles' day": (11, 11),
    "double twelve": (12, 12),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "boxing day": (12, 26),
}
"""Festivals that fall on the same date everywhere: month and day."""

NAMES = {
    "spring festival": ("Chinese New Year", "Spring Festival", "Lunar New Year"),
    "chinese new year": ("Chinese New Year (", "Chinese New Year", "Lunar New Year"),
    "national day": ("National Day",),
    "labour day": ("Labor Day", "Labour Day"),
    "may day": ("May Day", "Early May", "Labor Day"),
    "mid-autumn": ("Mid-Autumn",),
    "dragon boat": ("Dragon Boat",),
    "qingming": ("Tomb-Sweeping",),
    "thanksgiving": ("Thanksgiving",),
    "memorial day": ("Memorial Day",),
    "independence day": ("Independence Day",),
    "good friday": ("Good Friday",),
    "easter monday": ("Easter Monday",),
    "australia day": ("Australia Day",),
    "anzac day": ("ANZAC Day", "Anzac Day"),
    "canada day": ("Canada Day",),
    "veterans day": ("Veterans Day",),
    "columbus day": ("Columbus Day",),
    "juneteenth": ("Juneteenth",),
    "diwali": ("Diwali",),
    "deepavali": ("Deepavali", "Diwali"),
    "hari raya": ("Hari Raya", "Eid al-Fitr"),
    "republic day": ("Republic Day",),
    "ascension": ("Ascension",),
    "whitsun": ("Whit", "Pentecost"),
    "golden week": ("Showa Day", "National Day"),
    "martin luther king day": ("Martin Luther King",),
    "presidents' day": ("Washington's Birthday", "Presidents' Day"),
    "saint patrick's day": ("Saint Patrick", "St. Patrick"),
    "victoria day": ("Victoria Day",),
    "waitangi day": ("Waitangi",),
    "matariki": ("Matariki",),
    "remembrance day": ("Remembrance Day",),
    "heritage day": ("Heritage Day",),
    "malaysia day": ("Malaysia Day",),
    "vesak": ("Vesak",),
    "holi": ("Holi",),
}
"""What a holiday is called in the package's English, tried in order."""

KEPT_IN = {
    "australia day": ("AU",),
    "anzac day": ("AU", "NZ"),
    "canada day": ("CA",),
    "victoria day": ("CA-ON",),
    "memorial day": ("US",),
    "juneteenth": ("US",),
    "veterans day": ("US",),
    "columbus day": ("US",),
    "martin luther king day": ("US",),
    "presidents' day": ("US",),
    "saint patrick's day": ("IE",),
    "waitangi day": ("NZ",),
    "matariki": ("NZ",),
    "heritage day": ("ZA",),
    "malaysia day": ("MY",),
    "diwali": ("IN", "SG", "FJ", "LK", "MU", "TT"),
    "deepavali": ("IN", "SG", "FJ", "LK", "MU", "TT"),
    "thanksgiving": ("US", "CA-ON"),
    "republic day": ("IN", "IT", "TR", "NP", "TT"),
    "labour day": ("CN", "DE", "SG", "US", "CA", "AU-NSW", "AU-VIC", "NZ"),
    "national day": ("CN", "SG", "CH", "FR", "AT", "TW", "HU", "SE", "QA", "AE", "VN"),
    "golden week": ("CN", "JP"),
    "independence day": ("US", "IN", "PK", "GH", "PH", "ID", "IL", "PL", "FI", "MX", "JM"),
}
"""Where a name is used, a part of a country after a hyphen. On one day everywhere, or on one day soon and
elsewhere not for months: then the name itself says which day.
"""
BANK_HOLIDAYS = ("GB", "IE")
_SOON_DAYS, _LONG_DAYS = 60, 120

_LENT_BY = "SG"
"""Its package tells the first day of the Chinese year, where China's begins the holiday a day early."""
_LANTERN_DAYS = 14
"""From the first day of the year to its first full moon."""

CHINESE = {"spring festival", "chinese new year", "mid-autumn", "dragon boat", "qingming"}
"""Looked up for China where the country itself does not keep them or none is known."""


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Holidays with their English names and the make-up working days of a year; empty where unknown."""
    import holidays as package  # noqa: PLC0415 - a slow import that only texts with holidays need

    code, _, part = country.partition("-")
    try:
        known = package.country_holidays(code)
        language = "en_US" if "en_US" in known.supported_languages else None
        known = package.country_holidays(code, subdiv=part or None, years=year, language=language)
    except NotImplementedError:
        return {}, frozenset()
    make_up = getattr(known, "weekend_workdays", ())
    return dict(known.items()), frozenset(day for day in make_up if day.year == year)


def schedule_known(country: str | None, year: int) -> bool:
    """Whether breaks of that year can be told, make-up days included."""
    if country is None:
        return False
    names, make_up = public_holidays(country, year)
    return bool(names) and (country not in MAKE_UP_COUNTRIES or bool(make_up))


def _named_in(names: dict[date, str], wanted: tuple[str, ...]) -> tuple[date, date] | None:
    """First and last day of the holiday, neighbouring days with the same name together."""
    for name in wanted:
        days = sorted(d for d, title in names.items() if name in title and "observed" not in title)
        if days:
            last = days[0]
            while last + ONE_DAY in days:
                last += ONE_DAY
            return days[0], last
    return None


def _in_year(key: str, country: str | None, year: int) -> tuple[date, date] | None:
    if key == "easter":
        return _easter(country, year)
    if key == "lantern":
        return _lantern(year)
    if key in FIXED:
        day = date(year, *FIXED[key])
        return day, day
    if country is None:
        country = "CN" if key in CHINESE else None
    if country is None:
        return None
    found = _named_in(public_holidays(country, year)[0], NAMES[key])
    if found is None and key in CHINESE and country != "CN":
        return _named_in(public_holidays("CN", year)[0], NAMES[key])
    return found


def _lantern(year: int) -> tuple[date, date] | None:
    found = _named_in(public_holidays(_LENT_BY, year)[0], NAMES["chinese new year"])
    day = found[0] + timedelta(days=_LANTERN_DAYS) if found else None
    return (day, day) if day else None


def _easter(country: str | None, year: int) -> tuple[date, date]:
    """Good Friday to Easter Monday where Good Friday is a public holiday, otherwise Easter Sunday."""
    from dateutil.easter import easter  # noqa: PLC0415 - only needed here

    sunday = easter(year)
    names = public_holidays(country, year)[0] if country else {}
    if "Good Friday" in names.get(sunday - 2 * ONE_DAY, ""):
        return sunday - 2 * ONE_DAY, sunday + ONE_DAY
    return sunday, sunday


def named_holiday(key: str, country: str | None, earliest: date) -> tuple[date, date] | None:
    """First and last day of the next such holiday that begins on or after `earliest`; None where unknown."""
    if country is None and key in KEPT_IN:
        return _agreed([_next_named(key, code, earliest) for code in KEPT_IN[key]], earliest)
    found = _next_named(key, country, earliest)
    parts = [code for code in KEPT_IN.get(key, ()) if country and code.startswith(f"{country}-")]
    return found or _agreed([_next_named(key, code, earliest) for code in parts], earliest)


def _next_named(key: str, country: str | None, earliest: date) -> tuple[date, date] | None:
    for year in (earliest.year, earliest.year + 1):
        found = _in_year(key, country, year) if year <= 9999 else None
        if found and found[0] >= earliest:
            return found
    return None


def _agreed(found: list[tuple[date, date] | None], earliest: date) -> tuple[date, date] | None:
    """Give the one day that all countries mean, or the one that is near while all others are far."""
    known = sorted({days for days in found if days})
    if not known or None in found:
        return None
    first = known[0]
    near = (first[0] - earliest).days <= _SOON_DAYS
    far = all((days[0] - first[0]).days >= _LONG_DAYS for days in known[1:])
    return first if len(known) == 1 or (near and far) else None


def next_public_holiday(country: str | None, earliest: date) -> date | None:
    """Give the next public holiday on or after `earliest`. Without a country the next bank holiday of the
    countries that call it so, if it is the same day in all of them.
    """
    if country is None:
        shared = {next_public_holiday(code, earliest) for code in BANK_HOLIDAYS}
        return shared.pop() if len(shared) == 1 else None
    days = [d for year in (earliest.year, earliest.year + 1) for d in public_holidays(country, year)[0]]
    return min((d for d in days if d >= earliest), default=None)


def is_working_day(day: date, country: str | None) -> bool:
    """Monday to Friday without public holidays, plus make-up days; weekends only if no country."""
    if country is None:
        return day.weekday() < 5
    names, make_up = public_holidays(country, day.year)
    return day in make_up or (day.weekday() < 5 and day not in names)


def break_around(day: date, country: str) -> tuple[date, date] | None:
    """Give the run of days off that holds `day`, None where the schedule of its year is not known."""
    if not schedule_known(country, day.year):
        return None
    first = last = day
    while not is_working_day(first - ONE_DAY, country):
        first -= ONE_DAY
    while not is_working_day(last + ONE_DAY, country):
        last += ONE_DAY
    return first, last


def next_break(country: str | None, meeting: date) -> tuple[date, date] | None:
    """Give the break that is on or comes next: three days off or more around a public holiday."""
    day = next_public_holiday(country, meeting)
    while country and day:
        found = break_around(day, country)
        if found is None or (found[1] - found[0]).days >= 2:
            return found
        day = next_public_holiday(country, found[1] + ONE_DAY)
    return None


def working_days_after(day: date, n: int, country: str | None) -> date | None:
    """Give the n-th working day after `day`; None near a holiday whose make-up days are not known."""
    current = day
    while n > 0:
        current += ONE_DAY
        n -= is_working_day(current, country)
    if country in MAKE_UP_COUNTRIES and not schedule_known(country, current.year):
        holiday = next_public_holiday(country, day)
        if holiday is None or holiday <= current + 10 * ONE_DAY:
            return None
    return current


def first_week_after(span: tuple[date, date], country: str) -> date | None:
    """Last working day of the week (Monday to Sunday) of the first working day after a break."""
    day = span[1] + ONE_DAY
    while not is_working_day(day, country):
        day += ONE_DAY
    sunday = day + timedelta(days=6 - day.weekday())
    while not is_working_day(sunday, country):
        sunday -= ONE_DAY
    return sunday
