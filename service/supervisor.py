"""`rapport serve`: web and worker as child processes on one machine, started again when they die.

Children read their stdin and leave when it ends, so that none survives this process, however it ends.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from service.errors import DONE, USAGE

DRAIN_S = 30.0
FIRST_PAUSE_S, MAX_PAUSE_S = 0.5, 30.0
STEADY_S = 60.0
"""A child that lived so long is started again without a longer pause."""

Report = Callable[[str, int, float], None]
"""Told name and exit code of a child that ended, and the seconds until it is started again."""


@dataclass(slots=True)
class _Child:
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_s: float = 0.0
    due: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """`commands`: what each child runs, by name."""

    commands: Mapping[str, Sequence[str]]
    report: Report
    drain_s: float = DRAIN_S
    first_pause_s: float = FIRST_PAUSE_S
    # SimpleQueue may be filled by a signal handler.
    _events: SimpleQueue[tuple[str, int] | None] = field(default_factory=SimpleQueue)

    def run(self) -> int:
        """Keeps the children alive until `stop`; the exit code.

        A child that ends with USAGE would do so again: everything stops with that code.
        """
        children = {name: _Child(command) for name, command in self.commands.items()}
        code = DONE
        try:
            for name, child in children.items():
                self._start(name, child)
            while (ended := self._next(children)) is not None:
                name, status = ended
                if status == USAGE:
                    code = USAGE
                    break
                self._plan(name, children[name], status)
        finally:
            self._drain(children)
        return code

    def stop(self, *_: object) -> None:
        """Ends `run`; also a handler of signals."""
        self._events.put(None)

    def _start(self, name: str, child: _Child) -> None:
        process = subprocess.Popen(child.command, stdin=subprocess.PIPE)
        child.process, child.started, child.due = process, time.monotonic(), 0.0
        watch = Thread(target=lambda: self._events.put((name, process.wait())), daemon=True)
        watch.start()

    def _next(self, children: Mapping[str, _Child]) -> tuple[str, int] | None:
        """The next end of a child, after starting those that are due; None: stop."""
        while True:
            due = [child.due for child in children.values() if child.due]
            wait_s = max(0.0, min(due) - time.monotonic()) if due else None
            try:
                return self._events.get(timeout=wait_s)
            except Empty:
                for name, child in children.items():
                    if child.due and child.due <= time.monotonic():
                        self._start(name, child)

    def _plan(self, name: str, child: _Child, status: int) -> None:
        lived = time.monotonic() - child.started
        longer = self.first_pause_s if lived > STEADY_S else max(self.first_pause_s, 2 * child.pause_s)
        child.pause_s = min(MAX_PAUSE_S, longer)
        if child.process is not None:
            _close(child.process.stdin)
        child.process, child.due = None, time.monotonic() + child.pause_s
        self.report(name, status, child.pause_s)

    def _drain(self, children: Mapping[str, _Child]) -> None:
        alive = [child.process for child in children.values() if child.process is not None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + self.drain_s
        for process in alive:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _close(process.stdin)


def _close(pipe: Any) -> None:  # noqa: ANN401 - IO[bytes] or None
    if pipe is not None:
        pipe.close()
