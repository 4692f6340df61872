"""A backup brings back rows of what was erased after it; restoring erases them again, and nothing else."""

from __future__ import annotations

import pytest

from service.db import tables
from service.errors import NotFound
from service.storage.locations import open_objects
from service.usecases.audit_log import verify_audit
from service.usecases.backup import read_backup, write_backup
from service.usecases.erase import carry_out
from service.usecases.erase_again import erase_again
from service.usecases.holds import agree_hold, ask_hold
from service.usecases.read_minutes import read_minutes
from service.usecases.read_transcript import read_transcript
from tests.service.usecases.meeting_office import add_meeting, service_over
from tests.service.usecases.test_meeting_life import confirmed


def add_profile(office):
    with office.rapport.database.write(office.ids["org"]) as work:
        key = office.rapport.keys.create()
        blob = office.rapport.documents.write(key, {"skills": []})
        person = office.ids["emp"]
        return key, work.add(tables.Profile(person_id=person, key_id=key, blob=blob, updated_at=work.now))


def restored(office, tmp_path, url, clock, queue):
    """What the office becomes when its backup is brought back into an empty database."""
    old = office.rapport
    read_backup(tmp_path / "backup", url, open_objects(old.hosting.blobs))
    old.database.close()
    office.rapport = service_over(old.hosting.data_dir, url, clock, queue)


def test_what_was_erased_since_the_backup_goes_again_and_the_rest_stays(
    office, tmp_path, empty_url, clock, queue, migrated_url
):
    rapport, org, first = office.rapport, office.ids["org"], office.meeting
    kept, whole, silent = first, add_meeting(office, clock), add_meeting(office, clock)
    key, _ = add_profile(office)
    for office.meeting in (kept, whole, silent):
        confirmed(office)
    hold = ask_hold(rapport, office.actor("hr", "hr"), whole, "litigation")
    write_backup(migrated_url, open_objects(rapport.hosting.blobs), tmp_path / "backup")
    carry_out(rapport, org, whole, "all")
    carry_out(rapport, org, silent, "audio")
    rapport.keys.destroy(key)
    restored(office, tmp_path, empty_url, clock, queue)
    agree_hold(
        office.rapport, office.actor("hr2", "hr"), hold.id
    )  # the backup may hold what was lifted since
    assert len(office.rows(tables.ItemDecision, meeting_id=whole)) > 0
    assert (erase_again(office.rapport), erase_again(office.rapport)) == (3, 0)
    states = {one.id: one.state for one in office.rows(tables.Meeting)}
    assert states == {kept: "confirmed", whole: "erased", silent: "confirmed"}
    for table in (tables.Suggestion, tables.ItemDecision, tables.ActionItem, tables.Document):
        assert office.rows(table, meeting_id=whole) == []
    assert office.rows(tables.Profile) == []
    lead = office.actor("lead")
    for meeting in (kept, silent):
        assert read_minutes(office.rapport, lead, meeting).minutes["version"] == 1
    assert read_transcript(office.rapport, lead, kept).revision > 0
    for meeting in (whole, silent):
        with pytest.raises(NotFound):
            read_transcript(office.rapport, lead, meeting)
    assert verify_audit(office.rapport) == {}
    office.rapport.database.close()


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_keys_that_are_not_there_erase_nothing(office, tmp_path):
    keys = tmp_path / "service" / "keys"
    for path in keys.glob("??/*"):
        path.unlink()
    assert erase_again(office.rapport) == 0
    assert office.row().state == "drafted"
