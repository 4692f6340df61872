"""Profiles of people in files: one as JSON, many as JSON or CSV, both ways.

A file is read as a whole or not at all: everything that is wrong in it is collected and told in one error.
The fields of a person, all optional, others ignored:

    {"id": "ann", "role": "Analyst", "level": "beginner", "language": "en",
     "ratings": [{"skill": "SQL", "value": 2, "by": "manager", "on": "2026-03-01"}],
     "expected": {"SQL": 4}, "interest": "data", "completed": ["sql-101"],
     "gaps": [{"skill": "SQL", "on": "2026-05-05"}], "budget": 500}

The CSV table is described in models/parsing/profile_tables.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from models.development import Profile
from models.errors import NotAProfile, Words
from models.parsing.identifiers import is_id
from models.parsing.problems import Problems
from models.parsing.profile_facts import TEXTS, Fact, Place, ProfileBuilder
from models.parsing.profile_tables import MAX_PEOPLE, profiles_of_csv, to_csv
from models.parsing.reading import read_other

_LISTS = {"completed": "completed", "ratings": "rating", "gaps": "gap"}
"""Lists of a JSON profile, with the field of the facts in them."""


def read_profile(path: Path) -> Profile:
    """The profile in a file with one JSON object. Raises NotAProfile (with every place), DiskProblem."""
    return profile_of(_json(_text(path), path.name), path.name)


def profile_of(raw: object, name: str) -> Profile:
    """The profile in a JSON value, which errors call `name`. Raises NotAProfile (with every place)."""
    # A file of many would otherwise pass as a person of whom nothing is known.
    if not isinstance(raw, dict) or "people" in raw:
        raise NotAProfile("profile_not_one", path=name)
    problems = Problems()
    profile = _profile(raw, 1, problems)
    problems.refuse_any(name, NotAProfile)
    return profile


def read_profiles(path: Path) -> list[Profile]:
    """The profiles in a file, at least one, in its order: CSV, a JSON list, or an object with "people".

    All or nothing: raises NotAProfile with the places of the first 20 problems and how many more there are,
    and DiskProblem. At most 100,000 people and 64 MiB.
    """
    text = _text(path)
    problems = Problems()
    if path.suffix.lower() == ".json" or text.lstrip()[:1] in ("{", "["):
        profiles = _profiles_of_json(text, path.name, problems)
    else:
        profiles = profiles_of_csv(text, path.name, problems)
    problems.refuse_any(path.name, NotAProfile)
    if not profiles:
        raise NotAProfile("profile_empty", path=path.name)
    return profiles


def write_profiles(profiles: Sequence[Profile], fmt: Literal["json", "csv"]) -> str:
    """The profiles as text that `read_profiles` reads back without loss.

    CSV cells that a spreadsheet would run as formulas are neutralised (models/parsing/spreadsheet_safety).
    Spreadsheets show Chinese rightly when the text is saved with a byte order mark ("utf-8-sig"); reading
    takes both. Raises NotAProfile when two people share an id, and for CSV when two have none or one has
    neither id nor facts.
    """
    for person, times in Counter(profile.id for profile in profiles).items():
        if person is not None and times > 1:
            raise NotAProfile("profile_id_shared", id=person)
    if fmt == "csv":
        return to_csv(profiles)
    people = {"people": [plain_profile(profile) for profile in profiles]}
    return json.dumps(people, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _text(path: Path) -> str:
    return read_other(path, NotAProfile, "profile_too_large", "profile_not_text")


def _json(text: str, name: str) -> Any:  # noqa: ANN401 - JSON
    if not text.strip():
        raise NotAProfile("profile_empty", path=name)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise NotAProfile("profile_not_json", path=name, **place) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets without end
        raise NotAProfile("profile_not_json", path=name, line=1, column=1) from error


@dataclass(frozen=True, slots=True)
class _Spot(Place):
    """A place in a JSON document; people and the entries of a list are counted from 1."""

    person: int
    field: str
    entry: str | None = None
    parts: bool = False
    """Whether the entry is an object, so that its skill, value, by and on are places of their own."""

    def at(self, cell: str) -> Words:
        where = {"person": str(self.person), "field": self.field}
        if self.entry is None:
            return "profile_at_field", where
        if not self.parts:
            return "profile_at_entry", {**where, "entry": self.entry}
        return "profile_at_part", {**where, "entry": self.entry, "part": cell}


def _profiles_of_json(text: str, name: str, problems: Problems) -> list[Profile]:
    raw = _json(text, name)
    people = raw.get("people") if isinstance(raw, dict) else raw
    if not isinstance(people, list):
        raise NotAProfile("profile_not_people", path=name)
    if len(people) > MAX_PEOPLE:
        raise NotAProfile("profile_too_many", path=name, limit=MAX_PEOPLE)
    found: list[Profile] = []
    taken: set[str] = set()
    for number, one in enumerate(people, 1):
        if not isinstance(one, dict):
            problems.add(("profile_at_person", {"person": str(number)}), "value_not_object", one)
            continue
        profile = _profile(one, number, problems)
        if profile.id in taken:
            problems.add(_Spot(number, "id").at("value"), "value_id_taken", profile.id)
        elif profile.id is not None:
            taken.add(profile.id)
        found.append(profile)
    return found


def _profile(raw: Mapping[str, Any], number: int, problems: Problems) -> Profile:
    person = raw.get("id")
    if person is not None and not (isinstance(person, str) and is_id(person)):
        problems.add(_Spot(number, "id").at("value"), "value_not_id", person)
        person = None
    builder = ProfileBuilder(problems)
    for fact in _facts(raw, number, problems):
        builder.add(fact)
    return builder.profile(person)


def _facts(raw: Mapping[str, Any], number: int, problems: Problems) -> Iterator[Fact]:
    """The facts of a JSON profile; null is the same as absent."""
    for field in (*TEXTS, "budget"):
        if raw.get(field) is not None:
            yield Fact(_Spot(number, field), field, value=raw[field])
    expected = raw.get("expected")
    if isinstance(expected, dict):
        for skill, value in expected.items():
            yield Fact(_Spot(number, "expected", skill), "expected", skill, value)
    elif expected is not None:
        problems.add(_Spot(number, "expected").at("value"), "value_not_object", expected)
    for name, field in _LISTS.items():
        entries = raw.get(name)
        if entries is not None and not isinstance(entries, list):
            problems.add(_Spot(number, name).at("value"), "value_not_list", entries)
            continue
        for position, entry in enumerate(entries or (), 1):
            if field == "completed":
                yield Fact(_Spot(number, name, str(position)), field, value=entry)
            elif isinstance(entry, dict):
                parts = {part: entry.get(part) for part in ("skill", "value", "by", "on")}
                yield Fact(_Spot(number, name, str(position), parts=True), field, **parts)
            else:
                problems.add(_Spot(number, name, str(position)).at("value"), "value_not_object", entry)


def plain_profile(profile: Profile) -> dict[str, Any]:
    """The profile as JSON values, in the order of its fields and without what is not known."""
    plain = {**asdict(profile), "expected": dict(profile.expected), "completed": sorted(profile.completed)}
    return {field: value for field, value in plain.items() if value is not None and value not in ((), [], {})}
