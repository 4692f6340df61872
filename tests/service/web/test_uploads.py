"""Uploads over HTTP: limits told and kept, what is refused, who may, and what becomes of the bytes."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.bootstrap import build
from service.db.tables import AuditEntry, Document, Meeting, Recording, RecordingPart
from service.usecases.uploads import sweep_uploads
from service.web.app import create_app
from tests.service.office import Office
from tests.service.web.meeting_plans import (
    STREAM,
    TUS,
    begin,
    metadata,
    plan,
    plan_agreed,
    send,
    sound,
    upload,
)

SMALL = 50 * 2**20


@pytest.fixture
def meeting(people, lead):
    return plan_agreed(lead, people.ids["ana"])


def rows(people, table, **where):
    with people.rapport.database.read(people.organisation_id) as work:
        return list(work.session.scalars(select(table).filter_by(**where).order_by(table.id)))


def blobs(people):
    """Every object in the blob store, apart from its marker."""
    folder = people.rapport.hosting.data_dir / "blobs"
    return [path for path in folder.rglob("*") if path.is_file() and len(path.name) == 32]


def limited(people, **limits):
    """A browser of the manager on a service with other limits."""
    hosting = people.rapport.hosting
    changed = type(hosting)(
        **{name: getattr(hosting, name) for name in hosting.__dataclass_fields__} | limits
    )
    rapport = build(changed, clock=people.rapport.database.clock, queue=people.rapport.queue)
    office = Office(create_app(rapport), rapport, people.organisation_id, people.elsewhere_id, people.ids)
    return office.sign_in("lead"), rapport


def test_limits_are_told_before_anything_is_sent(people, lead):
    options = people.visitor().options("/api/v1/uploads")
    assert options.status_code == 204
    assert options.headers["tus-version"] == "1.0.0"
    assert options.headers["tus-max-size"] == str(people.rapport.hosting.max_upload_bytes)
    assert set(options.headers["tus-extension"].split(",")) >= {"creation", "checksum", "termination"}
    told = lead.get("/api/v1/uploads/limits").json()
    assert told["most"] == people.rapport.hosting.max_upload_bytes
    assert told["used"] == 0


def test_a_recording_goes_to_the_worker_and_is_heard_by_its_manager(people, lead, meeting, queue):
    content = sound()
    place = upload(lead, meeting, content)
    assert queue.enqueued == [meeting]
    assert lead.get(f"/api/v1/meetings/{meeting}").json()["state"] == "uploaded"
    heard = lead.get(f"/api/v1/meetings/{meeting}/audio")
    assert (heard.content, heard.headers["content-type"]) == (content, "audio/wav")
    head = lead.head(place, headers=TUS)
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == (str(len(content)),) * 2
    assert lead.get("/api/v1/uploads/limits").json()["used"] == len(content)


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=8000-", 206, 8000, None),
        ("bytes=-10", 206, -10, None),
        ("bytes=5-999999999", 206, 5, None),
        ("bytes=0-1,5-6", 200, 0, None),
        ("seconds=1-2", 200, 0, None),
        ("bytes=9-5", 200, 0, None),
    ],
)
def test_ranges_of_the_sound(lead, meeting, asked, status, start, end):
    content = sound()
    upload(lead, meeting, content)
    answer = lead.get(f"/api/v1/meetings/{meeting}/audio", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, content[start:end])
    if status == 206:
        at = start % len(content)
        assert answer.headers["content-range"] == f"bytes {at}-{at + len(answer.content) - 1}/{len(content)}"


def test_a_range_outside_is_refused_and_each_look_is_in_the_log(people, lead, meeting):
    upload(lead, meeting, sound())
    place = f"/api/v1/meetings/{meeting}/audio"
    assert lead.get(place, headers={"Range": "bytes=999999999-"}).status_code == 416
    lead.get(place)
    looks = rows(people, AuditEntry, action="view", object_kind="audio", object_id=meeting)
    assert [one.actor for one in looks] == [people.ids["lead"]]


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("li", 404), ("hr", 404), ("admin", 404)])
def test_others_neither_hear_nor_upload(people, lead, meeting, who, status):
    client = people.sign_in(who)
    assert begin(client, meeting, 100).status_code == status
    assert client.get(f"/api/v1/meetings/{meeting}/audio").status_code == status
    assert client.post(f"/api/v1/uploads/transcripts/{meeting}", content=b"A: b").status_code == status
    place = begin(lead, meeting, 100).headers["location"]
    assert client.head(place, headers=TUS).status_code == 404
    assert send(client, place, 0, b"x").status_code == 404
    assert client.delete(place, headers=TUS).status_code == 404


def test_nobody_signed_in_uploads_nothing(people, meeting):
    assert begin(people.visitor(), meeting, 100).status_code == 401


def test_no_byte_is_taken_without_everybodys_consent(people, lead):
    meeting = plan(lead, people.ids["ana"])["id"]
    for answer in (
        begin(lead, meeting, 100),
        lead.post(f"/api/v1/uploads/files/{meeting}", files={"file": ("a.wav", sound())}),
        lead.post(f"/api/v1/uploads/transcripts/{meeting}", content=b"Dana: Hello.\nAna: Hello."),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    assert blobs(people) == []


def test_consent_that_is_withdrawn_in_between_ends_the_upload(people, lead, meeting):
    place = begin(lead, meeting, 100).headers["location"]
    assert send(lead, place, 0, b"x" * 10).status_code == 204
    people.sign_in("ana").post(f"/api/v1/meetings/{meeting}/consent", json={"answer": "withdraw"})
    assert send(lead, place, 10, b"x" * 10).status_code in {404, 410}
    assert blobs(people) == []


def test_too_large_is_said_before_a_byte_is_sent(people, meeting):
    client, rapport = limited(people, max_upload_bytes=1000, quota_bytes=1500)
    answer = begin(client, meeting, 1001)
    assert (answer.status_code, answer.json()["code"]) == (413, "recording_too_big")
    assert begin(client, meeting, 1000).status_code == 201
    answer = begin(client, meeting, 501)
    assert (answer.status_code, answer.json()["code"]) == (413, "quota_reached")
    rapport.database.close()


def test_an_erased_upload_gives_its_room_back(people, meeting):
    client, rapport = limited(people, quota_bytes=1000)
    place = begin(client, meeting, 1000).headers["location"]
    assert client.delete(place, headers=TUS).status_code == 204
    assert begin(client, meeting, 1000).status_code == 201
    rapport.database.close()


def test_more_than_announced_is_not_taken(lead, meeting):
    place = begin(lead, meeting, 100).headers["location"]
    answer = send(lead, place, 0, b"x" * 101)
    assert (answer.status_code, answer.json()["code"]) == (413, "beyond_length")
    streamed = send(lead, place, 0, iter([b"x" * 60, b"x" * 60]))
    assert streamed.status_code == 413
    assert lead.head(place, headers=TUS).headers["upload-offset"] == "0"


def test_a_wrong_offset_is_refused(lead, meeting):
    place = begin(lead, meeting, 100).headers["location"]
    assert send(lead, place, 0, b"x" * 10).headers["upload-offset"] == "10"
    for offset in (0, 9, 11):
        answer = send(lead, place, offset, b"y")
        assert (answer.status_code, answer.json()["code"]) == (409, "offset_moved")


def test_a_wrong_checksum_keeps_nothing(people, lead, meeting):
    place = begin(lead, meeting, 100).headers["location"]
    right = base64.b64encode(hashlib.sha1(b"x" * 10).digest()).decode()  # noqa: S324 - of the protocol
    answer = send(lead, place, 0, b"y" * 10, **{"Upload-Checksum": f"sha1 {right}"})
    assert (answer.status_code, answer.json()["code"]) == (460, "wrong_checksum")
    assert blobs(people) == []
    assert send(lead, place, 0, b"x" * 10, **{"Upload-Checksum": f"sha1 {right}"}).status_code == 204
    assert send(lead, place, 10, b"x", **{"Upload-Checksum": "md5 AAAA"}).status_code == 400


@pytest.mark.parametrize("content", [b"<html>" * 50, b"PK\x03\x04" + b"\0" * 200, b"\x7fELF" + b"\0" * 200])
def test_what_is_no_sound_is_refused_and_erased(people, lead, meeting, queue, content):
    place = begin(lead, meeting, len(content), filename="talk.wav", filetype="audio/wav").headers["location"]
    answer = send(lead, place, 0, content)
    assert (answer.status_code, answer.json()["code"]) == (415, "unknown_sound")
    assert blobs(people) == []
    assert rows(people, RecordingPart) == []
    assert queue.enqueued == []
    assert lead.head(place, headers=TUS).status_code == 410
    assert upload(lead, meeting, sound())


def test_names_in_metadata_lead_nowhere(people, lead, meeting):
    for track in ("../../m", "/etc/passwd", "nobody"):
        answer = begin(lead, meeting, 100, track=track)
        assert (answer.status_code, answer.json()["code"]) == (422, "not_a_track")
    assert begin(lead, "../../../etc/passwd", 100).status_code == 404
    upload(lead, meeting, sound(), filename="../../../../tmp/evil.wav")
    assert b"evil" not in people.rapport.hosting.data_dir.joinpath("rapport.db").read_bytes()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "10"}, 412),
        ({**TUS, "Upload-Length": "-1"}, 422),
        ({**TUS, "Upload-Length": "ten"}, 422),
        ({**TUS}, 422),
        ({**TUS, "Upload-Length": "10", "Upload-Metadata": "meeting ###"}, 400),
        ({**TUS, "Upload-Length": "10", "Upload-Metadata": ""}, 404),
    ],
)
def test_malformed_beginnings(lead, meeting, headers, status):
    assert lead.post("/api/v1/uploads", headers=headers).status_code == status


def test_an_upload_may_begin_with_its_bytes(lead, meeting):
    content = sound()
    headers = {
        **STREAM,
        "Upload-Length": str(len(content)),
        "Upload-Metadata": metadata(meeting=meeting),
    }
    answer = lead.post("/api/v1/uploads", content=content, headers=headers)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(content)))
    assert lead.get(f"/api/v1/meetings/{meeting}/audio").content == content


def test_an_upload_that_is_left_expires(people, lead, meeting, clock):
    place = begin(lead, meeting, 100).headers["location"]
    send(lead, place, 0, b"x" * 10)
    assert sweep_uploads(people.rapport) == 0
    clock.move(hours=24)
    lead = people.sign_in("lead")
    assert lead.head(place, headers=TUS).status_code == 410
    assert len(blobs(people)) == 1
    assert sweep_uploads(people.rapport) == 1
    assert blobs(people) == []
    assert sweep_uploads(people.rapport) == 0


def test_what_a_crash_left_of_a_refused_upload_is_swept(people, lead, meeting):
    place = begin(lead, meeting, 100).headers["location"]
    send(lead, place, 0, b"x" * 10)
    with people.rapport.database.write(people.organisation_id) as work:
        work.one(Recording, place.rpartition("/")[2]).state = "refused"
    assert sweep_uploads(people.rapport) == 1
    assert (blobs(people), rows(people, RecordingPart)) == ([], [])


def test_separate_tracks_wait_for_each_other(people, lead, meeting, queue):
    upload(lead, meeting, sound(), track="m")
    assert queue.enqueued == []
    same = begin(lead, meeting, len(sound()), track="e").headers["location"]
    answer = send(lead, same, 0, sound())
    assert (answer.status_code, answer.json()["code"]) == (409, "same_recording")
    assert begin(lead, meeting, 10, track="m").json()["code"] == "track_taken"
    assert begin(lead, meeting, 10).json()["code"] == "track_taken"
    other = sound(b"\1\2" * 3000)
    upload(lead, meeting, other, track="e")
    assert queue.enqueued == [meeting]
    assert lead.get(f"/api/v1/meetings/{meeting}/audio?track=e").content == other


def test_tracks_can_be_processed_before_all_are_there(lead, meeting, queue):
    place = f"/api/v1/meetings/{meeting}/process"
    assert lead.post(place).json()["code"] == "nothing_recorded"
    upload(lead, meeting, sound(), track="m")
    assert lead.post(place).status_code == 204
    assert queue.enqueued == [meeting]
    assert lead.post(place).status_code == 409


def test_a_meeting_takes_one_recording(lead, meeting):
    upload(lead, meeting, sound())
    answer = begin(lead, meeting, 100)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_a_small_file_in_one_request(people, lead, meeting, queue):
    content = sound(b"\3\4" * 5_000_000)
    answer = lead.post(
        f"/api/v1/uploads/files/{meeting}",
        data={"note": "x"},
        files={"file": ("../talk.wav", content, "text/plain")},
    )
    assert (answer.status_code, answer.json()["size_bytes"]) == (201, len(content))
    assert lead.get(f"/api/v1/meetings/{meeting}/audio").content == content
    assert queue.enqueued == [meeting]
    assert rows(people, Recording)[0].received_bytes == len(content)


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "multipart/form-data"}, b"x", 400),
        ({"Content-Type": "application/json"}, b"{}", 400),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b\r\nContent-Disposition: form", 400),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"garbage", 400),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b--\r\n", 422),
    ],
)
def test_malformed_forms_leave_nothing(people, lead, meeting, headers, content, status):
    answer = lead.post(f"/api/v1/uploads/files/{meeting}", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert blobs(people) == []
    assert {one.state for one in rows(people, Recording)} <= {"erased"}


def test_a_form_beyond_50_mib_is_refused_before_it_is_read(people, lead, meeting):
    def never():
        raise AssertionError("the body was read")
        yield b""

    headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(SMALL + 2**20)}
    answer = lead.post(f"/api/v1/uploads/files/{meeting}", content=b"", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "small_too_big")
    assert rows(people, Recording) == []


FORMS = {
    "json": '{"id": "x", "language": "en", "date": "2020-01-01", "participants": [{"id": "p7", "role":'
    ' "manager", "name": "Dana Moss"}], "turns": [{"i": 0, "speaker": "p7", "text": "Send it by Friday."}]}',
    "vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Dana Moss>Send it by Friday.\n",
    "srt": "1\n00:00:00,000 --> 00:00:02,000\nDana Moss: Send it by Friday.\n",
    "text": "Dana Moss 00:00:01\nSend it by Friday.\n\nAna Ruiz 00:00:05\nI will.\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_transcript_that_exists_goes_to_drafting(people, lead, meeting, queue, form):
    answer = lead.post(f"/api/v1/uploads/transcripts/{meeting}", content=FORMS[form].encode())
    assert answer.status_code == 204, answer.text
    assert queue.enqueued == [meeting]
    row = rows(people, Meeting, id=meeting)[0]
    document = rows(people, Document, id=row.transcript_id)[0]
    stored = people.rapport.documents.read(row.key_id, document.name)
    assert (stored["id"], stored["date"]) == (meeting, "2026-05-04")
    assert stored["turns"][0]["speaker"] == "m"
    assert [one["id"] for one in stored["participants"]] == ["m", "e"]
    assert stored["participants"][1]["person_id"] == people.ids["ana"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"no names here", b'{"schema": "rapport.draft/1"}', b"\0" * 100]
)
def test_what_is_no_transcript_is_refused(lead, meeting, queue, content):
    answer = lead.post(f"/api/v1/uploads/transcripts/{meeting}", content=content)
    assert answer.status_code == 422, answer.text
    assert queue.enqueued == []


def test_the_expiry_is_told(lead, meeting, clock):
    told = begin(lead, meeting, 100).headers["upload-expires"]
    assert told == (clock.now + timedelta(hours=24)).strftime("%a, %d %b %Y %H:%M:%S GMT")
