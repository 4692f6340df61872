"""A demo organisation: people in both languages, a meeting of each pair that waits for its draft."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from service.db.tables import Account, Organisation, Person, Relation
from service.db.unit_of_work import Work
from service.errors import WrongUsage
from service.usecases.accounts import add_account
from service.usecases.actor import Actor
from service.usecases.consent import attest_consent
from service.usecases.create_meeting import Plan, create_meeting
from service.usecases.erase import MACHINE
from service.usecases.identify import actor_of
from service.usecases.import_transcript import import_transcript
from service.usecases.person_names import sort_key
from service.usecases.rapport import Rapport
from service.usecases.uploads import begin, keep, store

ORGANISATION = "Rapport Demo"


@dataclass(frozen=True, slots=True)
class _One:
    name: str
    locale: str = "en"
    time_zone: str = "Europe/Berlin"
    role: str = "member"
    manager: str | None = None
    aliases: tuple[str, ...] = ()


_PEOPLE = {
    "admin": _One("Ada Lindqvist", role="admin"),
    "hr": _One("周敏", "zh", "Asia/Shanghai", role="hr", aliases=("周老师",)),
    "martin": _One("Martin Kessler"),
    "priyanka": _One("Priyanka Rao", manager="martin"),
    "linjing": _One("林静", "zh", "Asia/Shanghai", aliases=("林总",)),
    "heyu": _One("何宇", "zh", "Asia/Shanghai", manager="linjing", aliases=("小何",)),
}
_TALKS = (("martin", "priyanka", "demo_checkin_en.txt"), ("linjing", "heyu", "demo_checkin_zh.txt"))


@dataclass(frozen=True, slots=True)
class Demo:
    """Addresses to sign in with, all with one password, by name of the person."""

    addresses: Mapping[str, str]
    password: str


def make_demo(rapport: Rapport, recordings: Sequence[bytes] = ()) -> Demo:
    """Makes it once. `recordings`: files of the English and the Mandarin talk, in place of what is written.

    Raises WrongUsage when it is there already, or for more recordings than talks; UnknownSound.
    """
    if len(recordings) > len(_TALKS):
        raise WrongUsage("demo_recordings")
    password = secrets.token_urlsafe(12)
    with rapport.database.write() as work:
        if work.session.scalar(select(Organisation.id).where(Organisation.name == ORGANISATION)):
            raise WrongUsage("demo_exists")
        row = Organisation(name=ORGANISATION, created_at=work.now)
        work.session.add(row)
        work.session.flush()
        work.organisation_id = row.id
        actors, addresses = _people(work, password)
        work.audit(MACHINE, "make_demo", "organisation", row.id)
    for number, (manager, employee, file) in enumerate(_TALKS):
        lead = actors[manager]
        meeting_id = _planned(rapport, lead, actors[employee].person_id, _PEOPLE[manager])
        if number < len(recordings):
            _upload(rapport, lead, meeting_id, recordings[number])
        else:
            import_transcript(rapport, lead, meeting_id, Path(__file__).with_name(file).read_bytes())
    return Demo(addresses, password)


def _people(work: Work, password: str) -> tuple[dict[str, Actor], dict[str, str]]:
    rows: dict[str, tuple[Person, Account]] = {}
    for key, one in _PEOPLE.items():
        person = work.add(
            Person(
                display_name=one.name,
                aliases=list(one.aliases),
                sort_key=sort_key(one.name),
                locale=one.locale,
                time_zone=one.time_zone,
                created_at=work.now,
            )
        )
        rows[key] = person, add_account(work, person, f"{key}@rapport.example", [one.role], password)
    since = work.now.date() - timedelta(days=365)
    for key, one in _PEOPLE.items():
        if one.manager is not None:
            pair = {"manager_id": rows[one.manager][0].id, "employee_id": rows[key][0].id}
            work.add(Relation(kind="manager", from_day=since, **pair))
    actors = {key: actor_of(account, person) for key, (person, account) in rows.items()}
    return actors, {person.display_name: account.email for person, account in rows.values()}


def _planned(rapport: Rapport, manager: Actor, employee_id: str, one: _One) -> str:
    day = rapport.database.clock().date() - timedelta(days=1)
    plan = Plan("check_in", day, [(employee_id, "employee")], time_zone=one.time_zone, rhythm="biweekly")
    meeting_id = create_meeting(rapport, manager, plan).meeting.id
    attest_consent(rapport, manager, meeting_id, "e")
    return meeting_id


def _upload(rapport: Rapport, manager: Actor, meeting_id: str, content: bytes) -> None:
    upload = begin(rapport, manager, meeting_id, len(content))
    keep(rapport, manager, upload, [store(rapport, upload, (), content)])
