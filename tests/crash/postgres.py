"""A PostgreSQL server of the tests' own, to be stopped as by a power cut and started again."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
AS_ROOT = os.geteuid() == 0


class Postgres:
    """A server on a free port of this machine, with its files and its socket in a folder."""

    def __init__(self, folder, programs):
        self._folder, self._programs = folder, programs
        self._data = folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--pgdata", self._data)

    @property
    def url(self):
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/postgres"

    def start(self):
        """Answers again on return."""
        # No power is cut here: what the system was given is there after the server's end.
        settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}", "fsync=off"]
        options = " ".join([f"-p {self._port}", *(f"-c {setting}" for setting in settings)])
        self._control("--log", self._folder / "log", "--options", options, "start")

    def stop(self):
        """Every process of the server ends at once, with all connections, and nothing is written first."""
        self._control("--mode", "immediate", "stop")

    @contextmanager
    def away(self):
        """The server is gone while the block runs, and answers again after it."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def _control(self, *arguments):
        self._run("pg_ctl", "--pgdata", self._data, "--silent", "--wait", *arguments)

    def _run(self, program, *arguments):
        command = [str(self._programs / program), *map(str, arguments)]
        if AS_ROOT:
            command = ["runuser", "-u", "postgres", "--", *command]
        # The server would hold a pipe open.
        done = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        assert done.returncode == 0, (command, (self._folder / "log").read_text("utf-8")[-2000:])


def programs():
    """The folder of the newest server programs; None where there are none."""
    found = [path.parent for path in PROGRAMS.glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return max(
        found, key=lambda path: [int(digits) for digits in re.findall(r"\d+", str(path))], default=None
    )


@contextmanager
def running():
    """A started server in a folder that goes with it."""
    # Not below pytest's folder, into which PostgreSQL's own user may not look.
    folder = Path(tempfile.mkdtemp(prefix="rapport-postgres-"))
    try:
        if AS_ROOT:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        server = Postgres(folder, programs())
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
