"""A worker in a process of its own that notes every point it comes past and can be killed at one of them."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from service.bootstrap import opened, tasks
from service.hosting import hosting
from service.jobs.queue import EngineQueue
from service.jobs.worker import Manner, run
from service.settings import from_environment
from tests.crash.gate import wait_at

FAKE = "models.engines.fake:Engines"
WINDOW_S = 4.0


class Killer:
    """Notes the points in a file and at some of them ends the process: when `first` passed by any process, or
    "always"; "hold": it only stays there, until somebody else kills it.
    """

    def __init__(self, log: Path, at: tuple[str, ...], when: str = "first"):
        self._log = log
        self._at = at
        self._when = when

    def __call__(self, point: str) -> None:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{time.time():.6f} {os.getpid()} {point}\n")
        wait_at(self._log.with_name(f"gate at {point}"))
        if point not in self._at:
            return
        if self._when == "hold":
            threading.Event().wait()
        if self._when == "always" or passed(self._log).count(point) == 1:
            os.kill(os.getpid(), signal.SIGKILL)


def passed(log: Path) -> list[str]:
    """The points in the order in which they were passed."""
    return [line.split(maxsplit=2)[2] for line in log.read_text("utf-8").splitlines()]


def work(
    environ: dict[str, str],
    engines: str,
    log: Path,
    kill_at: tuple[str, ...] = (),
    when: str = "first",
    window_s: float = WINDOW_S,
) -> None:
    """Runs until it is told to end."""
    os.setsid()
    warnings.simplefilter("ignore")
    manner = Manner(
        engines=engines,
        drain_s=0,
        window_s=window_s,
        ready=lambda node: log.with_name(f"ready {node}").touch(),
        passed=Killer(log, kill_at, when),
    )
    with opened(hosting(environ)) as rapport:
        run(rapport, from_environment(environ), manner=manner)


def keep_time(environ: dict[str, str], crons: Mapping[str, str], log: Path) -> None:
    """Runs the service's own tasks by other clocks, and notes each run, until it is told to end."""
    os.setsid()
    note = Killer(log, ())
    with opened(hosting(environ)) as rapport:
        given = tasks(rapport)

        def noted(name: str) -> Callable[[], object]:
            return lambda: (given[name](), note(f"{name} ran"))

        ready = log.with_name(f"ready {environ['RAPPORT_NODE']}")
        manner = Manner(engines=FAKE, crons=crons, drain_s=5, ready=lambda node: ready.touch())
        run(rapport, from_environment(environ), {name: noted(name) for name in given}, manner)


def enqueue(environ: dict[str, str], meeting_id: str, log: Path, kill_at: tuple[str, ...]) -> None:
    """Enqueues a meeting as an upload does."""
    queue = EngineQueue(environ["RAPPORT_DATABASE"], Killer(log, kill_at, "always"))
    with opened(hosting(environ)) as rapport, rapport.database.write() as work:
        queue.enqueue(work, meeting_id)
