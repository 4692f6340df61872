from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.parsing import document, parse_draft
from models.schema import Participant, Transcript, Turn
from tests.service.fake_engines import CONFIDENTIAL

ROOT = Path(__file__).parents[2]
TALK = Transcript(
    id="talk",
    language="en",
    date="2026-05-05",
    participants=(Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis")),
    turns=(
        Turn(0, "m", "Could you send me the supplier report by Friday?"),
        Turn(1, "e", "Yes, I'll send you the supplier report by Friday."),
    ),
)
DRAFT = {"id": 7, "op": "draft", "transcript": document(TALK), "options": {"minutes_language": None}}


@contextmanager
def child(engines: str, models_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "models.child", "--models-dir", str(models_dir), "--threads", "1"]
    with subprocess.Popen(
        [*command, "--engines", f"tests.service.fake_engines:{engines}"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield process
        process.kill()


def ask(process: subprocess.Popen[bytes], request: object) -> list[dict]:
    process.stdin.write(json.dumps(request).encode() + b"\n")
    process.stdin.flush()
    events = []
    while not events or events[-1]["event"] not in {"result", "error"}:
        events.append(json.loads(process.stdout.readline()))
    return events


def test_draft_comes_back_with_progress_under_the_id_of_its_request(tmp_path):
    with child("Fakes", tmp_path) as process:
        events = ask(process, DRAFT)
    assert {event["id"] for event in events} == {7}
    assert all(0 <= event["share"] <= 1 for event in events if event["event"] == "progress")
    draft = parse_draft(json.dumps(events[-1]["draft"]))
    assert draft.id == "talk"
    assert set(events[-1]["trails"]) <= {item.id for item in (*draft.action_items, *draft.agreements)}


def test_engines_are_made_once_for_many_requests(tmp_path):
    with child("counted", tmp_path) as process:
        ask(process, DRAFT)
        ask(process, DRAFT)
    assert (tmp_path / "made").read_text("utf-8") == "once\n"


def test_prints_of_libraries_stay_out_of_the_protocol(tmp_path):
    with child("chatty", tmp_path) as process:
        assert ask(process, DRAFT)[-1]["event"] == "result"


def test_our_error_keeps_its_class_key_and_values(tmp_path):
    with child("without_weights", tmp_path) as process:
        error = ask(process, DRAFT)[-1]
    assert error == {
        "id": 7,
        "event": "error",
        "class": "WeightsMissing",
        "key": "weights_missing",
        "values": {"name": "whisper-base"},
    }


def test_foreign_exception_tells_its_place_and_no_words(tmp_path):
    with child("broken", tmp_path) as process:
        error = ask(process, DRAFT)[-1]
        assert ask(process, {"op": "no such thing"})[-1]["class"] == "EngineFailed"  # it lives on
        process.stdin.close()
        noise = process.stderr.read().decode()
    assert error["class"] == "EngineFailed"
    assert error["values"]["what"] == "ValueError"
    assert CONFIDENTIAL not in json.dumps(error)
    assert "Traceback" not in noise


def test_ends_with_its_stdin_although_it_is_busy(tmp_path):
    os.mkfifo(tmp_path / "begun")
    with child("stuck", tmp_path) as process:
        process.stdin.write(json.dumps(DRAFT).encode() + b"\n")
        process.stdin.flush()
        assert (tmp_path / "begun").read_text("utf-8") == str(process.pid)  # waits until it is busy
        process.stdin.close()
        assert process.wait(timeout=20) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_dies_with_a_killed_parent(tmp_path):
    os.mkfifo(tmp_path / "begun")
    parent = (
        "import subprocess, sys, json\n"
        f"p = subprocess.Popen({[sys.executable, '-m', 'models.child', '--models-dir', str(tmp_path)]!r}"
        " + ['--threads', '1', '--engines', 'tests.service.fake_engines:stuck'], stdin=subprocess.PIPE)\n"
        f"p.stdin.write({json.dumps(DRAFT).encode()!r} + b'\\n'); p.stdin.flush(); p.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE) as process:
        (tmp_path / "begun").read_text("utf-8")
        os.kill(process.pid, signal.SIGKILL)
        # The child holds the other end of this pipe too: reading ends when it has gone.
        assert process.stdout.read() == b""
