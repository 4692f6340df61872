"""Fills an empty database as years of use would: `python -m tests.bench.fill DATA [--database URL]`.

Every meeting has its own key and its own encrypted documents, as the use cases make them; only the waiting
for the disk is left out, and rows go in by the hundred.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import Response
from sqlalchemy import insert

from service.bootstrap import build
from service.db import tables
from service.db.migrate import upgrade
from service.domain.ids import new_id
from service.domain.minutes import ITEM_FIELDS, sha256_of
from service.domain.review import SUGGESTIONS
from service.hosting import hosting
from service.storage.blobs import BlobStore
from service.storage.documents import canonical
from service.storage.keys import KeyStore
from service.storage.objects import MARKER, sharded
from service.usecases.identify import digest
from service.usecases.passwords import hash_password
from service.usecases.rapport import Rapport
from service.web.cookies import Cookies
from tests.bench import talks

MEETINGS, MANAGERS, SIGNED_IN, TEAM = 10_000, 500, 20, 8
PEOPLE = "people.json"
PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist
DRAFTED_OF_20 = 2
WHOLE, SHORT = 150, 30
"""Turns of a talk that is to be reviewed, and of one that was: most of ten thousand only take up room."""


class Unsynced:
    """An ObjectStore that leaves it to the system when bytes reach the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "incoming").mkdir(parents=True)
        (folder / MARKER).touch()

    def put(self, name, chunks):
        path = self._folder / sharded(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"".join(chunks))

    def open(self, name):
        return (self._folder / sharded(name)).open("rb", buffering=0)

    def exists(self, name):
        return (self._folder / sharded(name)).exists()

    def keeps_versions(self, name):
        return False


@dataclass
class Filling:
    """Rows by table that wait to be written, and the stores. `people`: who is signed in, with a secret."""

    rapport: Rapport
    keys: KeyStore
    blobs: BlobStore
    cookies: Cookies
    organisation: str = ""
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    people: list[dict[str, Any]] = field(default_factory=list)

    def add(self, table, **values):
        owned = {"id": new_id(), "organisation_id": self.organisation, **values}
        self.rows[table].append(owned)
        return owned["id"]

    def write(self):
        """All rows in one transaction, in an order that foreign keys like."""
        rows, self.rows = self.rows, defaultdict(list)
        with self.rapport.database.write() as work:
            for table in tables.Meeting.metadata.sorted_tables:
                for mapped, waiting in rows.items():
                    if mapped.__table__ is table:
                        work.session.execute(insert(mapped), waiting)


def fill(rapport: Rapport, meetings: int = MEETINGS, managers: int = MANAGERS, signed_in: int = SIGNED_IN):
    """Fills the migrated, empty database behind `rapport`; the people who are signed in.

    Of the meetings of those, all but two wait to be reviewed; of the others' two in twenty.
    """
    keys = KeyStore(Unsynced(Path(rapport.hosting.keys)), rapport.master)
    blobs = BlobStore(Unsynced(Path(rapport.hosting.blobs)), keys)
    filling = Filling(rapport, keys, blobs, Cookies(rapport.master, secure=False))
    now = rapport.database.clock()
    filling.organisation = new_id()
    filling.rows[tables.Organisation].append(
        {"id": filling.organisation, "name": "Acme", "settings": {}, "created_at": now}
    )
    password_hash = hash_password(PASSWORD)
    _person(filling, "Administrator", "admin@acme.test", ["admin", "member"], password_hash, secret=True)
    contents = {turns: canonical(talks.transcript(turns)) for turns in (WHOLE, SHORT)}
    contents["draft"] = canonical(talks.draft())
    each = meetings // managers
    for number in range(managers):
        measured = number < signed_in
        manager = _person(
            filling, f"Manager {number}", f"m{number}@acme.test", ["member"], password_hash, secret=measured
        )
        team = [
            _person(filling, f"Employee {number}-{n}", f"e{number}-{n}@acme.test", ["member"], password_hash)
            for n in range(TEAM)
        ]
        for employee in team:
            filling.add(
                tables.Relation,
                kind="manager",
                manager_id=manager,
                employee_id=employee,
                from_day=now.date() - timedelta(days=900),
                made_by=None,
            )
        for n in range(each):
            waiting = n < each - 2 if measured else n < DRAFTED_OF_20
            _meeting(filling, manager, team[n % TEAM], now - timedelta(days=7 * n), waiting, contents)
        if number % 25 == 24:
            filling.write()
    filling.write()
    return filling.people


