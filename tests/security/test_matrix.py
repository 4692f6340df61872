"""Everybody knocks at every door of a meeting in every state; what opens is written down here, line by line,
and everything else stays shut. Drawn from the table "who may see what", not from the code.
"""

from __future__ import annotations

import itertools
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import update

from service.db.tables import Invitation, Organisation, Permit
from service.domain.lifecycle import State
from service.usecases.identify import digest
from tests.security.town import permit_hr

UNDRAFTED = ("planned", "uploaded", "processing", "cancelled", "failed")
CONFIRMED = ("confirmed", "disputed", "acknowledged", "unanswered", "archived")
ALWAYS = (*UNDRAFTED, "drafted", *CONFIRMED, "erased")
LIVING = (*UNDRAFTED, "drafted", *CONFIRMED)
WRITTEN = ("drafted", *CONFIRMED)
NEVER = ()

ROOT = "/api/v1/meetings/{meeting_id}"
MEETING, AUDIO, WAVEFORM, TRANSCRIPT, DRAFT, MINUTES, PROGRESS, EVENTS, EXPORT, HOLDS = (
    ROOT,
    f"{ROOT}/audio",
    f"{ROOT}/waveform",
    f"{ROOT}/transcript",
    f"{ROOT}/draft",
    f"{ROOT}/minutes",
    f"{ROOT}/progress",
    f"{ROOT}/events",
    f"{ROOT}/export",
    f"{ROOT}/holds",
)
DOORS = {
    MEETING: [MEETING],
    AUDIO: [AUDIO],
    WAVEFORM: [WAVEFORM],
    TRANSCRIPT: [TRANSCRIPT],
    DRAFT: [DRAFT],
    MINUTES: [MINUTES],
    PROGRESS: [PROGRESS],
    EVENTS: [EVENTS],
    EXPORT: [f"{EXPORT}?format={form}" for form in ("md", "docx", "ics", "json", "srt")],
    HOLDS: [HOLDS],
}
SRT = f"{EXPORT}?format=srt"
FILES = [door for door in DOORS[EXPORT] if door != SRT]

OPEN = {
    "lead": {
        MEETING: ALWAYS,
        AUDIO: LIVING,
        WAVEFORM: WRITTEN,
        TRANSCRIPT: WRITTEN,
        DRAFT: ("drafted",),
        PROGRESS: ALWAYS,
        EVENTS: ALWAYS,
        MINUTES: CONFIRMED,
        **dict.fromkeys(FILES, CONFIRMED),
        SRT: CONFIRMED,
        HOLDS: ALWAYS,
    },
    "emp": {MEETING: ALWAYS, MINUTES: CONFIRMED, **dict.fromkeys(FILES, CONFIRMED), HOLDS: ALWAYS},
    "mentor": {MEETING: ALWAYS, MINUTES: CONFIRMED, **dict.fromkeys(FILES, CONFIRMED)},
    "next": {MEETING: CONFIRMED, MINUTES: CONFIRMED, **dict.fromkeys(FILES, CONFIRMED)},
    # With a reason and a second person; see permit_hr.
    "hr": {MEETING: CONFIRMED, MINUTES: CONFIRMED, HOLDS: ALWAYS},
    # HR without: that nothing may be erased is no content.
    "hr2": {HOLDS: ALWAYS},
    "admin": {},
    "boss": {},
    "former": {},
    "stranger": {},
    "outsider": {},
    "nobody": {},
    "link": {},
    "lead's upload token": {},
}
OPEN["lead's read token"] = OPEN["lead"]

KNOWS = {"lead": ALWAYS, "emp": ALWAYS, "mentor": ALWAYS, "next": CONFIRMED}
"""Who may know that the meeting exists: others are told that there is no such thing."""


@pytest.fixture(scope="module")
def village(town):
    """The town, HR with a permit for every confirmed meeting, and a one-time link to answer one."""
    for state in CONFIRMED:
        permit_hr(town, town.meetings[state])
    secret = secrets.token_urlsafe(32)
    with town.rapport.database.write(town.ids["org"]) as work:
        work.add(
            Invitation(
                purpose="answer",
                person_id=town.ids["emp"],
                meeting_id=town.meetings["confirmed"],
                digest=digest(secret),
                created_at=work.now,
                expires_at=work.now + timedelta(days=14),
            )
        )
    town.headers["link"] = {"authorization": f"Bearer {secret}", "cookie": f"rapport={secret}"}
    return town


