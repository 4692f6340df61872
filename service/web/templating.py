"""Pages from templates: text escaped, every sentence in the visitor's language, dates in its form.

Sentences are in page_texts/<area>.toml; a template says `t("home.title")`, or `tn("home.people", n)` for the
keys people_one and people_other, of which the language chooses by its plural rule (CLDR, by Babel).
`called("state", meeting.state)` is what people call a member of the rules: a state, itemstatus, standing,
thing, kind, role, recurrence, or kind of point.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers, units
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.wording import Wording
from service.domain.names import NAMES
from service.export.outline import WORDING as HEADINGS
from service.web.language import Language, language_of

HERE = Path(__file__).parent
STATIC = HERE / "static"
AMOUNTS = (("gigabyte", 1e9), ("megabyte", 1e6), ("kilobyte", 1e3))
LOCALES = {"en": "en", "zh": "zh_Hans"}


@cache
def texts() -> Wording:
    """All sentences of pages: "<file>.<key>"."""
    tables = {path.stem: Wording.beside(__file__, f"page_texts/{path.name}").table for path in _text_files()}
    return Wording({f"{area}.{key}": line for area, table in tables.items() for key, line in table.items()})


def render(
    request: Request,
    template: str,
    status: int = 200,
    *,
    time_zone: str = "UTC",
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> HTMLResponse:
    """The page, with `values` for its template. `time_zone`: of the moments in it, IANA."""
    language = language_of(request)
    page = _environment().get_template(template)
    content = page.render(request=request, **_speaking(language, time_zone), **values)
    return HTMLResponse(content, status, {"Content-Language": language, "Vary": "Accept-Language, Cookie"})


def _speaking(language: Language, time_zone: str) -> dict[str, Any]:
    """What templates say things with."""
    locale = Locale.parse(LOCALES[language])

    def say(key: str, **values: object) -> str:
        return texts().say(key, language, **values)

    def say_number(key: str, n: int, **values: object) -> str:
        form = "one" if locale.plural_form(n) == "one" else "other"
        return say(f"{key}_{form}", n=numbers.format_decimal(n, locale=locale), **values)

    def called(group: str, member: str) -> str:
        for table, key in ((NAMES, f"{group}_{member}"), (HEADINGS, f"{group}_{member}"), (HEADINGS, member)):
            if key in table.table:
                return table.say(key, language)
        return member

    def namings(group: str, members: Iterable[str]) -> list[tuple[str, str]]:
        return [(str(member), called(group, member)) for member in members]

    def ago(value: date, today: date) -> str:
        """How long that day is gone: 6 weeks ago."""
        gone = value - today
        if not gone:
            return say("frame.today")
        return dates.format_timedelta(gone, "day", 1.5, add_direction=True, locale=locale)

    words = {
        "language": language,
        "t": say,
        "tn": say_number,
        "called": called,
        "namings": namings,
        "ago": ago,
    }
    return words | _amounts(locale, ZoneInfo(time_zone))


def _amounts(locale: Locale, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """Days, moments and numbers in the form of the language."""

    def day(value: date, form: str = "medium") -> str:
        return dates.format_date(value, form, locale=locale)

    def moment(value: datetime) -> str:
        both = str(dates.get_datetime_format("medium", locale=locale))
        hour = dates.format_time(value, "short", tzinfo=zone, locale=locale)
        return both.format(hour, day(value.astimezone(zone).date()))

    def percent(value: float) -> str:
        return numbers.format_percent(value, locale=locale)

    def amount(size_bytes: int) -> str:
        """Of data: 2.1 GB."""
        unit, size = next(((u, size_bytes / n) for u, n in AMOUNTS if size_bytes >= n), ("byte", size_bytes))
        return units.format_unit(size, f"digital-{unit}", "short", format="0.#", locale=locale)

    def lasting(seconds: float) -> str:
        """So long: 42 seconds, 3 minutes."""
        return dates.format_timedelta(timedelta(seconds=round(seconds)), locale=locale)

    return {"day": day, "moment": moment, "percent": percent, "amount": amount, "lasting": lasting}


def clock(seconds: float) -> str:
    """A place in a recording: 4:05, 1:04:05."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def static(path: str) -> str:
    """The address of a file in static/. It changes with the content, so that browsers may keep the file; but
    scripts have one name only, by which they import each other: under a second one they would run twice.
    """
    is_script = path.endswith(".js")
    return f"/static/{path}" if is_script else f"/static/{path}?v={_digest(STATIC / path)}"


@cache
def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    except FileNotFoundError:
        return "missing"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "page_templates"),
        autoescape=True,
        auto_reload=False,  # a page and the sentences that it says are of one version
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    spoken: dict[str, Callable[..., Any]] = {"static": static, "clock": clock}
    environment.globals.update(spoken)
    return environment


def _text_files() -> list[Path]:
    return sorted((HERE / "page_texts").glob("*.toml"))
