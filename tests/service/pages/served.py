"""The service on a port of this machine, with a town in it and workers that come and go."""

from __future__ import annotations

import shutil
import socket
import threading
from contextlib import contextmanager

import uvicorn

from service.web.app import create_app
from tests.crash.house import House
from tests.service.pages.talks import plain
from tests.service.pages.town import Town


class Served(House):
    """`base`: its address. Workers are House's, with the fake engine."""

    def __init__(self, folder, migrated):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(migrated, folder / "rapport.db")
        super().__init__(folder / "house", f"sqlite:///{folder / 'rapport.db'}")
        self.app = create_app(self.rapport)
        listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(self.app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self._server.run, args=([listening],))
        self._thread.start()

    def town(self, language="en", mark=plain):
        """An organisation of its own."""
        return Town(self.rapport, self.app.state.cookies, self.folder, language, mark)

    def script(self, *sentences):
        """What is said in every recording from now on."""
        (self.folder / "models" / "script.txt").write_text("\n".join(sentences) + "\n", "utf-8")

    def close(self):
        self._server.should_exit = True
        self._thread.join()
        super().close()


@contextmanager
def served(folder, migrated):
    """The service while the block runs."""
    service = Served(folder, migrated)
    try:
        yield service
    finally:
        service.close()
