"""The whole way with the real models: from the recordings in examples/ to their drafts."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from models.errors import UnknownLanguage, WeightsMissing
from models.operations import Desk
from models.pipeline import DraftOptions, draft_minutes, transcribe_recording
from models.recording_steps import Recording
from models.registry import Engines
from models.schema import Participant
from service.settings import from_environment
from tests.models import test_recording_steps as steps
from tests.models.sounds import RATE, tone, write

EXAMPLES = Path(__file__).parents[1] / "examples"
ENGLISH = (Participant("m", "manager", "Martin Kessler"), Participant("e", "employee", "Priyanka Rao"))
MANDARIN = (Participant("m", "manager", "林静"), Participant("e", "employee", "何宇"))
pytestmark = pytest.mark.models


def quiet(step, share):
    """Nobody watches the progress here."""


@pytest.fixture(scope="module")
def engines():
    settings = from_environment()
    found = Engines(settings.models_dir, settings.threads)
    try:
        _ = found.transcriber, found.diarizer, found.embedder
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    return found


def english(name="checkin-en-01.ogg", **changes):
    recording = Recording("talk", (EXAMPLES / name,), "2026-05-05", participants=ENGLISH, kind="check_in")
    return dataclasses.replace(recording, **changes)


@pytest.fixture(scope="module")
def talk(engines):
    return transcribe_recording(english(), engines, quiet)


@pytest.fixture(scope="module")
def meeting(engines):
    path = EXAMPLES / "checkin-zh-03.ogg"
    return transcribe_recording(
        Recording("talk", (path,), "2026-07-07", participants=MANDARIN, kind="check_in"), engines, quiet
    )


def said_by(transcript, who):
    return " ".join(turn.text for turn in transcript.turns if turn.speaker == who).lower()


def test_an_english_talk_is_understood_and_attributed(talk):
    assert talk.language == "en"
    assert "handoff checklist" in said_by(talk, "e").replace("hand-off", "handoff")
    assert "email beatrice" in said_by(talk, "m")
    assert "friday noon is fine" in said_by(talk, "m")
    assert 26 <= len(talk.turns) <= 36
    assert talk.uncovered_speech_s < 2


def test_words_have_times_in_order_inside_the_recording(talk):
    for turn in talk.turns:
        assert turn.words
        assert 0 <= turn.start_s <= turn.end_s <= talk.duration_s
        times = [word.start_s for word in turn.words]
        assert times == sorted(times)


def test_a_mandarin_talk_is_simplified_and_punctuated(meeting):
    text = "".join(turn.text for turn in meeting.turns)
    assert meeting.language == "zh"
    assert "财务总监" in said_by(meeting, "m")
    assert not re.search(r"[們個這還說對過來時]", text)
    assert len(re.findall(r"[,。?!]", text)) > len(text) / 40


def test_channels_with_a_voice_each_need_no_diarization(engines):
    transcript = transcribe_recording(english("checkin-en-01.stereo.ogg"), engines, quiet)
    assert transcript.provenance["diarize"].engine == "channels"
    assert "email beatrice" in said_by(transcript, "m")
    assert "email beatrice" not in said_by(transcript, "e")


def test_every_item_of_a_draft_is_backed_by_what_was_said(engines, talk, meeting):
    for transcript in (talk, meeting):
        draft = draft_minutes(transcript, DraftOptions(), engines, quiet).draft
        owners = {person.id for person in transcript.participants}
        assert len(draft.action_items) >= 2
        for item in (*draft.action_items, *draft.agreements, *draft.skill_gaps, *draft.points):
            assert 1 <= len(item.evidence) <= 6
            for evidence in item.evidence:
                assert evidence.quote in transcript.turn(evidence.turn).text
        for action in draft.action_items:
            assert action.owner in owners or action.owner_reason
            assert action.due is None or action.due >= transcript.date


def test_the_dates_that_count_are_the_last_agreed_ones(engines, talk):
    found = draft_minutes(talk, DraftOptions(), engines, quiet).draft.action_items
    assert {("e", "2026-05-08"), ("m", "2026-05-05"), ("m", "2026-05-13")} <= {
        (a.owner, a.due) for a in found
    }
    assert "2026-05-07" not in {a.due for a in found}


def test_nothing_of_a_voice_is_kept(engines, talk):
    draft = draft_minutes(talk, DraftOptions(), engines, quiet).draft
    for value in (talk, draft):
        assert not re.search(r"embedding|voiceprint|vector", json.dumps(dataclasses.asdict(value)).lower())


@pytest.mark.parametrize("kind", ["silence", "noise", "hum"])
def test_nothing_is_invented_where_nobody_speaks(engines, tmp_path, kind):
    noise = np.random.default_rng(3).standard_normal(60 * RATE).astype(np.float32) * 0.05
    sound = {"silence": np.zeros(60 * RATE, np.float32), "noise": noise, "hum": tone(60)}[kind]
    path = write(tmp_path / "a.flac", sound[None], RATE, "flac")
    transcript = transcribe_recording(
        Recording("a", (path,), "2026-05-05", participants=ENGLISH), engines, quiet
    )
    assert transcript.turns == ()
    draft = draft_minutes(transcript, DraftOptions(), engines, quiet).draft
    assert draft.action_items == ()
    assert "speech" in draft.summary


def test_step_by_step_through_json_is_the_same_as_in_one_go(engines, tmp_path):
    path = steps.beginning("checkin-en-01.ogg", 16.0, [None], tmp_path / "a.flac")
    fields = steps.recording(path, window_s=6.0)
    desk = Desk(tmp_path, lambda: engines)
    one_go = steps.ask(desk, "transcribe", recording=fields)["transcript"]
    assert len(one_go["turns"]) > 2
    assert steps.timeless(steps.in_steps(lambda step: desk, fields)) == steps.timeless(one_go)


def test_an_unknown_language_is_refused(engines):
    with pytest.raises(UnknownLanguage):
        transcribe_recording(english(language="fr"), engines, quiet)
