"""Who is what to a meeting, from real rows; strangers do not learn that it exists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.db import tables
from service.db.base import Base
from service.db.tables import Account, Meeting, Organisation, Participant, Person
from service.domain.errors import NotAllowed
from service.domain.policy import Action, Relation, Thing
from service.errors import NotFound
from service.usecases.access import find_meeting, relations_to, relations_to_person, require_role
from service.usecases.actor import Actor

HELD = date(2026, 5, 1)


@pytest.fixture
def office(database, clock):
    """Ids of people in one organisation, of another, and of a meeting of `lead` with `emp` and `mentor`."""
    Base.metadata.create_all(database.engine)
    with database.write() as work:
        ids = {}
        for name in ("org", "elsewhere"):
            ids[name] = _organisation(work, name)
        for name in ("lead", "emp", "mentor", "next", "hr", "admin", "boss", "stranger"):
            ids[name] = _person(work, ids["org"], name, ["hr"] if name == "hr" else [name])
        ids["outsider"] = _person(work, ids["elsewhere"], "outsider", ["hr", "admin"])
        meeting = Meeting(
            organisation_id=ids["org"],
            manager_id=ids["lead"],
            kind="check_in",
            state="planned",
            state_since=work.now,
            held_on=HELD,
            created_at=work.now,
        )
        work.add(meeting)
        ids["meeting"] = meeting.id
        for name, role in (("lead", "manager"), ("emp", "employee"), ("mentor", "mentor")):
            _add(work, ids, Participant(meeting_id=meeting.id, person_id=ids[name], pid=name, role=role))
    return ids


def _organisation(work, name):
    organisation = Organisation(name=name, created_at=work.now)
    work.session.add(organisation)
    work.session.flush()
    return organisation.id


def _person(work, org, name, roles):
    person = work.add(Person(organisation_id=org, display_name=name, created_at=work.now))
    work.add(
        Account(
            organisation_id=org,
            person_id=person.id,
            email=f"{name}@{org}.test",
            roles=roles,
            created_at=work.now,
        )
    )
    return person.id


def _add(work, ids, row):
    row.organisation_id = ids["org"]
    return work.add(row)


def actor(ids, name, *roles, **more):
    organisation = ids["elsewhere" if name == "outsider" else "org"]
    return Actor(organisation_id=organisation, person_id=ids[name], roles=frozenset(roles), **more)


def relate(database, ids, kind, manager, *, made_by, from_day=HELD, until_day=None):
    with database.write(ids["org"]) as work:
        work.add(
            tables.Relation(
                kind=kind,
                manager_id=ids[manager],
                employee_id=ids["emp"],
                from_day=from_day,
                until_day=until_day,
                made_by=made_by and ids[made_by],
            )
        )


def held_by(database, ids, who):
    with database.read(ids["org"]) as work:
        return relations_to(work, who, work.one(Meeting, ids["meeting"]))


def attempt(database, ids, who, action, thing):
    with database.read(who.organisation_id) as work:
        return find_meeting(work, who, ids["meeting"], action, thing)


def confirm(database, ids):
    with database.write(ids["org"]) as work:
        work.one(Meeting, ids["meeting"]).version = 1


@pytest.mark.parametrize(
    ("name", "roles", "relation"),
    [
        ("lead", ("admin", "hr"), Relation.meeting_manager),
        ("emp", ("hr",), Relation.meeting_employee),
        ("mentor", (), Relation.other_participant),
        ("hr", ("hr",), Relation.hr),
        ("admin", ("admin",), Relation.admin),
    ],
)
def test_relation_comes_from_the_rows_of_the_meeting(database, office, name, roles, relation):
    assert held_by(database, office, actor(office, name, *roles)) == {relation}


@pytest.mark.parametrize("name", ["stranger", "next", "admin", "hr", "outsider"])
def test_who_may_not_know_of_the_meeting_is_told_that_there_is_none(database, office, name):
    confirm(database, office)
    roles = {"admin": ("admin",), "hr": ("hr",), "outsider": ("hr", "admin")}.get(name, ("member",))
    for thing in (Thing.meeting, Thing.audio, Thing.draft, Thing.minutes):
        with pytest.raises(NotFound):
            attempt(database, office, actor(office, name, *roles), Action.read, thing)


def test_an_employee_in_it_is_told_what_is_not_theirs(database, office):
    with pytest.raises(NotAllowed):
        attempt(database, office, actor(office, "emp"), Action.read, Thing.draft)


def test_a_new_manager_gets_no_earlier_meeting(database, office):
    confirm(database, office)
    relate(database, office, "manager", "next", made_by="admin")
    relate(database, office, "stand_in", "boss", made_by="admin")
    for name in ("next", "boss"):
        assert held_by(database, office, actor(office, name)) == set()
    with database.read(office["org"]) as work:
        assert relations_to_person(work, actor(office, "next"), office["emp"]) == {Relation.current_manager}


def test_a_named_successor_reads_confirmed_minutes_and_nothing_else(database, office):
    relate(database, office, "successor", "next", made_by="lead")
    who = actor(office, "next")
    with pytest.raises(NotFound):
        attempt(database, office, who, Action.read, Thing.minutes)
    confirm(database, office)
    attempt(database, office, who, Action.read, Thing.minutes)
    for thing in (Thing.draft, Thing.audio, Thing.transcript, Thing.tone_flags):
        with pytest.raises(NotAllowed):
            attempt(database, office, who, Action.read, thing)


@pytest.mark.parametrize(
    ("made_by", "from_day", "until_day"),
    [
        ("admin", HELD, None),
        ("next", HELD, None),
        (None, HELD, None),
        ("lead", HELD - timedelta(days=1), None),
        ("lead", HELD, HELD),
    ],
    ids=["made by an administrator", "made for oneself", "made by nobody", "for earlier meetings", "over"],
)
def test_a_successor_who_was_not_named_for_it_sees_nothing(database, office, made_by, from_day, until_day):
    confirm(database, office)
    relate(database, office, "successor", "next", made_by=made_by, from_day=from_day, until_day=until_day)
    assert held_by(database, office, actor(office, "next")) == set()


def test_hr_can_name_a_successor_but_not_one_who_is_also_administrator(database, office):
    relate(database, office, "successor", "next", made_by="hr")
    assert held_by(database, office, actor(office, "next")) == {Relation.successor_manager}
    with database.write(office["org"]) as work:
        work.session.query(Account).filter_by(person_id=office["hr"]).one().roles = ["hr", "admin"]
    assert held_by(database, office, actor(office, "next")) == set()


def test_a_one_time_link_opens_one_meeting_and_only_what_it_asks_for(database, office):
    confirm(database, office)
    link = {"via": "link", "meeting_id": office["meeting"]}
    attempt(database, office, actor(office, "emp", **link), Action.acknowledge, Thing.minutes)
    with pytest.raises(NotAllowed):
        attempt(database, office, actor(office, "emp", **link), Action.export, Thing.minutes)
    for other in (None, office["lead"]):
        stray = actor(office, "emp", via="link", meeting_id=other)
        with pytest.raises(NotFound):
            attempt(database, office, stray, Action.read, Thing.minutes)


@pytest.mark.parametrize(
    ("scopes", "action", "thing", "allowed"),
    [
        ({"read"}, Action.read, Thing.draft, True),
        ({"read"}, Action.upload, Thing.audio, False),
        ({"upload"}, Action.upload, Thing.audio, True),
        ({"upload"}, Action.read, Thing.draft, False),
        ({"read", "upload"}, Action.confirm, Thing.draft, False),
        ({"write"}, Action.confirm, Thing.draft, True),
        (set(), Action.read, Thing.meeting, False),
    ],
)
def test_a_token_does_what_its_scopes_say(database, office, scopes, action, thing, allowed):
    who = actor(office, "lead", via="token", scopes=frozenset(scopes))
    if allowed:
        attempt(database, office, who, action, thing)
        return
    with pytest.raises(NotAllowed):
        attempt(database, office, who, action, thing)


def test_scopes_limit_an_administrator_too(office):
    who = actor(office, "admin", "admin", via="token", scopes=frozenset({"read", "write"}))
    require_role(who, Action.read, Thing.audit_log)
    with pytest.raises(NotAllowed):
        require_role(who, Action.manage_webhooks, Thing.webhooks)
