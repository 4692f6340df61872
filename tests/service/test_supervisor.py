"""Real child processes: started again, stopped together, never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from service.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
LIVES = "import sys; print('up', flush=True); sys.stdin.read()"


def program(text):
    return [sys.executable, "-c", text]


class Ends:
    """What the supervisor reported, and a way to wait for it."""

    def __init__(self):
        self.seen = []
        self.enough = threading.Event()
        self.wanted = 1

    def __call__(self, name, code, pause_s):
        self.seen.append((name, code, pause_s))
        if len(self.seen) >= self.wanted:
            self.enough.set()


def running(supervisor):
    codes = []
    thread = threading.Thread(target=lambda: codes.append(supervisor.run()))
    thread.start()
    return thread, codes


def test_a_child_that_dies_is_started_again_with_growing_pauses():
    ends = Ends()
    ends.wanted = 4
    supervisor = Supervisor({"dies": program("raise SystemExit(1)")}, ends, first_pause_s=0.01)
    thread, codes = running(supervisor)
    assert ends.enough.wait(30)
    supervisor.stop()
    thread.join(30)
    assert codes == [0]
    assert [pause for _, _, pause in ends.seen[:4]] == [0.01, 0.02, 0.04, 0.08]
    assert {(name, code) for name, code, _ in ends.seen} == {("dies", 1)}


def test_a_child_that_cannot_be_used_stops_all(tmp_path):
    commands = {"lives": program(LIVES), "wrong": program("raise SystemExit(2)")}
    ends = Ends()
    supervisor = Supervisor(commands, ends)
    thread, codes = running(supervisor)
    thread.join(30)
    assert (codes, ends.seen) == ([2], [])


def test_stop_lets_children_drain_and_kills_those_that_do_not(tmp_path):
    drained = tmp_path / "drained"
    ready = tmp_path / "ready"
    drains = f"""
import pathlib, signal, sys
def leave(*_):
    pathlib.Path({str(drained)!r}).touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
pathlib.Path({str(ready)!r}).touch()
signal.pause()
"""
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause(); signal.pause()"
    commands = {"drains": program(drains), "stubborn": program(stubborn)}
    supervisor = Supervisor(commands, Ends(), drain_s=0.5)
    thread, _ = running(supervisor)
    wait_for(ready)
    supervisor.stop()
    thread.join(30)
    assert not thread.is_alive()
    assert drained.exists()


def wait_for(path):
    for _ in range(3000):
        if path.exists():
            return
        threading.Event().wait(0.01)
    raise AssertionError(path)


def test_children_leave_when_the_supervisor_is_killed(tmp_path):
    child = (
        "import os, pathlib, sys; from service.parent import leave_with_parent; leave_with_parent();"
        f"pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch(); import signal; signal.pause()"
    )
    parent = (
        "import sys; from service.supervisor import Supervisor;"
        f"Supervisor({{'one': [sys.executable, '-c', {child!r}], 'two': [sys.executable, '-c', {child!r}]}},"
        " lambda *_: None).run()"
    )
    supervisor = subprocess.Popen(program(parent), cwd=ROOT)
    for _ in range(3000):
        if len(list(tmp_path.iterdir())) == 2:
            break
        threading.Event().wait(0.01)
    children = [int(path.name) for path in tmp_path.iterdir()]
    assert len(children) == 2
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    for _ in range(1000):
        if not any(is_alive(child) for child in children):
            return
        threading.Event().wait(0.01)
    pytest.fail("a child outlives its supervisor")


def is_alive(pid):
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
