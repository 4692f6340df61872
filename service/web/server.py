"""Serves the application with uvicorn on one address until SIGTERM or Ctrl-C, then lets requests end."""

from __future__ import annotations

import gc
import socket

import uvicorn

from service.errors import WrongUsage
from service.usecases.rapport import Rapport
from service.web.app import create_app

DRAIN_S = 10
BACKLOG = 1024


def run(rapport: Rapport, host: str, port: int) -> None:
    """Blocks. Raises WrongUsage for an address that is taken or not ours."""
    listening = _listen(host, port)
    config = uvicorn.Config(
        create_app(rapport),
        log_config=None,
        access_log=False,  # it would write query strings; web/watch writes a line of its own
        server_header=False,
        timeout_graceful_shutdown=DRAIN_S,
        h11_max_incomplete_event_size=64 * 1024,
    )
    gc.freeze()  # what a start made stays: a look through it stops every request for a tenth of a second
    gc.enable()
    with listening:
        uvicorn.Server(config).run([listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
        # asyncio does so for its own sockets: else the body of an answer waits 40 ms behind its head.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise WrongUsage("cannot_listen", host=host, port=port, reason=reason) from error
    return listening
