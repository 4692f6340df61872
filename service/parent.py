"""What a process of the service does when it is told to end, or when the one that started it is gone."""

from __future__ import annotations

import os
import signal
import sys
from threading import Thread
from types import FrameType


def leave_with_parent() -> None:
    """Ends this process, as SIGTERM does, once stdin ends: the parent holds its other side."""
    Thread(target=_wait, name="parent", daemon=True).start()


def leave_quietly_on_sigterm() -> None:
    """Turns SIGTERM into SystemExit, so that connections are given back; for the main thread."""
    signal.signal(signal.SIGTERM, _leave)


def _wait() -> None:
    # Not sys.stdin: a thread that holds its lock would stop the interpreter from shutting down.
    while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
