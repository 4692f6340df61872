"""The service's commands as an operator runs them: processes of their own on an empty folder."""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.cli import main
from service.db.migrate import upgrade
from tests.service.commands.run_cli import ROOT, command, environment, rapport

PASSWORD = "correct horse battery staple"  # noqa: S105


@pytest.fixture
def data(tmp_path):
    return {"RAPPORT_DATA": str(tmp_path / "data")}


@dataclass
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs a command in this process, which saves the time of its imports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAPPORT_LANG", "en")

    def run(*arguments, given="", folder="data"):
        monkeypatch.setenv("RAPPORT_DATA", str(tmp_path / folder))
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ran(code, said.out, said.err)

    return run


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def test_from_nothing_to_a_restored_backup(run, tmp_path):
    before = run("audit", "verify")
    assert (before.code, "rapport migrate" in before.err) == (1, True)
    assert run("migrate").code == run("migrate").code == 0
    lonely = run("user", "add", "ada@acme.example", "--name", "Ada", given=PASSWORD)
    assert (lonely.code, "--organisation" in lonely.err) == (2, True)
    named = ("--name", "Ada", "--role", "admin", "--organisation", "Acme")
    assert run("user", "add", "ada@acme.example", *named, given="short\n").code == 2
    silent = run("user", "add", "ada@acme.example", *named)
    assert (silent.code, "stdin" in silent.err) == (2, True)
    added = run("user", "add", "ada@acme.example", *named, given=PASSWORD + "\n")
    assert (added.code, added.err) == (0, "")
    assert PASSWORD not in added.out
    assert run("user", "add", "ada@acme.example", *named, given=PASSWORD).code == 2
    assert run("audit", "export-head").code == run("audit", "verify").code == 0
    assert run("keys", "rotate").code == run("audit", "verify").code == 0
    saved = run("backup", "saved")
    assert (saved.code, "keys" in saved.err) == (0, True)
    without_keys = run("restore", "saved", folder="other")
    assert (without_keys.code, "no keys" in without_keys.err) == (0, True)
    for part in ("keys", "secrets"):
        shutil.copytree(tmp_path / "data" / part, tmp_path / "third" / part)
    assert run("restore", "saved", folder="third").code == run("audit", "verify", folder="third").code == 0
    assert run("restore", "saved").code == 1
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_damaged_audit_log_gives_2_and_names_the_place(run, tmp_path):
    run("migrate")
    user = ("user", "add", "ada@acme.example", "--name", "Ada", "--organisation", "Acme")
    assert run(*user, given=PASSWORD).code == 0
    with closing(sqlite3.connect(tmp_path / "data" / "rapport.db")) as database:
        database.execute("UPDATE audit_entry SET actor = 'nobody'")
        database.commit()
    found = run("audit", "verify")
    assert found.code == 2
    assert "entry 1" in found.err.splitlines()[1]


def test_web_needs_the_tables_and_a_free_port(tmp_path, data):
    assert rapport("web", cwd=tmp_path, env=data).code == 1
    upgrade(f"sqlite:///{tmp_path / 'data' / 'rapport.db'}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = rapport("web", "--port", taken.getsockname()[1], cwd=tmp_path, env=data)
    assert (ran.code, "--port" in ran.err) == (2, True)


def test_serve_on_an_empty_folder_serves_survives_a_crash_and_leaves_nothing_behind(tmp_path, data):
    port = free_port()
    serving = subprocess.Popen(
        command("serve", "--port", port),
        cwd=ROOT,
        env=environment(RAPPORT_MODELS_DIR=str(tmp_path / "store"), **data),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert ask(port, "/readyz") == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as metrics:
            assert b'rapport_nodes{kind="web"} 1.0' in metrics.read()
        first = children(serving.pid)
        assert len(first) == 2
        web = next(pid for pid, arguments in first.items() if "web" in arguments)
        os.kill(web, signal.SIGKILL)
        until(lambda: len(children(serving.pid)) == 2 and web not in children(serving.pid))
        assert ask(port, "/healthz") == 200
        last = children(serving.pid)
    finally:
        serving.send_signal(signal.SIGTERM)
        _, said = serving.communicate(timeout=60)
    assert serving.returncode == 0, said
    assert "exit code -9" in said
    assert "Traceback" not in said
    assert f"http://127.0.0.1:{port}" in said
    assert not any(Path(f"/proc/{pid}").exists() for pid in last)


def children(pid):
    asked = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)
    rows = [line.split() for line in found.stdout.splitlines()]
    return {int(row[0]): row[1:] for row in rows if "<defunct>" not in row}


def until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask(port, path):
    """The status of an answer, once somebody answers."""

    def answered():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                found.append(answer.status)
        except urllib.error.HTTPError as error:
            found.append(error.code)
        except OSError:
            return False
        return True

    found = []
    until(answered)
    return found[0]