def operations_on_meetings(town, reading):
    paths = town.client.app.openapi()["paths"]
    return {
        path if reading else f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if "{meeting_id}" in path and (method == "get") is reading
    }


def refusal(who, state):
    """The status of a door that is shut."""
    if who in ("nobody", "link"):
        return {401}
    person = who.partition("'")[0]
    if "upload token" in who:
        return {403}
    # What is not there (yet) is 404 or a conflict with the state, for who may read it once it is.
    return {403, 404, 409, 410} if state in KNOWS.get(person, NEVER) else {404}


def test_every_door_is_in_the_table(village):
    assert operations_on_meetings(village, reading=True) == set(DOORS)
    assert set(village.meetings) == {state.value for state in State} == set(ALWAYS)


@pytest.mark.parametrize("who", OPEN)
def test_only_what_is_written_down_opens(village, who):
    wrong = []
    for state, door in itertools.product(ALWAYS, itertools.chain(*DOORS.values())):
        answer = village.ask(who, "GET", door.replace("{meeting_id}", village.meetings[state]))
        expected = {200} if state in OPEN[who].get(door, NEVER) else refusal(who, state)
        if answer.status_code not in expected:
            wrong.append((state, door.removeprefix(ROOT), answer.status_code, expected))
    assert wrong == []


@pytest.mark.parametrize("who", OPEN)
def test_lists_show_only_meetings_that_one_takes_part_in_or_was_handed_over(village, who):
    shown = {"lead": ALWAYS, "lead's read token": ALWAYS, "emp": ALWAYS, "mentor": ALWAYS, "next": CONFIRMED}
    answer = village.ask(who, "GET", "/api/v1/meetings?limit=200")
    items = answer.json().get("items", [])
    found = {one["id"] for one in items} & set(village.meetings.values())
    assert found == {village.meetings[state] for state in shown.get(who, NEVER)}
    assert answer.status_code == 200 or not items


CHANGES = {
    f"PATCH {ROOT}": {"language": "en"},
    f"POST {ROOT}/consents/{{pid}}/attest": None,
    f"POST {ROOT}/consent": {"answer": "object"},
    f"POST {ROOT}/process": None,
    f"POST {ROOT}/cancel": None,
    f"POST {ROOT}/retry": None,
    f"POST {ROOT}/redraft": None,
    f"PATCH {ROOT}/transcript": {"edits": [{"i": 0, "text": "changed"}]},
    f"POST {ROOT}/decisions": {"decisions": [{"item": "p1", "verdict": "reject"}]},
    f"POST {ROOT}/dates/understand": {"phrase": "next Friday"},
    f"PATCH {ROOT}/tone-flags/{{flag}}": {"dismissed": "misheard"},
    f"POST {ROOT}/confirm": {"displayed": ["summary", "p1", "g1", "a1"]},
    f"POST {ROOT}/acknowledgement": {"sha256": "0" * 64},
    f"POST {ROOT}/dispute": {"sha256": "0" * 64, "items": [], "comment": "No."},
    f"POST {ROOT}/corrections": {"decisions": [{"item": "p1", "verdict": "reject"}]},
    f"POST {ROOT}/erasure": {"what": "all"},
    f"POST {ROOT}/erasure-request": None,
    f"POST {ROOT}/access-requests": {"reason": "grievance"},
    f"POST {ROOT}/holds": {"reason": "litigation"},
    f"POST {ROOT}/hand-over": {"person_id": "01972f8e-7c6b-7cc3-98c4-dc0c0c07398f"},
    "POST /api/v1/uploads/files/{meeting_id}": None,
    "POST /api/v1/uploads/transcripts/{meeting_id}": None,
}
OWN = {f"POST {ROOT}/consent", f"POST {ROOT}/erasure-request"}
ANSWERS = {f"POST {ROOT}/acknowledgement", f"POST {ROOT}/dispute"}
OF_HR = {f"POST {ROOT}/holds", f"POST {ROOT}/access-requests"}
MAY_TRY = {"emp": OWN | ANSWERS, "mentor": OWN, "hr": OF_HR | {f"POST {ROOT}/erasure"}, "hr2": OF_HR}
"""Besides the manager; what comes of it is the business of other tests."""

UPLOADING = {
    f"POST {ROOT}/process",
    "POST /api/v1/uploads/files/{meeting_id}",
    "POST /api/v1/uploads/transcripts/{meeting_id}",
}
"""What a token with the scope upload may do."""

