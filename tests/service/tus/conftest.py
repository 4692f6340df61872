"""A web process of its own, with people in its database and a meeting to upload to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from service.bootstrap import build
from service.db.database import utc_now
from service.hosting import hosting
from service.usecases.tokens import make_token
from service.web.app import create_app
from tests.service.office import open_office
from tests.service.recording_queue import RecordingQueue
from tests.service.tus.talk import long_recording
from tests.service.web.meeting_plans import plan_agreed

ROOT = Path(__file__).parents[3]


@dataclass
class Server:
    """A running web process. `environ`: its settings; `token`: of a manager; `employee`: whom they manage;
    `meeting`: to upload to.
    """

    environ: dict[str, str]
    token: str
    employee: str
    meeting: str = ""
    process: subprocess.Popen | None = None
    port: int = 0

    def start(self):
        command = [sys.executable, "-m", "tests.service.tus.server", str(self.port)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORT_")}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=kept | self.environ, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())
        return self

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    @property
    def data(self):
        return Path(self.environ["RAPPORT_DATA"])

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def client(self):
        return httpx.Client(base_url=self.base, headers=self.headers, timeout=30)

    def sound(self):
        """The bytes as they come back."""
        with self.client() as client:
            answer = client.get(f"/api/v1/meetings/{self.meeting}/audio")
            assert answer.status_code == 200, answer.text
            return answer.content


@pytest.fixture(scope="module")
def web_process(tmp_path_factory, migrated_sqlite):
    yield from serve(on_sqlite(tmp_path_factory.mktemp("web"), migrated_sqlite))


def on_sqlite(folder, migrated):
    """Settings of a service whose every byte is in the folder."""
    shutil.copy(migrated, folder / "rapport.db")
    return {"RAPPORT_DATA": str(folder)}


def serve(environ):
    """A web process with these settings, while somebody wants it."""
    rapport = build(hosting(environ), clock=utc_now, queue=RecordingQueue())
    people = open_office(create_app(rapport), rapport)
    _, token = make_token(rapport, people.actor("lead"), "upload", ("read", "upload", "write"), 30)
    rapport.database.close()
    running = Server(environ, token, people.ids["ana"]).start()
    yield running
    running.kill()


@pytest.fixture
def server(web_process):
    """The web process, with a new meeting."""
    with web_process.client() as client:
        web_process.meeting = plan_agreed(client, web_process.employee)
    return web_process


@pytest.fixture(scope="session")
def recording():
    return long_recording()


@pytest.fixture(scope="session")
def tus_js():
    """A folder with the JavaScript client, installed from its lock file."""
    folder = Path(__file__).parent
    if shutil.which("npm") is None:
        pytest.skip("no Node.js")
    if not (folder / "node_modules" / "tus-js-client").exists():
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder,
            check=True,
            capture_output=True,
            env={**os.environ, "npm_config_loglevel": "error"},
        )
    return folder
