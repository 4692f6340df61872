"""The demo organisation is one that people can sign in to and work in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.db.tables import Document, Meeting, Person, Recording
from service.errors import WrongUsage
from service.usecases.audit_log import verify_audit
from service.usecases.demo import make_demo
from service.usecases.identify import by_session
from service.usecases.list_meetings import Filters, list_meetings
from service.usecases.sign_in import sign_in
from tests.models.sounds import RATE, tone, write


def test_everybody_can_sign_in_and_managers_find_their_meeting(rapport, queue):
    made = make_demo(rapport)
    assert len(made.addresses) == 6
    for email in made.addresses.values():
        assert sign_in(rapport, email, made.password)
    assert len(queue.enqueued) == 2
    for name in ("Martin Kessler", "林静"):
        secret = sign_in(rapport, made.addresses[name], made.password)
        actor = by_session(rapport, secret).actor
        assert len(list_meetings(rapport, actor, Filters()).items) == 1
    assert verify_audit(rapport) == {}


def test_transcripts_name_the_people_of_the_organisation(rapport):
    make_demo(rapport)
    with rapport.database.read() as work:
        meetings = work.session.scalars(select(Meeting)).all()
        names = {p.id: p.display_name for p in work.session.scalars(select(Person))}
        for meeting in meetings:
            found = work.session.get_one(Document, meeting.transcript_id)
            text = rapport.documents.read(meeting.key_id, found.name)
            assert len(text["turns"]) == 12
            said = {one["id"]: one["name"] for one in text["participants"]}
            assert said["m"] == names[meeting.manager_id]
            assert {turn["speaker"] for turn in text["turns"]} == {"m", "e"}


def test_talks_can_be_recordings(rapport, queue, tmp_path):
    sound = write(tmp_path / "talk.flac", tone(3.0)[None], RATE, "flac").read_bytes()
    make_demo(rapport, [sound])
    with rapport.database.read() as work:
        recorded = work.session.scalars(select(Recording)).one()
        written = work.session.scalars(select(Document).filter_by(kind="transcript")).one()
    assert (recorded.state, recorded.size_bytes) == ("complete", len(sound))
    assert {recorded.meeting_id, written.meeting_id} == set(queue.enqueued)
    with pytest.raises(WrongUsage) as error:
        make_demo(rapport, [sound] * 3)
    assert error.value.key == "demo_recordings"


def test_there_is_one_demo(rapport):
    make_demo(rapport)
    with pytest.raises(WrongUsage) as error:
        make_demo(rapport)
    assert error.value.key == "demo_exists"
