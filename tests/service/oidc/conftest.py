"""A real OpenID Connect provider, of the npm package oidc-provider, run by node."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from service.bootstrap import build
from service.hosting import CALLBACK, hosting
from service.web.app import create_app
from tests.service.office import open_office

FOLDER = Path(__file__).parent
BASE = "http://127.0.0.1:8000"


def installed():
    """The folder with the packages of the lock file, installed at the first use."""
    with FileLock(FOLDER / "node_modules.lock"):
        if not (FOLDER / "node_modules" / "oidc-provider").is_dir():
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=300)
    return FOLDER


@pytest.fixture(scope="session")
def issuer():
    """The address of a provider that runs as long as the tests do."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        if os.environ.get("CI"):
            pytest.fail("the tests of single sign-on need node and npm")
        pytest.skip("node and npm are not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", "provider.mjs", str(port), BASE + CALLBACK]
    with subprocess.Popen(
        command, cwd=installed(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert b"listening" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def rapport(tmp_path, clock, migrated_sqlite, queue, issuer):
    """The parts, with that provider."""
    data = tmp_path / "rapport"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "rapport.db")
    settings = {
        "RAPPORT_DATA": str(data),
        "RAPPORT_BASE_URL": BASE,
        "RAPPORT_OIDC_ISSUER": issuer,
        "RAPPORT_OIDC_CLIENT": "rapport",
        "RAPPORT_OIDC_SECRET": "a secret of the tests",
        "RAPPORT_OIDC_GROUPS": "people-team=hr,root=admin",
    }
    built = build(hosting(settings), clock=clock, queue=queue)
    yield built
    built.database.close()


@pytest.fixture
def people(rapport):
    return open_office(create_app(rapport), rapport)
