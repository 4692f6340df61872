from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DiskProblem, NotATranscript, UnusableInput
from models.parsing import (
    is_id,
    is_started_at,
    meeting_id,
    read_participants,
    read_transcript,
)
from models.schema import (
    Participant,
)
from tests.models.parsing.talk import DAY, MINIMAL, said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_chinese_text(tmp_path, encoding):
    path = tmp_path / "talk.txt"
    path.write_bytes("张三:你好。\n李四:早。\n".encode(encoding))
    assert said(read_transcript(path, date=DAY)) == [("s1", "你好。"), ("s2", "早。")]


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "talk.txt").write_text("Dana: Hi.\nLuis: Hello.", "utf-8")
    for path in (tmp_path / "missing", tmp_path / "talk.txt" / "below", tmp_path, tmp_path / "binary"):
        with pytest.raises(NotATranscript):
            read_transcript(path, date=DAY)
    with pytest.raises(DiskProblem):
        read_transcript(tmp_path / ("x" * 300), date=DAY)


def test_endless_file_is_not_read_to_its_end():
    from pathlib import Path

    with pytest.raises(NotATranscript):
        read_transcript(Path("/dev/zero"), date=DAY)


def test_participants_from_a_file(tmp_path):
    path = tmp_path / "people.json"
    path.write_text(
        '[{"id": "m", "role": "manager", "name": "王芳", "aliases": ["芳姐"]}, {"id": "e"}]', "utf-8"
    )
    assert read_participants(path) == (
        Participant("m", "manager", "王芳", ("芳姐",)),
        Participant("e"),
    )
    path.write_text(json.dumps(MINIMAL), "utf-8")
    assert read_participants(path) == (Participant("m", "manager", "Dana"),)
    for wrong in (
        "[]",
        '[{"id": "m"}, {"id": "m"}]',
        '[{"id": "../m"}]',
        '[{"role": "manager"}]',
        "{}",
        "[1",
    ):
        path.write_text(wrong, "utf-8")
        with pytest.raises(NotATranscript):
            read_participants(path)


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("checkin-en-01", "checkin-en-01"),
        ("Q3 review (2)", "Q3-review-2"),
        ("周会 0505", "zhou-hui-0505"),
        ("Zoë", "Zoe"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 100, "a" * 64),
        ("meeting.final", "meeting.final"),
    ],
)
def test_meeting_id_from_a_file_name(name, identity):
    assert meeting_id(name) == identity


@pytest.mark.parametrize("name", ["", "...", "😀", "---", "con", "NUL.txt"])
def test_names_without_an_id_are_refused(name):
    with pytest.raises(UnusableInput):
        meeting_id(name)


@settings(deadline=None)
@given(st.text(max_size=100))
def test_meeting_id_is_an_id_or_refused(name):
    with suppress(UnusableInput):
        assert is_id(meeting_id(name))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-05-05T14:00:00+02:00", True),
        ("2026-05-05T14:00:00.5Z", True),
        ("2026-05-05t14:00:00z", True),
        ("2026-05-05T14:00:00", False),
        ("2026-05-05", False),
        ("2026-02-30T14:00:00Z", False),
        ("20260505T140000Z", False),
    ],
)
def test_started_at_has_an_offset(text, right):
    assert is_started_at(text) is right
