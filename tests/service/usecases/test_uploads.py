"""Pieces of an upload on both databases: what counts, of two at once, and with the last one."""

from __future__ import annotations

import io
import threading
import wave

import pytest

from service.db.tables import Meeting, Recording, RecordingPart, Relation
from service.domain.errors import ConsentMissing
from service.domain.media_type import sniff
from service.usecases import uploads
from service.usecases.consent import attest_consent
from service.usecases.create_meeting import Plan, create_meeting
from service.usecases.meeting_errors import OffsetMoved, UploadOver
from service.usecases.read_audio import read_audio


def sound():
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 16000, 0, "NONE", ""))
        out.writeframes(b"\1\2" * 5000)
    return file.getvalue()


SOUND = sound()


@pytest.fixture
def planned(office, clock):
    """A planned meeting of `lead` with `emp`, who agreed, as the manager says."""
    with office.rapport.database.write(office.ids["org"]) as work:
        ids = {"manager_id": office.ids["lead"], "employee_id": office.ids["emp"]}
        work.add(Relation(kind="manager", from_day=work.now.date(), **ids))
    lead = office.actor("lead")
    plan = Plan("check_in", clock().date(), [(office.ids["emp"], "employee")])
    meeting = create_meeting(office.rapport, lead, plan).meeting.id
    with pytest.raises(ConsentMissing):
        uploads.begin(office.rapport, lead, meeting, 10)
    attest_consent(office.rapport, lead, meeting, "e")
    return meeting


def send(office, upload, content):
    part = uploads.store(office.rapport, upload, (), content)
    return uploads.keep(office.rapport, office.actor("lead"), upload, (part,))


def test_the_last_piece_completes_recording_meeting_and_job_together(office, planned, queue):
    lead = office.actor("lead")
    upload = uploads.begin(office.rapport, lead, planned, len(SOUND))
    upload = send(office, upload, SOUND[:4000])
    assert queue.enqueued == []
    send(office, upload, SOUND[4000:])
    assert queue.enqueued == [planned]
    assert office.rows(Meeting, id=planned)[0].state == "uploaded"
    assert b"".join(read_audio(office.rapport, lead, planned).parts.chunks()) == SOUND


def test_where_the_job_cannot_be_added_the_last_piece_does_not_count(office, planned, queue, monkeypatch):
    upload = uploads.begin(office.rapport, office.actor("lead"), planned, len(SOUND))
    upload = send(office, upload, SOUND[:4000])
    with monkeypatch.context() as broken:
        broken.setattr(queue, "enqueue", None)
        with pytest.raises(TypeError):
            send(office, upload, SOUND[4000:])
    row = office.rows(Recording, id=upload.id)[0]
    assert (row.state, row.received_bytes) == ("receiving", 4000)
    assert office.rows(Meeting, id=planned)[0].state == "planned"
    send(office, upload, SOUND[4000:])
    assert queue.enqueued == [planned]


def test_of_two_pieces_at_one_place_one_counts(office, planned):
    lead = office.actor("lead")
    upload = uploads.begin(office.rapport, lead, planned, len(SOUND))
    parts = [uploads.store(office.rapport, upload, (), bytes([n]) * 100) for n in range(4)]
    together, moved = threading.Barrier(len(parts)), []

    def keep(part):
        together.wait()
        try:
            uploads.keep(office.rapport, lead, upload, (part,))
        except OffsetMoved as refusal:
            moved.append(refusal.values["offset"])

    threads = [threading.Thread(target=keep, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert moved == [100] * 3
    (kept,) = office.rows(RecordingPart, recording_id=upload.id)
    with office.rapport.blobs.open(upload.key_id, kept.name) as stream:
        assert len(set(stream.read())) == 1


def test_a_cancelled_upload_takes_nothing_more(office, planned):
    lead = office.actor("lead")
    upload = send(office, uploads.begin(office.rapport, lead, planned, len(SOUND)), SOUND[:10])
    uploads.cancel(office.rapport, lead, upload.id)
    with pytest.raises(UploadOver):
        send(office, upload, SOUND[10:20])
    assert office.rows(RecordingPart, recording_id=upload.id) == []


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"OggS\0\2", "audio/ogg"),
        (b"ID3\4\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\xff\xff\xff\xff", None),
        (b"\0\0\0\x20ftypM4A \0\0", "audio/mp4"),
        (b"\0\0\0\x20ftypisom\0\0", "video/mp4"),
        (b"\0\0\0\x14ftyp3gp4", "video/3gpp"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x9fB\x82\x88matroska", "video/x-matroska"),
        (b"#!AMR\n", "audio/amr"),
        (b"#!AMR-WB\n", "audio/amr-wb"),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_what_a_file_is_comes_from_its_first_bytes(head, kind):
    assert sniff(head) == kind
