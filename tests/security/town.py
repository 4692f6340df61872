"""Everybody who could knock at the door of a meeting, signed in over HTTP; and meetings in every state."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Response
from sqlalchemy import delete, update
from starlette.testclient import TestClient

from service.db.tables import (
    Account,
    ApiToken,
    Document,
    Meeting,
    Participant,
    Permit,
    Person,
    Relation,
    Session,
)
from service.domain.edits import Verdict
from service.domain.lifecycle import UNCONFIRMED, State
from service.usecases.answer import acknowledge, dispute
from service.usecases.confirm import confirm
from service.usecases.decide import Choice, decide
from service.usecases.erase import erase
from service.usecases.identify import digest
from service.usecases.read_minutes import read_minutes
from service.web.app import create_app
from tests.service.usecases.meeting_office import SHOWN, add_meeting, open_office

BASE = "http://127.0.0.1:8000"
ROLES = {
    "hr": ["hr", "member"],
    "hr2": ["hr", "member"],
    "admin": ["admin", "member"],
    "outsider": ["admin", "hr"],
}
ALL_SCOPES = ["read", "upload", "write", "admin"]
MORE_PEOPLE = ("mentor", "next", "former", "boss")


@dataclass
class Town:
    """`headers`: what somebody sends to be known. `meetings`: an id a state."""

    office: object
    client: TestClient
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    meetings: dict[str, str] = field(default_factory=dict)

    @property
    def rapport(self):
        return self.office.rapport

    @property
    def ids(self):
        return self.office.ids

    def ask(self, who, method, path, **more):
        """The answer to a request of that person; "nobody" sends no cookie."""
        headers = {**self.headers.get(who, {}), **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)


def build_town(data_dir, url, clock, queue):
    """Opens the service over that folder with everybody signed in and no meeting yet."""
    office = open_office(data_dir, url, clock, queue)
    app = create_app(office.rapport)
    town = Town(office, TestClient(app, base_url=BASE))
    with office.rapport.database.write(office.ids["org"]) as work:
        for name in MORE_PEOPLE:
            office.ids[name] = work.add(Person(display_name=name.title(), created_at=work.now)).id
        _relations(work, office.ids)
    for name in [name for name in office.ids if name not in ("org", "elsewhere")]:
        _sign_in(town, app.state.cookies, name)
    town.headers["lead's read token"] = add_token(town, "lead", ["read"])
    town.headers["lead's upload token"] = add_token(town, "lead", ["upload"])
    return town


def _relations(work, ids):
    """`boss` manages `emp` today, `former` did until last month, `next` was handed the minutes by `lead`."""
    today = work.now.date()
    month = timedelta(days=30)
    rows = [
        ("manager", "boss", today - month, None, "admin"),
        ("manager", "former", today - 12 * month, today - month, "admin"),
        ("successor", "next", today, None, "lead"),
    ]
    for kind, manager, start, end, by in rows:
        work.add(
            Relation(
                kind=kind,
                manager_id=ids[manager],
                employee_id=ids["emp"],
                from_day=start,
                until_day=end,
                made_by=ids[by],
            )
        )


def _sign_in(town, cookies, name):
    secret = secrets.token_urlsafe(32)
    organisation = town.ids["elsewhere" if name == "outsider" else "org"]
    with town.rapport.database.write(organisation) as work:
        account = work.session.scalar(work.rows(Account).where(Account.person_id == town.ids[name]))
        if account is None:
            account = Account(person_id=town.ids[name], email=f"{name}@acme.test", created_at=work.now)
        account.roles, account.active = ROLES.get(name, ["member"]), True
        work.add(account)
        times = {"created_at": work.now, "seen_at": work.now, "expires_at": work.now + timedelta(days=7)}
        work.add(Session(account_id=account.id, digest=digest(secret), **times))
    response = Response()
    cookies.keep(response, secret)
    cookie = response.headers["set-cookie"].partition(";")[0]
    town.headers[name] = {"cookie": cookie, "x-csrf-token": cookies.page_token(secret)}


def add_token(town, name, scopes):
    """The header of a new API token."""
    secret = secrets.token_urlsafe(32)
    with town.rapport.database.write(town.ids["org"]) as work:
        account = work.session.scalar(work.rows(Account).where(Account.person_id == town.ids[name]))
        work.add(
            ApiToken(
                account_id=account.id,
                name="script",
                digest=digest(secret),
                scopes=scopes,
                created_at=work.now,
                expires_at=work.now + timedelta(days=1),
            )
        )
    return {"authorization": f"Bearer {secret}"}


def add_states(town, clock):
    """A meeting of lead, emp and mentor in each state, as the use cases make them."""
    for state in State:
        meeting = add_meeting(town.office, clock)
        with town.rapport.database.write(town.ids["org"]) as work:
            work.add(Participant(meeting_id=meeting, person_id=town.ids["mentor"], pid="x", role="mentor"))
        _bring(town, meeting, state)
        town.meetings[state.value] = meeting


def permit_hr(town, meeting):
    """`hr` may read these minutes: she said why, and hr2 agreed."""
    with town.rapport.database.write(town.ids["org"]) as work:
        work.add(
            Permit(
                meeting_id=meeting,
                kind="hr_access",
                reason_code="grievance",
                asked_by=town.ids["hr"],
                asked_at=work.now,
                agreed_by=town.ids["hr2"],
                agreed_at=work.now,
                ended_at=work.now + timedelta(days=7),
            )
        )


def _bring(town, meeting, state):
    lead, emp = town.office.actor("lead"), town.office.actor("emp")
    if state is State.erased:
        erase(town.rapport, lead, meeting, "all")
    elif state in UNCONFIRMED:
        _set(town, meeting, state, keeps_text=state is State.drafted)
    else:
        _confirm(town, lead, meeting)
        sha256 = read_minutes(town.rapport, lead, meeting).sha256
        if state is State.disputed:
            dispute(town.rapport, emp, meeting, sha256, [], "No.")
        elif state in (State.acknowledged, State.archived):
            acknowledge(town.rapport, emp, meeting, sha256)
        _set(town, meeting, state, keeps_text=True)


def _confirm(town, lead, meeting):
    choices = [Choice(item, Verdict.accept) for item in ("p1", "g1", "a1")]
    revision = decide(town.rapport, lead, meeting, 1, choices).revision
    confirm(town.rapport, lead, meeting, revision, SHOWN)


def _set(town, meeting, state, *, keeps_text):
    with town.rapport.database.write(town.ids["org"]) as work:
        changed = {"state": state.value}
        if not keeps_text:
            changed |= {"transcript_id": None, "draft_id": None}
            work.session.execute(delete(Document).where(Document.meeting_id == meeting))
        work.session.execute(update(Meeting).where(Meeting.id == meeting).values(**changed))
