"""People from a table (CSV): new ones are added, known ones changed, missing units made."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from models.parsing.tables import Columns, csv_records
from service.db.tables import Person, Unit
from service.db.unit_of_work import Work
from service.domain.account_errors import AccountNotValid
from service.domain.edits import bounded_text
from service.domain.errors import DomainError
from service.domain.policy import Action, Thing
from service.usecases.access import require_role
from service.usecases.accounts import checked_email
from service.usecases.actor import Actor
from service.usecases.create_meeting import require_time_zone
from service.usecases.person_names import sort_key
from service.usecases.rapport import Rapport
from service.usecases.units import create, lock_tree

HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("name", "display name", "display_name", "姓名"), "display_name"),
        **dict.fromkeys(("family name", "family_name", "姓"), "family_name"),
        **dict.fromkeys(("given name", "given_name", "名"), "given_name"),
        **dict.fromkeys(("aliases", "别名", "称呼"), "aliases"),
        **dict.fromkeys(("e-mail", "email", "邮箱", "电子邮箱"), "email"),
        **dict.fromkeys(("language", "locale", "语言"), "locale"),
        **dict.fromkeys(("time zone", "time_zone", "时区"), "time_zone"),
        **dict.fromkeys(("unit", "department", "部门"), "unit"),
    }
)
"""Heading in small letters -> column; others are ignored. A unit below another: "Sales / North"."""

MOST_PEOPLE = 5_000
MOST_TOLD = 500
"""Problems, and people, that are told with their lines; all are counted."""

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,6})?")
_LONGEST = {"family_name": 100, "given_name": 100}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in the record that begins on this line, in the language of the one who asks."""

    line: int
    detail: str


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the record on this line adds or changes."""

    line: int
    name: str
    is_new: bool


@dataclass(slots=True)
class Imported:
    """How many people were (or would be) added and changed, how many units made. Any problem: nothing is
    kept.
    """

    added: int = 0
    changed: int = 0
    units: int = 0
    people: list[Told] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0


class _NotKept(Exception):
    """Rolls back."""


def import_people(rapport: Rapport, actor: Actor, content: bytes, *, preview: bool = False) -> Imported:
    """Known is whoever has the e-mail address, or without one the very name. Nobody gets an account or a
    right by it.

    Raises NotAllowed, AccountNotValid for what is no table of people.
    """
    require_role(actor, Action.manage_accounts, Thing.accounts)
    columns, rows = _table(content)
    told = Imported()
    try:
        with rapport.database.write(actor.organisation_id) as work:
            lock_tree(work, actor.organisation_id)
            found = _People(work, told)
            for line, cells in rows:
                if cells is None or told.added + told.changed >= MOST_PEOPLE:
                    raise AccountNotValid("people_table", line=line, most=MOST_PEOPLE)
                try:
                    found.keep(line, {name: columns.cell(cells, name).strip() for name in columns.positions})
                except DomainError as error:
                    told.problem_count += 1
                    told.problems.append(Problem(line, error.line(actor.language)))
            codes = {"added": told.added, "changed": told.changed, "units": told.units}
            work.audit(actor.person_id, "import", "people", actor.organisation_id, codes)
            _end(told, preview=preview)
    except _NotKept:
        told.problems = told.problems[:MOST_TOLD]
    told.people = told.people[:MOST_TOLD]
    return told


def _end(told: Imported, *, preview: bool) -> None:
    if preview or told.problems:
        raise _NotKept


def _table(content: bytes) -> tuple[Columns, Iterator[tuple[int, list[str] | None]]]:
    text = _text(content)
    mark = max(",;\t", key=text.split("\n", 1)[0].count)
    records = csv_records(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    filled = (one for one in records if one[1] is None or any(cell.strip() for cell in one[1]))
    _, first = next(filled, (1, None))
    columns = Columns.of(first or (), HEADINGS)
    if "display_name" not in columns.positions or columns.twice:
        raise AccountNotValid("people_headings")
    return columns, filled


def _text(content: bytes) -> str:
    # Spreadsheets of Chinese Windows are often saved as GB 18030.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AccountNotValid("people_headings")


class _People:
    """The people of the organisation while a table is read into them."""

    def __init__(self, work: Work, told: Imported) -> None:
        self._work, self._told = work, told
        people = list(work.session.scalars(work.rows(Person).order_by(Person.id)))
        self._by_email = {one.email.casefold(): one for one in people if one.email}
        self._by_name: dict[str, list[Person]] = {}
        for one in people:
            self._by_name.setdefault(one.display_name, []).append(one)
        units = work.session.scalars(work.rows(Unit).where(Unit.retired_on.is_(None)))
        self._units = {(unit.parent_id, unit.name.casefold()): unit.id for unit in units}

    def keep(self, line: int, cells: Mapping[str, str]) -> None:
        """One record. Raises DomainError."""
        values = _checked({name: cell for name, cell in cells.items() if cell or name == "display_name"})
        known = self._known(values)
        path = values.pop("unit", None)
        if path is not None:
            values["unit_id"] = self._unit(path)
        person = known or Person(created_at=self._work.now)
        for name, value in values.items():
            setattr(person, name, value)
        person.sort_key = sort_key(person.display_name, person.family_name or "", person.given_name or "")
        if known is None:
            self._work.add(person)
            self._by_name.setdefault(person.display_name, []).append(person)
            if person.email:
                self._by_email[person.email.casefold()] = person
        self._told.added += known is None
        self._told.changed += known is not None
        self._told.people.append(Told(line, person.display_name, known is None))

    def _known(self, values: Mapping[str, Any]) -> Person | None:
        if "email" in values:
            return self._by_email.get(values["email"].casefold())
        same = self._by_name.get(values["display_name"], [])
        if len(same) > 1:
            raise AccountNotValid("name_twice")
        return same[0] if same else None

    def _unit(self, path: str) -> str | None:
        parent: str | None = None
        for name in (part.strip() for part in path.split("/")):
            place = (parent, name.casefold())
            if place not in self._units:
                self._units[place] = create(self._work, bounded_text("unit", name, 200), parent).id
                self._told.units += 1
            parent = self._units[place]
        return parent


def _checked(cells: Mapping[str, str]) -> dict[str, Any]:
    """The values of a person's row, and the path of the unit. Raises DomainError."""
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        one_line = " ".join(cell.split())
        if name == "aliases":
            parts = [part for part in re.split("[;；、]", one_line) if part.strip()]
            values[name] = [bounded_text(name, part, 200) for part in parts[:20]]
        elif name == "email":
            values[name] = checked_email(one_line)
        elif name == "unit":
            values[name] = one_line
        else:
            values[name] = bounded_text(name, one_line, _LONGEST.get(name, 200))
    if "time_zone" in values:
        require_time_zone(values["time_zone"])
    if "locale" in values and not _LOCALE.fullmatch(values["locale"]):
        raise AccountNotValid("bad_locale")
    return values
