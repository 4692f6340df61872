"""The people whose pages are looked at, and a meeting in each state that a page can show."""

from __future__ import annotations

from datetime import timedelta
from math import sin
from secrets import token_urlsafe

from service.db.tables import (
    Account,
    Document,
    Invitation,
    Job,
    Meeting,
    Organisation,
    Person,
    Recording,
    RecordingPart,
    Relation,
    Unit,
)
from service.domain.edits import Verdict
from service.usecases.accounts import account_of
from service.usecases.actor import Actor
from service.usecases.answer import acknowledge, dispute
from service.usecases.catalogue import apply_import, list_entries
from service.usecases.confirm import confirm
from service.usecases.consent import attest_consent
from service.usecases.create_meeting import Plan, create_meeting
from service.usecases.decide import Choice, decide
from service.usecases.identify import actor_of, digest
from service.usecases.people import change_oneself
from service.usecases.person_names import sort_key
from service.usecases.profile import change_profile, read_profile
from service.usecases.read_draft import read_draft
from service.usecases.read_minutes import read_minutes
from service.usecases.sign_in import begin_session
from tests.models.sounds import RATE, tone, write
from tests.service.office import password_hash
from tests.service.pages.talks import ALL_SHOWN, TURN_S, TURNS, Talk, plain

NAMES = {
    "en": {
        "manager": "Dana Moss",
        "employee": "Luis Ortega",
        "boss": "Irene Falk",
        "other": "Tom Becker",
        "hr": "Hannah Reeve",
        "admin": "Ada Byron",
    },
    "zh": {
        "manager": "林静",
        "employee": "何宇",
        "boss": "陈刚",
        "other": "王敏",
        "hr": "周敏",
        "admin": "赵蕾",
    },
}
ORGANISATION, UNIT = {"en": "Acme", "zh": "启明公司"}, {"en": "Purchasing", "zh": "采购部"}
ROLES = {"hr": ["hr", "member"], "admin": ["admin", "member"]}
MANAGES = {"employee": "manager", "other": "boss"}
CATALOGUE = """id,title,kind,skills
sql-1,"{title}",course,SQL
"""
FAILED = "no_speech"
STATES = ("acknowledged", "disputed", "confirmed", "drafted", "cancelled", "failed", "processing", "planned")


