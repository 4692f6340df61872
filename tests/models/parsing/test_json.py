from __future__ import annotations

import json

import pytest

from models.errors import NotATranscript, UnknownLanguage
from models.parsing import (
    to_json,
)
from tests.models.parsing.talk import MINIMAL, changed, names, parse, said, with_turn


def test_minimal_transcript_is_enough():
    transcript = parse(json.dumps(MINIMAL))
    assert transcript.schema == "rapport.transcript/1"
    assert (transcript.rev, transcript.kind, transcript.turns[0].start_s) == (1, "other", None)


@pytest.mark.parametrize(
    "schema", ["rapport.transcript/1", "rapport.transcript/1.0", "rapport.transcript/1.7"]
)
def test_every_minor_version_is_read_and_unknown_fields_are_ignored(schema):
    transcript = parse(
        changed(schema=schema, mood="sunny", turns=[MINIMAL["turns"][0] | {"tone": "neutral"}])
    )
    assert transcript.schema == "rapport.transcript/1"
    assert said(transcript) == [("m", "Hello.")]


@pytest.mark.parametrize(
    "schema", ["rapport.transcript/2", "rapport.draft/1", "rapport.transcript/1x", 1, None]
)
def test_other_documents_are_refused(schema):
    with pytest.raises(NotATranscript):
        parse(changed(schema=schema))


@pytest.mark.parametrize(
    "bad", ["../x", "", "a/b", ".hidden", "a" * 65, "naïve", "a b", "a\n", "-rf", "ok\0"]
)
def test_ids_that_could_be_paths_are_refused(bad):
    for text in (
        changed(id=bad),
        changed(participants=[{"id": bad}]),
        with_turn(speaker=bad),
        changed(participants=[{"id": "m", "person_id": bad or "/"}]),
    ):
        with pytest.raises(NotATranscript):
            parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"id": NaN}',
        "{" * 100_000,
        '{"a":' * 100_000,
        changed(turns=None),
        changed(turns=[1]),
        changed(participants=[{"id": "m"}, {"id": "m"}]),
        changed(date="2026-02-30"),
        changed(date="05.05.2026"),
        changed(date="9999-12-31"),
        changed(started_at="2026-05-05T10:00:00"),
        changed(tz="../../etc/passwd"),
        changed(tz="Mars/Olympus"),
        changed(rev=0),
        changed(kind="gossip"),
        with_turn(i=-1),
        with_turn(text=None),
        with_turn(start_s=-1.0),
        with_turn(start_s=2.0, end_s=1.0),
        with_turn(text="x" * 100_001),
        changed(turns=[MINIMAL["turns"][0], MINIMAL["turns"][0]]),
        changed(duration_s=0).replace('"duration_s": 0', '"duration_s": 1e999'),
        changed(rev=0).replace('"rev": 0', '"rev": ' + "9" * 5000),
    ],
)
def test_hostile_json_is_refused_with_one_line(text):
    with pytest.raises(NotATranscript) as refused:
        parse(text)
    for language in ("en", "zh"):
        assert "\n" not in refused.value.line(language)


def test_unknown_language_is_its_own_error():
    with pytest.raises(UnknownLanguage):
        parse(changed(language="fr"))


def test_speakers_without_participant_get_ids_and_keep_their_label_as_name():
    turns = [
        {"i": n, "speaker": who, "text": "Hi."} for n, who in enumerate(["Luis", "m", "s2", "Ana", "Luis"])
    ]
    transcript = parse(changed(turns=turns))
    assert [turn.speaker for turn in transcript.turns] == ["s1", "m", "s2", "s3", "s1"]
    assert names(transcript) == {"m": "Dana", "s1": "Luis", "s2": "", "s3": "Ana"}


def test_turn_numbers_are_identities():
    turns = [{"i": i, "speaker": "m", "text": "Hi."} for i in (4, 9, 2)]
    assert [turn.i for turn in parse(changed(turns=turns)).turns] == [4, 9, 2]


def test_half_a_surrogate_pair_can_still_be_written():
    text = to_json(parse(with_turn(text="PLACE").replace("PLACE", r"a\ud83d b \ud83d\ude00")))
    assert "a\ufffd b 😀" in text
    assert text.encode("utf-8")
