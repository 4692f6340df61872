"""An organisation with people, and a meeting whose draft waits for its manager."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from service.bootstrap import build
from service.db.tables import (
    Account,
    Document,
    Meeting,
    Organisation,
    Participant,
    Person,
    Recording,
    RecordingPart,
)
from service.hosting import hosting
from service.storage.master import create_master_key
from service.usecases.actor import Actor
from tests.service.domain.drafts import TURNS, draft

HINT = "QUIETLY MEANT HINT"
SHOWN = ["summary", "p1", "g1", "a1"]


@dataclass
class Office:
    """Ids of people by name, and the meeting of `lead` with `emp`."""

    rapport: object
    ids: dict[str, str] = field(default_factory=dict)
    meeting: str = ""

    def actor(self, name, *roles, **more):
        org = self.ids["elsewhere" if name == "outsider" else "org"]
        return Actor(org, self.ids[name], roles=frozenset(roles), **more)

    def row(self):
        with self.rapport.database.read(self.ids["org"]) as work:
            return work.one(Meeting, self.meeting)

    def rows(self, table, **where):
        with self.rapport.database.read(self.ids["org"]) as work:
            return list(work.session.scalars(work.rows(table).filter_by(**where)))


def transcript(marker=""):
    turns = [
        {
            "i": i,
            "speaker": "em"[i % 2 == 0],
            "text": text + marker * (i == 1),
            "start_s": i * 2.0,
            "end_s": i * 2.0 + 2,
        }
        for i, text in TURNS.items()
    ]
    people = [{"id": "m", "role": "manager", "name": "Dana"}, {"id": "e", "role": "employee", "name": "Luis"}]
    return {
        "schema": "rapport.transcript/1",
        "id": "meeting",
        "rev": 2,
        "language": "en",
        "date": "2026-05-04",
        "kind": "check_in",
        "participants": people,
        "turns": turns,
    }


def service_over(data_dir, url, clock, queue):
    """The parts over a folder and a database; the master key lies beside the folder."""
    master = data_dir.with_name(f"{data_dir.name}-master.key")
    if not master.exists():
        create_master_key(master)
    places = {"RAPPORT_DATA": data_dir, "RAPPORT_DATABASE": url, "RAPPORT_MASTER_KEY_FILE": master}
    settings = hosting({name: str(value) for name, value in places.items()})
    return build(settings, clock=clock, queue=queue)


def open_office(data_dir, url, clock, queue, marker=""):
    """Builds the service over that folder and database and puts people and a drafted meeting into it."""
    rapport = service_over(data_dir, url, clock, queue)
    office = Office(rapport)
    with rapport.database.write() as work:
        for name in ("org", "elsewhere"):
            one = Organisation(name=name, created_at=work.now)
            work.session.add(one)
            work.session.flush()
            office.ids[name] = one.id
        for name in ("lead", "emp", "hr", "hr2", "admin", "stranger", "outsider"):
            org = office.ids["elsewhere" if name == "outsider" else "org"]
            person = Person(organisation_id=org, display_name=name.title(), created_at=work.now)
            office.ids[name] = work.add(person).id
            if name in {"lead", "emp"}:
                account = Account(
                    organisation_id=org,
                    person_id=person.id,
                    email=f"{name}@firm.example",
                    roles=["member"],
                    created_at=work.now,
                )
                work.add(account)
    office.meeting = add_meeting(office, clock, marker)
    return office


def add_meeting(office, clock, marker="", draft_value=None):
    """A drafted meeting with sound, what its steps made, transcript and draft; its id."""
    rapport, ids = office.rapport, office.ids
    key = rapport.keys.create()
    with rapport.database.write(ids["org"]) as work:
        meeting = Meeting(
            manager_id=ids["lead"],
            kind="check_in",
            state="drafted",
            state_since=work.now,
            held_on=clock().date(),
            key_id=key,
            created_at=work.now,
        )
        work.add(meeting)
        for name, pid, role in (("lead", "m", "manager"), ("emp", "e", "employee")):
            work.add(Participant(meeting_id=meeting.id, person_id=ids[name], pid=pid, role=role))
        made = draft_value or draft()
        made = {**made, "tone_flags": [{**made["tone_flags"][0], "why": HINT + marker}]}
        probe = {"duration_s": 4.0, "windows": [[0, 0.0, 4.0]], "layouts": [{"peaks": [0.2, 1.0]}]}
        steps = {"probe": probe, "window": {"w": marker}, "transcript": transcript(marker), "draft": made}
        for kind, value in steps.items():
            name = rapport.documents.write(key, value)
            row = Document(meeting_id=meeting.id, kind=kind, step=f"{kind}/1", name=name, created_at=work.now)
            work.add(row)
            if kind in ("transcript", "draft"):
                setattr(meeting, f"{kind}_id", row.id)
        sound = Recording(
            meeting_id=meeting.id, state="complete", size_bytes=5, created_at=work.now - timedelta(minutes=5)
        )
        work.add(sound)
        stored = rapport.blobs.put(key, [b"sound", marker.encode()])
        work.add(
            RecordingPart(recording_id=sound.id, start=0, size_bytes=stored.size_bytes, name=stored.name)
        )
        return meeting.id