def _person(filling, name, email, roles, password_hash, *, secret=False):
    now = filling.rapport.database.clock()
    person = filling.add(
        tables.Person, display_name=name, sort_key=name.casefold(), aliases=[], email=email, created_at=now
    )
    account = filling.add(
        tables.Account,
        person_id=person,
        email=email,
        password_hash=password_hash,
        roles=roles,
        active=True,
        failures=0,
        created_at=now,
    )
    if secret:
        text = secrets.token_urlsafe(32)
        filling.add(
            tables.Session,
            account_id=account,
            digest=digest(text),
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=7),
        )
        response = Response()
        filling.cookies.keep(response, text)
        cookie = response.headers["set-cookie"].partition(";")[0].partition("=")[2]
        filling.people.append(
            {"person": person, "name": name, "cookie": cookie, "csrf": filling.cookies.page_token(text)}
        )
    return person


def _meeting(filling, manager, employee, at, waiting, contents):
    meeting, key, minutes_key = new_id(), filling.keys.create(), None
    transcript, draft = new_id(), new_id()
    state = "drafted" if waiting else "acknowledged"
    if not waiting:
        minutes_key = filling.keys.create()
    filling.add(
        tables.Meeting,
        id=meeting,
        manager_id=manager,
        kind="check_in",
        state=state,
        state_since=at,
        held_on=at.date(),
        started_at=at,
        key_id=key,
        minutes_key_id=minutes_key,
        transcript_id=transcript,
        draft_id=draft,
        version=0 if waiting else 1,
        revision=3,
        created_by=manager,
        created_at=at,
    )
    for pid, person, role in (("m", manager, "manager"), ("e", employee, "employee")):
        participant = filling.add(
            tables.Participant, meeting_id=meeting, person_id=person, pid=pid, role=role
        )
        filling.add(
            tables.Consent,
            meeting_id=meeting,
            participant_id=participant,
            state="given",
            at=at,
            by_person_id=person,
        )
    _document(filling, meeting, transcript, "transcript", key, contents[WHOLE if waiting else SHORT], at)
    _document(filling, meeting, draft, "draft", key, contents["draft"], at)
    made = talks.draft()
    for group in SUGGESTIONS:
        for item in made[group]:
            filling.add(
                tables.Suggestion,
                meeting_id=meeting,
                item=item["id"],
                kind=group,
                confidence=item.get("confidence"),
                origin="engine",
            )
    if not waiting:
        _confirmed(filling, meeting, manager, employee, minutes_key, at)


def _confirmed(filling, meeting, manager, employee, key, at):
    version, document = new_id(), new_id()
    minutes = talks.minutes(version, meeting, manager, at)
    digest_of = sha256_of(minutes)
    _document(filling, meeting, document, "minutes", key, canonical(minutes), at)
    filling.add(
        tables.MinutesVersion,
        id=version,
        meeting_id=meeting,
        version=1,
        sha256=digest_of,
        document_id=document,
        confirmed_by=manager,
        confirmed_at=at,
    )
    filling.add(
        tables.Acknowledgement,
        meeting_id=meeting,
        version=1,
        sha256=digest_of,
        person_id=employee,
        verdict="acknowledge",
        at=at,
    )
    for item in minutes["action_items"]:
        filling.add(
            tables.ActionItem,
            meeting_id=meeting,
            version=1,
            item=item["id"],
            owner_id=employee,
            due=(at + timedelta(days=5)).date(),
            status="done",
            status_at=at,
            revision=1,
        )
    for group in ITEM_FIELDS:
        for item in minutes[group]:
            filling.add(
                tables.ItemDecision,
                meeting_id=meeting,
                item=item["id"],
                verdict="accept",
                no_date=False,
                by_person_id=manager,
                at=at,
            )


def _document(filling, meeting, document, kind, key, content, at):
    name = filling.blobs.put(key, [content]).name
    filling.add(
        tables.Document, id=document, meeting_id=meeting, kind=kind, revision=1, name=name, created_at=at
    )


def main(arguments: list[str]) -> None:
    """Fills, and leaves the secrets of those who are signed in beside the database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--database")
    parser.add_argument("--meetings", type=int, default=MEETINGS)
    parser.add_argument("--managers", type=int, default=MANAGERS)
    chosen = parser.parse_args(arguments)
    begun = time.monotonic()
    settings = {"RAPPORT_DATA": str(chosen.data), "RAPPORT_DATABASE": chosen.database or ""}
    rapport = build(hosting(settings))
    upgrade(rapport.hosting.database_url)
    people = fill(rapport, chosen.meetings, chosen.managers)
    rapport.database.close()
    (chosen.data / PEOPLE).write_text(json.dumps(people), "utf-8")
    print(f"{chosen.meetings} meetings of {chosen.managers} managers in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
