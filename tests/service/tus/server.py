"""The web process alone, for tests that kill it: python -m tests.service.tus.server PORT."""

from __future__ import annotations

import os
import socket
import sys

import uvicorn

from service.bootstrap import build
from service.hosting import hosting
from service.web.app import create_app
from tests.service.recording_queue import RecordingQueue


def main(port):
    """Serves on the port (0: any) and says which one, once connections are taken."""
    app = create_app(build(hosting(os.environ), queue=RecordingQueue()))
    listening = socket.create_server(("127.0.0.1", port))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    main(int(sys.argv[1]))
