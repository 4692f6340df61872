"""The recording as it is drawn: how loud it is when, for whoever may hear it."""

from __future__ import annotations

from sqlalchemy import select

from service.db.tables import AuditEntry, Document, Meeting
from service.usecases.waveform import sound_of
from tests.service.web.meeting_plans import plan_agreed, sound, upload


def probed(people, meeting, *layouts):
    """What the first step of a worker leaves behind."""
    with people.rapport.database.write(people.organisation_id) as work:
        key = work.one(Meeting, meeting).key_id
        value = {"duration_s": 4.0, "windows": [], "layouts": [{"peaks": peaks} for peaks in layouts]}
        name = people.rapport.documents.write(key, value)
        work.add(Document(meeting_id=meeting, kind="probe", name=name, created_at=work.now))


def test_each_track_is_drawn_under_the_name_that_its_sound_has(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    content = {"m": sound(), "e": sound(b"\2\3" * 4000)}
    for track, heard in content.items():
        upload(lead, meeting, heard, track=track)
    probed(people, meeting, [0.1, 1.0], [1.0, 0.0])
    told = lead.get(f"/api/v1/meetings/{meeting}/waveform").json()
    drawn = [{"track": "m", "peaks": [0.1, 1.0]}, {"track": "e", "peaks": [1.0, 0.0]}]
    assert told == {"duration_s": 4.0, "tracks": drawn}
    for track, heard in content.items():
        assert lead.get(f"/api/v1/meetings/{meeting}/audio?track={track}").content == heard


def test_it_is_one_look_at_the_sound(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound())
    probed(people, meeting, [1.0])
    for what in ("waveform", "audio", "waveform", "audio"):
        assert lead.get(f"/api/v1/meetings/{meeting}/{what}").status_code == 200
    with people.rapport.database.read(people.organisation_id) as work:
        looks = select(AuditEntry.object_kind).filter_by(action="view", object_id=meeting)
        assert list(work.session.scalars(looks)) == ["audio"]


def test_a_recording_that_was_never_measured_is_heard_all_the_same(people, lead):
    meeting = plan_agreed(lead, people.ids["ana"])
    upload(lead, meeting, sound())
    assert lead.get(f"/api/v1/meetings/{meeting}/waveform").status_code == 404
    heard = sound_of(people.rapport, people.actor("lead"), meeting)
    assert (heard.tracks, heard.is_drawn) == ((None,), False)
    assert sound_of(people.rapport, people.actor("ana"), meeting) is None
