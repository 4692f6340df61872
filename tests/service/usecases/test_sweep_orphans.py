"""A killed process leaves blobs that no row names; they go, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import String

from service.db import tables
from service.db.base import Base
from service.usecases.read_transcript import read_transcript
from service.usecases.sweep_orphans import NAMES, sweep_orphans
from tests.service.usecases.meeting_office import service_over

EVERY_AGE = -timedelta(minutes=1)


def test_orphans_of_the_day_before_are_deleted_and_what_has_a_row_stays(office):
    rapport, key = office.rapport, office.row().key_id
    rapport.documents.write(key, {"never": "committed"})
    rows = {one.name for table in (tables.Document, tables.RecordingPart) for one in office.rows(table)}
    assert sweep_orphans(rapport) == 0  # an upload in progress looks just like that
    assert sweep_orphans(rapport, EVERY_AGE) == 1
    assert {path.name for path in (rapport.hosting.data_dir / "blobs").glob("??/*")} == rows
    assert read_transcript(rapport, office.actor("lead"), office.meeting).revision == 1


def test_blobs_of_an_erasure_under_way_are_left_to_it(office):
    with office.rapport.database.write(office.ids["org"]) as work:
        blob = office.rapport.documents.write(office.row().key_id, {})
        erasure = {"what": "all", "state": "destroying", "asked_by": "x", "asked_at": work.now}
        work.add(tables.Erasure(meeting_id=office.meeting, keys=[], blobs=[blob], **erasure))
    assert sweep_orphans(office.rapport, EVERY_AGE) == 0


def test_another_database_by_mistake_costs_nothing(office, clock, queue, migrated_sqlite):
    url = f"sqlite:///{migrated_sqlite}"
    mistaken = service_over(office.rapport.hosting.data_dir, url, clock, queue)
    assert sweep_orphans(mistaken, EVERY_AGE) == 0
    mistaken.database.close()
    assert read_transcript(office.rapport, office.actor("lead"), office.meeting).revision == 1


def test_every_column_with_the_name_of_a_blob_is_asked():
    found = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, String) and column.type.length == 80
    }
    assert found == {(column.class_.__tablename__, column.key) for column in NAMES.values()}