class Town:
    """Ids of people (`ids`), meetings (`meetings`, by state) and their `unit`, secrets of one-time `links`;
    all speak `language`.

    `mark`: what is made of every text that somebody could have written.
    """

    def __init__(self, rapport, cookies, folder, language="en", mark=plain):
        self.rapport, self.cookies, self.language, self.mark = rapport, cookies, language, mark
        self.names = {key: mark(name) for key, name in NAMES[language].items()}
        self.ids: dict[str, str] = {}
        self.meetings: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.today = rapport.database.clock().date()
        self._sound = write(folder / "sound.flac", tone(len(TURNS[language]) * TURN_S)[None], RATE, "flac")
        with rapport.database.write() as work:
            row = Organisation(name=mark(ORGANISATION[language]), locale=language, created_at=work.now)
            work.session.add(row)
            work.session.flush()
            self.organisation_id = row.id
        self._people()
        self._catalogue()
        self._profile()

    def email(self, name):
        """Addresses are one organisation's alone."""
        return f"{name}@{self.organisation_id[-6:]}.example"

    def actor(self, name) -> Actor:
        with self.rapport.database.read(self.organisation_id) as work:
            return actor_of(account_of(work, self.ids[name]), work.one(Person, self.ids[name]))

    def cookie(self, name):
        """Name and value of the cookie of a new session of that person."""
        with self.rapport.database.write(self.organisation_id) as work:
            secret = begin_session(work, account_of(work, self.ids[name]))
        return self.cookies.name, self.cookies._session.sign(secret).decode()

    def add_states(self, states=STATES):
        """Meetings of manager and employee in these states, the first one oldest."""
        for age, state in enumerate(reversed(states)):
            self.meetings[state] = self.meeting(state, 14 * age)
        self.links = {"join": self.link("join")}
        if "confirmed" in self.meetings:
            self.links["answer"] = self.link("answer", "confirmed")
        return self

    def planned(self, days_ago=1, manager="manager", employee="employee"):
        """A meeting that everybody agreed to; its id."""
        day = self.today - timedelta(days=days_ago)
        plan = Plan("check_in", day, [(self.ids[employee], "employee")], rhythm="biweekly")
        meeting_id = create_meeting(self.rapport, self.actor(manager), plan).meeting.id
        attest_consent(self.rapport, self.actor(manager), meeting_id, "e")
        return meeting_id

    def meeting(self, state, days_ago=1):
        """A meeting in that state, with what belongs to it; its id."""
        meeting_id = self.planned(days_ago)
        if state == "planned":
            return meeting_id
        if state in ("processing", "failed", "cancelled"):
            self._under_way(meeting_id, state)
            return meeting_id
        self.add_draft(meeting_id, whole=state != "drafted")
        if state != "drafted":
            self.confirm(meeting_id)
            self._answer(meeting_id, state)
        return meeting_id

    def add_draft(self, meeting_id, *, whole=True, turns=None):
        """What the worker would leave: recording, transcript, draft."""
        with self.rapport.database.write(self.organisation_id) as work:
            meeting = work.one(Meeting, meeting_id)
            talk = Talk(self.language, meeting.held_on, self.mark)
            transcript = talk.transcript(meeting_id, [self.names["manager"], self.names["employee"]], turns)
            peaks = [abs(sin(n * 0.9) * sin(n / 11)) for n in range(400)]  # words and pauses
            probe = {"duration_s": transcript["duration_s"], "windows": [], "layouts": [{"peaks": peaks}]}
            made = {"probe": probe, "transcript": transcript, "draft": talk.draft(meeting_id, whole=whole)}
            for kind, value in made.items():
                name = self.rapport.documents.write(meeting.key_id, value)
                row = work.add(Document(meeting_id=meeting_id, kind=kind, name=name, created_at=work.now))
                if kind != "probe":
                    setattr(meeting, f"{kind}_id", row.id)
            meeting.state, meeting.state_since, meeting.language = "drafted", work.now, self.language
            self._record(work, meeting)

    def confirm(self, meeting_id):
        """The manager accepts everything."""
        manager = self.actor("manager")
        read = read_draft(self.rapport, manager, meeting_id)
        choices = [Choice(item, Verdict.accept, no_date=item == "a5") for item in (*read.open_items, "r1")]
        revision = decide(self.rapport, manager, meeting_id, read.revision, choices).revision
        steps = [
            s["id"]
            for entry in read_draft(self.rapport, manager, meeting_id).review.plan
            for s in entry["will"]
        ]
        confirm(self.rapport, manager, meeting_id, revision, (*ALL_SHOWN, *steps))

    def hire(self, key, name, roles):
        """One more person with an account."""
        with self.rapport.database.write(self.organisation_id) as work:
            self._hire(work, key, name, roles)

    def manage(self, manager, employee):
        """Since a year."""
        pair = {"manager_id": self.ids[manager], "employee_id": self.ids[employee]}
        since = self.today - timedelta(days=365)
        with self.rapport.database.write(self.organisation_id) as work:
            work.add(Relation(kind="manager", from_day=since, made_by=self.ids["admin"], **pair))

    def link(self, purpose, state=None):
        """The secret of a one-time link of the employee: to join, or to answer the meeting in that state."""
        secret = token_urlsafe(32)
        with self.rapport.database.write(self.organisation_id) as work:
            work.add(
                Invitation(
                    purpose=purpose,
                    person_id=self.ids["employee"],
                    meeting_id=self.meetings[state] if state else None,
                    digest=digest(secret),
                    created_at=work.now,
                    expires_at=work.now + timedelta(days=7),
                )
            )
        return secret

    def _answer(self, meeting_id, state):
        employee = self.actor("employee")
        sha256 = read_minutes(self.rapport, employee, meeting_id).sha256
        if state == "acknowledged":
            acknowledge(self.rapport, employee, meeting_id, sha256)
        elif state == "disputed":
            comment = self.mark(TURNS[self.language][13])
            dispute(self.rapport, employee, meeting_id, sha256, ["a3"], comment)

    def _under_way(self, meeting_id, state):
        with self.rapport.database.write(self.organisation_id) as work:
            meeting = work.one(Meeting, meeting_id)
            meeting.state = state
            meeting.reason = FAILED if state == "failed" else None
            job = {"processing": "running"}.get(state, state)
            times = {"created_at": work.now, "updated_at": work.now}
            row = Job(meeting_id=meeting_id, state=job, step="transcribe", share=0.4, left_s=90.0, **times)
            row.reason = meeting.reason
            work.add(row)
            self._record(work, meeting)

    def _record(self, work, meeting):
        content = self._sound.read_bytes()
        stored = self.rapport.blobs.put(meeting.key_id, [content])
        recording = work.add(
            Recording(
                meeting_id=meeting.id,
                state="complete",
                size_bytes=len(content),
                media_type="audio/flac",
                duration_s=len(TURNS[self.language]) * TURN_S,
                created_at=work.now,
            )
        )
        work.add(RecordingPart(recording_id=recording.id, start=0, size_bytes=len(content), name=stored.name))

    def _people(self):
        with self.rapport.database.write(self.organisation_id) as work:
            self.unit = work.add(Unit(name=self.mark(UNIT[self.language]))).id
            for key, name in self.names.items():
                self._hire(work, key, name, ROLES.get(key, ["member"]))
        for employee, manager in MANAGES.items():
            self.manage(manager, employee)

    def _hire(self, work, key, name, roles):
        person = Person(
            display_name=name,
            unit_id=self.unit,
            sort_key=sort_key(name),
            email=self.email(key),
            locale=self.language,
            time_zone="Asia/Shanghai" if self.language == "zh" else "Europe/Berlin",
            created_at=work.now,
        )
        self.ids[key] = work.add(person).id
        account = Account(person_id=self.ids[key], email=self.email(key), created_at=work.now)
        account.password_hash, account.roles = password_hash(), roles
        work.add(account)

    def _catalogue(self):
        admin = self.actor("admin")
        title = self.mark(TURNS[self.language][11]).replace('"', '""')
        seen = list_entries(self.rapport, admin, "resources").standing.sha256
        apply_import(self.rapport, admin, "resources", CATALOGUE.format(title=title).encode(), seen)

    def _profile(self):
        """Four skills as the employee, who shows them, and their manager see them."""
        skills = [self.mark(TURNS[self.language][n])[:200] for n in (1, 3, 5, 11)]
        for name, by, values in (("employee", "self", (4, 3, 2, 1)), ("manager", "manager", (4, 4, 3))):
            before = read_profile(self.rapport, self.actor(name), self.ids["employee"]).profile
            ratings = [
                {"skill": skill, "value": value, "by": by, "on": self.today.isoformat()}
                for skill, value in zip(skills, values, strict=False)
            ]
            change = {"ratings": [*before.get("ratings", []), *ratings]}
            if by == "manager":
                change["expected"] = dict.fromkeys(skills[:3], 4)
            change_profile(self.rapport, self.actor(name), self.ids["employee"], change, None)
        change_oneself(self.rapport, self.actor("employee"), {"shows_radar": True})