OTHERS = [who for who in OPEN if who != "lead"]


def test_every_change_is_in_the_table(village):
    assert operations_on_meetings(village, reading=False) == set(CHANGES)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_changes_anything(village, who):
    before = states(village)
    for (change, body), state in itertools.product(CHANGES.items(), ("planned", "drafted", "confirmed")):
        if change in MAY_TRY.get(who, NEVER) or (who == "lead's upload token" and change in UPLOADING):
            continue
        method, _, path = change.partition(" ")
        made = path.replace("{meeting_id}", village.meetings[state])
        made = made.replace("{pid}", "e").replace("{flag}", "t1")
        more = {"json": body} if body is not None else {}
        if "files" in path:
            more = {"files": {"file": ("a.wav", b"RIFF0000WAVE")}}
        elif "transcripts" in path:
            more = {"content": b"Dana: hello"}
        answer = village.ask(who, method, made, headers={"if-match": '"1"'}, **more)
        shut = {401} if who in ("nobody", "link") else {403, 404}
        assert answer.status_code in shut, (change, state, answer.status_code, answer.text[:200])
    assert states(village) == before


PERSON = "/api/v1/people/{person_id}"
MEMBERS = ("lead", "emp", "mentor", "next", "hr", "hr2", "admin", "boss", "former", "stranger")
DEVELOPMENT = {
    # Everybody here may ask; whose minutes one may not read, of those nothing is told.
    f"GET {PERSON}/plan": (*MEMBERS, "lead's read token"),
    f"GET {PERSON}/plan/export": NEVER,
    f"GET {PERSON}/profile": ("emp", "boss"),
    f"PATCH {PERSON}/profile": ("boss", "emp"),
    f"DELETE {PERSON}/profile": ("emp",),
}
"""What is about the development of `emp`, whom `boss` manages today: who gets in."""


def test_every_door_to_development_is_in_the_table(village):
    paths = village.client.app.openapi()["paths"]
    about = {path for path in paths if path.startswith(f"{PERSON}/p")}
    assert {f"{method.upper()} {path}" for path in about for method in paths[path]} == set(DEVELOPMENT)


@pytest.mark.parametrize("door", DEVELOPMENT)
def test_development_is_seen_by_the_person_and_the_manager_of_today(village, door):
    method, _, path = door.partition(" ")
    path = path.replace("{person_id}", village.ids["emp"])
    wrong = []
    for who in sorted(OPEN, key=lambda who: who in DEVELOPMENT[door]):
        answer = village.ask(who, method, path, **({"json": {}} if method == "PATCH" else {}))
        opens = answer.status_code in (200, 204)
        if opens is not (who in DEVELOPMENT[door]) or answer.status_code >= 500:
            wrong.append((who, answer.status_code))
    assert wrong == []


def states(village):
    items = village.ask("lead", "GET", "/api/v1/meetings?limit=200").json()["items"]
    return {one["id"]: (one["state"], one["revision"]) for one in items}


def test_a_permit_that_is_over_opens_nothing(village):
    door = MINUTES.replace("{meeting_id}", village.meetings["confirmed"])
    assert village.ask("hr", "GET", door).status_code == 200
    with village.rapport.database.write(village.ids["org"]) as work:
        work.session.execute(update(Permit).values(ended_at=work.now))
    assert village.ask("hr", "GET", door).status_code == 404
    with village.rapport.database.write(village.ids["org"]) as work:
        work.session.execute(update(Permit).values(ended_at=work.now + timedelta(days=7), agreed_by=None))
    assert village.ask("hr", "GET", door).status_code == 404


def test_the_organisation_opens_transcripts_to_the_employee_alone(village):
    with village.rapport.database.write() as work:
        everything = update(Organisation).values(settings={"share_transcript": True})
        work.session.execute(everything)
    for who, door in itertools.product(OPEN, (AUDIO, TRANSCRIPT, SRT)):
        answer = village.ask(who, "GET", door.replace("{meeting_id}", village.meetings["confirmed"]))
        opened = who in ("lead", "lead's read token", "emp")
        assert (answer.status_code == 200) is opened or who == "emp", (who, door, answer.status_code)


def test_nothing_is_processed_without_the_consent_of_everybody(village):
    """Separate tracks can be there before somebody else is invited."""
    path = f"{ROOT}/process".replace("{meeting_id}", village.meetings["planned"])
    answer = village.ask("lead", "POST", path)
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
