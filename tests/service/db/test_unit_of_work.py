"""One transaction, one organisation, one audit chain: on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from service.db.tables import AuditEntry, AuditHead, AuditView, Organisation, Person
from service.domain.audit_chain import Entry, Sealed, verify
from service.domain.ids import new_id
from service.errors import NotFound


def organisation(database):
    row = Organisation(name="Org", created_at=database.clock(), id=new_id())
    with database.write() as work:
        work.session.add(row)
    return row.id


def person(work, name="Dana"):
    return work.add(Person(display_name=name, created_at=work.now))


def sealed(row):
    names = ("sequence", "at", "actor", "action", "object_kind", "object_id", "codes")
    return Sealed(Entry(row.organisation_id, **{name: getattr(row, name) for name in names}), row.mac)


def count(database, table):
    with database.read() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_an_error_takes_everything_back(database):
    org = organisation(database)
    with pytest.raises(ZeroDivisionError), database.write(org) as work:
        dana = person(work)
        work.audit(dana.id, "person_added", "person", dana.id)
        raise ZeroDivisionError
    assert [count(database, table) for table in (Person, AuditEntry, AuditHead)] == [0, 0, 0]


def test_reading_keeps_nothing(database):
    org = organisation(database)
    with database.read(org) as work:
        person(work)
    assert count(database, Person) == 0


def test_rows_of_another_organisation_do_not_exist(database):
    ours, theirs = organisation(database), organisation(database)
    with database.write(theirs) as work:
        stranger = person(work, "Stranger")
    with database.write(ours) as work:
        person(work)
        with pytest.raises(NotFound):
            work.one(Person, stranger.id)
        assert [row.display_name for row in work.session.scalars(work.rows(Person))] == ["Dana"]
    with database.read(theirs) as work:
        assert work.one(Person, stranger.id).display_name == "Stranger"


def test_what_is_added_belongs_to_the_organisation_of_the_work(database):
    ours, theirs = organisation(database), organisation(database)
    with database.write(ours) as work:
        row = work.add(Person(display_name="Dana", organisation_id=theirs, created_at=work.now))
    assert row.organisation_id == ours


def test_a_locked_row_shows_what_others_have_committed_meanwhile(database):
    org = organisation(database)
    with database.write(org) as work:
        dana = person(work)
    with database.read(org) as work:
        row = work.one(Person, dana.id)
        # SQLite shows one moment of the database for the whole transaction; PostgreSQL each statement's own.
        if database.is_sqlite:
            work.session.rollback()
        with database.write(org) as other:
            other.one(Person, dana.id).display_name = "Dana W."
        assert work.one(Person, row.id, lock=True).display_name == "Dana W."


def test_times_come_back_in_utc_whatever_zone_they_had(database):
    org = organisation(database)
    noon = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with database.write(org) as work:
        dana = work.add(Person(display_name="Dana", created_at=noon))
    with database.read(org) as work:
        found = work.one(Person, dana.id).created_at
    assert (found, found.tzinfo) == (noon, UTC)
    with pytest.raises(StatementError, match="zone"), database.write(org) as work:
        work.add(Person(display_name="Dana", created_at=datetime(2026, 5, 4)))


def test_threads_append_to_one_chain_without_gaps(database):
    org = organisation(database)
    together = threading.Barrier(4)

    def append(thread):
        together.wait(20)
        for number in range(8):
            with database.write(org) as work:
                work.audit(f"p{thread}", "test", "thing", f"t{number}", {"n": number})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append, range(4)))
    with database.read(org) as work:
        entries = work.session.scalars(work.rows(AuditEntry).order_by(AuditEntry.sequence)).all()
        head = work.session.get_one(AuditHead, org)
    assert [entry.sequence for entry in entries] == list(range(1, 33))
    assert (head.sequence, head.mac) == (32, entries[-1].mac)
    chain = [sealed(entry) for entry in entries]
    assert verify(org, chain, b"k" * 32, []) == []
    assert verify(org, [*chain[:9], *chain[10:]], b"k" * 32, []) != []


def test_a_look_is_one_entry_a_day_however_many_threads_look(database, clock):
    org = organisation(database)
    together = threading.Barrier(4)

    def look(_):
        together.wait(20)
        with database.write(org) as work:
            work.audit_view("viewer", "minutes", "m1")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    assert (count(database, AuditView), count(database, AuditEntry)) == (1, 1)
    clock.move(days=1)
    with database.write(org) as work:
        work.audit_view("viewer", "minutes", "m1")
        work.audit_view("viewer", "minutes", "m2")
    assert (count(database, AuditView), count(database, AuditEntry)) == (3, 3)


def test_an_audit_entry_needs_an_organisation(database):
    with pytest.raises(ValueError, match="organisation"), database.write() as work:
        work.audit("p", "test", "thing", "t")
