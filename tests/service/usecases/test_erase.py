"""Erasure: nothing readable before it, nothing recoverable after it, and a crash in it is made good."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from service.db import tables
from service.domain.errors import NotAllowed, WrongState
from service.domain.policy import Relation
from service.errors import NotFound
from service.storage.blobs import BlobStore
from service.storage.errors import Erased
from service.storage.keys import SERVICE_KEY, KeyStore
from service.storage.locations import open_objects
from service.usecases.access import relations_to
from service.usecases.answer import acknowledge
from service.usecases.erase import carry_out, erase, resume
from service.usecases.pass_time import pass_time
from service.usecases.read_minutes import read_minutes
from service.usecases.read_transcript import read_transcript
from service.usecases.retention import run_retention
from service.usecases.waveform import read_waveform, sound_of
from service.usecases.who_looked import what_exists
from tests.service.usecases.meeting_office import add_meeting, open_office, service_over
from tests.service.usecases.test_meeting_life import confirmed

MARKER = "zanzibar-quokka-7731"


@pytest.fixture
def office(tmp_path, migrated_url, clock, queue):
    office = open_office(tmp_path / "service", migrated_url, clock, queue, MARKER)
    with office.rapport.database.write(office.ids["org"]) as work:
        queue.enqueue(work, office.meeting)
    yield office
    office.rapport.database.close()


def blobs_of(office):
    """(key, name) of every blob of the meeting."""
    meeting = office.row()
    minutes = {"minutes", "answer"}
    found = [
        (meeting.minutes_key_id if d.kind in minutes else meeting.key_id, d.name)
        for d in office.rows(tables.Document)
    ]
    return found + [(meeting.key_id, part.name) for part in office.rows(tables.RecordingPart)]


def backup_of(office, tmp_path):
    """A copy of all blobs, opened with the keys and the master key of the service."""
    data = office.rapport.hosting.data_dir
    shutil.copytree(data / "blobs", tmp_path / "backup")
    keys = KeyStore(open_objects(str(data / "keys")), office.rapport.master)
    return BlobStore(open_objects(str(tmp_path / "backup")), keys)


def readable(store, blobs):
    """How many of them can be read."""
    count = 0
    for key, name in blobs:
        try:
            with store.open(key, name) as stream:
                stream.read()
        except Erased:
            continue
        count += 1
    return count


def on_disk(office):
    """Files of the service and of its database in which the marker stands."""
    folders = [office.rapport.hosting.data_dir]
    with office.rapport.database.engine.connect() as connection:
        if not office.rapport.database.is_sqlite:
            place, oid = connection.execute(
                text(
                    "SELECT current_setting('data_directory'), oid FROM pg_database"
                    " WHERE datname = current_database()"
                )
            ).one()
            folders += [Path(place) / "base" / str(oid), Path(place) / "pg_wal"]
            assert folders[1].is_dir(), "the files of the PostgreSQL server cannot be read from here"
        else:
            folders.append(Path(connection.engine.url.database).parent)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    return [path for path in files if MARKER.encode() in path.read_bytes()]


def test_no_word_of_a_meeting_is_ever_readable_on_disk_or_recoverable_after_erasure(office, tmp_path, queue):
    confirmed(office)
    blobs, backup = blobs_of(office), backup_of(office, tmp_path)
    assert readable(backup, blobs) == len(blobs) >= 5
    assert on_disk(office) == []
    carry_out(office.rapport, office.ids["org"], office.meeting, "all")
    assert readable(backup, blobs) == 0
    assert on_disk(office) == []
    left = {path.name for path in (office.rapport.hosting.data_dir / "blobs").glob("??/*")}
    assert left & {name for _, name in blobs} == set()
    job = office.rows(tables.Job)[0]
    assert (queue.cancelled, queue.forgotten) == ([job.id], [job.id])


def test_what_stays_of_an_erased_meeting_is_that_it_was(office):
    confirmed(office)
    carry_out(office.rapport, office.ids["org"], office.meeting, "all")
    meeting, emp = office.row(), office.actor("emp")
    assert (meeting.state, meeting.key_id, meeting.minutes_key_id) == ("erased", None, None)
    for table in (
        tables.Document,
        tables.Recording,
        tables.MinutesVersion,
        tables.ActionItem,
        tables.ItemDecision,
    ):
        assert office.rows(table) == []
    assert [one.state for one in what_exists(office.rapport, emp)] == ["erased"]
    with pytest.raises(NotFound):
        read_minutes(office.rapport, emp, office.meeting)
    actions = [entry.action for entry in office.rows(tables.AuditEntry)]
    assert actions[-2:] == ["erase", "destroyed"]
    carry_out(office.rapport, office.ids["org"], office.meeting, "all")
    assert len(office.rows(tables.Erasure)) == 1


def test_sound_alone_goes_with_its_key_and_the_texts_stay(office, tmp_path):
    lead = office.actor("lead")
    blobs, backup = blobs_of(office), backup_of(office, tmp_path)
    assert read_waveform(office.rapport, lead, office.meeting).tracks[0].peaks == [0.2, 1.0]
    erase(office.rapport, lead, office.meeting, "audio")
    assert readable(backup, blobs) == 0
    assert MARKER in read_transcript(office.rapport, lead, office.meeting).transcript["turns"][1]["text"]
    assert (office.row().state, office.row().audio_erased_at is not None) == ("drafted", True)
    assert [r.state for r in office.rows(tables.Recording)] == ["erased"]
    assert office.rows(tables.Document, kind="window") == []
    with pytest.raises(NotFound):
        read_waveform(office.rapport, lead, office.meeting)
    assert sound_of(office.rapport, lead, office.meeting) is None
    confirmed(office)


def test_minutes_outlive_the_transcript(office, tmp_path):
    confirmed(office)
    blobs, backup = blobs_of(office), backup_of(office, tmp_path)
    carry_out(office.rapport, office.ids["org"], office.meeting, "transcript")
    assert readable(backup, blobs) == 1
    assert read_minutes(office.rapport, office.actor("emp"), office.meeting).minutes["version"] == 1
    with pytest.raises(NotFound):
        read_transcript(office.rapport, office.actor("lead"), office.meeting)
    version = office.rows(tables.MinutesVersion)[0]
    assert (
        acknowledge(office.rapport, office.actor("emp"), office.meeting, version.sha256).state
        == "acknowledged"
    )


POINTS = (
    ("all", "keys.destroy"),
    ("all", "queue.forget"),
    ("all", "blobs.delete"),
    ("audio", "documents.write"),
    ("audio", "blobs.delete"),
)


def test_erasures_that_were_killed_are_carried_on(office, tmp_path, migrated_url, clock, queue):
    meetings = [office.meeting, *(add_meeting(office, clock, MARKER) for _ in POINTS[1:])]
    with office.rapport.database.write(office.ids["org"]) as work:
        for meeting in meetings[1:]:
            queue.enqueue(work, meeting)
    blobs, backup = all_blobs(office), backup_of(office, tmp_path)
    assert kill_each(office, migrated_url, meetings) == [signal.SIGKILL] * len(POINTS)
    office.rapport.database.close()
    office.rapport = service_over(office.rapport.hosting.data_dir, migrated_url, clock, queue)
    # The clock of the child was the real one.
    clock.now = max(one.asked_at for one in office.rows(tables.Erasure))
    assert (resume(office.rapport), readable(backup, blobs) > 0) == (0, True)
    clock.move(minutes=6)
    assert (resume(office.rapport), resume(office.rapport)) == (len(POINTS), 0)
    assert readable(backup, blobs) == 0
    assert {one.state for one in office.rows(tables.Erasure)} == {"done"}
    for office.meeting, (what, _) in zip(meetings, POINTS, strict=True):
        if what == "audio":
            assert read_transcript(office.rapport, office.actor("lead"), office.meeting).revision > 1
        else:
            assert office.row().state == "erased"
    files = (office.rapport.hosting.data_dir / "keys").glob("??/*")
    keys = {path.name for path in files if path.read_bytes().strip(b"\0")} - {SERVICE_KEY}
    assert keys == {one.key_id for one in office.rows(tables.Meeting) if one.key_id}


def all_blobs(office):
    keys = {one.id: one.key_id for one in office.rows(tables.Meeting)}
    return [(keys[one.meeting_id], one.name) for one in office.rows(tables.Document)]


def kill_each(office, url, meetings):
    """The statuses of the processes that erase them."""
    jobs = [f"{meeting}:{what}:{point}" for meeting, (what, point) in zip(meetings, POINTS, strict=True)]
    command = [sys.executable, "-m", "tests.service.usecases.erase_and_die"]
    given = [str(office.rapport.hosting.data_dir), url, office.ids["org"], *jobs]
    done = subprocess.run([*command, *given], check=True, timeout=60, capture_output=True, text=True)
    return [int(line) for line in done.stdout.split()]


def test_who_may_erase(office):
    rapport = office.rapport
    for name in ("emp", "hr", "admin", "stranger", "outsider"):
        for what in ("audio", "all"):
            with pytest.raises((NotAllowed, NotFound)):
                erase(rapport, office.actor(name, *{name} & {"hr", "admin"}), office.meeting, what)
    with rapport.database.write(office.ids["org"]) as work:
        meeting = work.one(tables.Meeting, office.meeting)
        assert relations_to(work, office.actor("lead"), meeting) == {Relation.meeting_manager}
        meeting.state = "uploaded"
    with pytest.raises(WrongState):
        erase(rapport, office.actor("lead"), office.meeting, "audio")
    erase(rapport, office.actor("lead"), office.meeting, "all")


def test_retention_runs_by_itself(office, clock):
    version = confirmed(office)
    acknowledge(office.rapport, office.actor("emp"), office.meeting, version.sha256)
    run_retention(office.rapport)
    assert office.row().audio_erased_at is None
    clock.move(days=31)
    pass_time(office.rapport)
    assert run_retention(office.rapport).erased == 1
    assert (office.row().audio_erased_at is not None, office.row().transcript_id is not None) == (True, True)
    clock.move(days=340)
    assert run_retention(office.rapport).erased == 1
    assert (office.row().transcript_id, office.row().state) == (None, "archived")
    clock.move(days=740)
    assert run_retention(office.rapport).erased == 1
    assert office.row().state == "erased"
    assert run_retention(office.rapport).erased == 0


def test_hints_of_a_draft_go_after_thirty_days_and_the_draft_after_ninety(office, clock):
    clock.move(days=31)
    assert run_retention(office.rapport).erased == 1
    drafts = office.rows(tables.Document, kind="draft")
    left = office.rapport.documents.read(office.row().key_id, drafts[0].name)
    assert (left["tone_flags"], left["tone_counts"], len(drafts)) == ([], {"critical": 1}, 1)
    assert run_retention(office.rapport).erased == 0
    clock.move(days=60)
    run_retention(office.rapport)
    assert office.row().state == "erased"


def test_the_organisation_sets_its_own_terms(office, clock):
    with office.rapport.database.write() as work:
        organisation = work.session.get(tables.Organisation, office.ids["org"])
        organisation.settings = {"retention": {"by_kind": {"check_in": {"unconfirmed_draft_days": 3}}}}
    clock.move(days=4)
    run_retention(office.rapport)
    assert office.row().state == "erased"
