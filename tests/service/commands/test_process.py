from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.parsing import parse_transcript
from tests.service.commands.run_cli import rapport, recording
from tests.service.commands.test_draft import files

PEOPLE = ("--participants", "m:Dana:manager,e:Luis:employee")


def transcript_in(path: Path):
    return parse_transcript(path.read_text("utf-8"), path.name, date="2026-01-01")


def test_each_recording_becomes_its_documents(tmp_path):
    one, two = recording(tmp_path / "one.wav"), recording(tmp_path / "Q3 review.wav")
    ran = rapport("process", one, two, *PEOPLE, "--out-dir", "out", "--formats", "json,md,ics", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    endings = ("draft.json", "ics", "md", "transcript.json")
    assert files(tmp_path / "out") == [
        f"{name}.{ending}" for name in ("Q3-review", "one") for ending in endings
    ]
    assert ran.out.count("Suggestion, not confirmed") == 2
    assert {p.id: p.role for p in transcript_in(tmp_path / "out" / "one.transcript.json").participants} == {
        "m": "manager",
        "e": "employee",
    }


def test_day_from_the_moment_the_meeting_began(tmp_path):
    audio = recording(tmp_path / "one.wav")
    ran = rapport("process", audio, "--started-at", "2026-05-05T23:30:00+08:00", "--json", cwd=tmp_path)
    draft = json.loads(ran.out)
    assert draft["date"] == "2026-05-05"
    assert "date" not in draft["provenance"]


def test_a_day_nobody_gave_is_marked(tmp_path):
    audio = recording(tmp_path / "one.wav")
    assert rapport("transcribe", audio, cwd=tmp_path).code == 0
    assert files(tmp_path) == ["one.transcript.json", "one.wav"]
    assert transcript_in(tmp_path / "one.transcript.json").provenance["date"].engine == "clock"


def test_tracks_are_one_meeting(tmp_path):
    one, two = recording(tmp_path / "call-m.wav"), recording(tmp_path / "call-e.wav")
    ran = rapport("process", "--tracks", f"{one}=m", f"{two}=e", "--out-dir", "out", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert files(tmp_path / "out") == ["call-m.draft.json", "call-m.transcript.json"]
    transcript = transcript_in(tmp_path / "out" / "call-m.transcript.json")
    assert [person.id for person in transcript.participants] == ["m", "e"]


@pytest.mark.parametrize(
    "tracks", [("a.wav",), ("a.wav=../m",), ("a.wav=m", "b.wav=m"), ("=m",), ("a.wav=m", "b.wav")]
)
def test_tracks_that_cannot_be_told_apart(tmp_path, tracks):
    ran = rapport("process", "--tracks", *tracks, cwd=tmp_path)
    assert ran.code == 2
    assert "--tracks" in ran.line


def test_missing_and_unreadable_recordings_do_not_stop_the_others(tmp_path):
    good = recording(tmp_path / "good.wav")
    (tmp_path / "text.wav").write_text("not sound", "utf-8")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "folder.wav").mkdir()
    ran = rapport(
        *("process", "gone.wav", "text.wav", "empty.wav", "folder.wav", good, "--out-dir", "out"),
        cwd=tmp_path,
    )
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 4
    assert files(tmp_path / "out") == ["good.draft.json", "good.transcript.json"]


def test_recordings_of_the_same_name_do_not_overwrite_each_other(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = recording(tmp_path / "a" / "talk.wav"), recording(tmp_path / "b" / "talk.ogg")
    ran = rapport("process", one, two, "--out-dir", "out", cwd=tmp_path)
    assert ran.code == 2
    assert "b/talk.ogg" in ran.line


@pytest.mark.parametrize("name", ["😀.wav", "---.wav", "NUL.wav"])
def test_names_that_give_no_id(tmp_path, name):
    ran = rapport("process", "--out-dir", "out", "--", recording(tmp_path / name).name, cwd=tmp_path)
    assert ran.code == 2
    assert files(tmp_path / "out") == []


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("one.wav", "--language", "fr"),
        ("one.wav", "--kind", "gossip"),
        ("one.wav", "--speakers", "0"),
        ("one.wav", "--speakers", "many"),
        ("one.wav", "--date", "2026-05-05", "--started-at", "2026-05-05T10:00:00Z"),
        ("one.wav", "--started-at", "2026-05-05T10:00:00"),
        ("one.wav", "--catalog", "missing.csv"),
    ],
)
def test_wrong_options_give_2_and_one_line(tmp_path, options):
    recording(tmp_path / "one.wav")
    ran = rapport("process", *options, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.line
    assert files(tmp_path) == ["one.wav"]


def test_an_empty_catalogue_is_refused(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    ran = rapport("recommend", "--gap", "SQL", "--catalog", "empty.csv", cwd=tmp_path)
    assert ran.code == 2
    assert "empty.csv" in ran.line


def test_recommendations_as_json(tmp_path):
    (tmp_path / "courses.csv").write_text("id,title\nc1,SQL basics\nc2,[red]Public speaking\n", "utf-8")
    ran = rapport(
        *("recommend", "--gap", "SQL", "--gap", "[bold]", "--catalog", "courses.csv", "--top", 1, "--json"),
        cwd=tmp_path,
    )
    assert (ran.code, ran.err) == (0, "")
    found = json.loads(ran.out)
    assert [one["gap"] for one in found] == ["SQL", "[bold]"]
    for one in found:
        assert all(set(result) == {"resource", "title", "kind", "score", "why"} for result in one["results"])
    assert rapport("recommend", "--gap", "[red]", "--catalog", "courses.csv", cwd=tmp_path).out.startswith(
        "[red]"
    )
