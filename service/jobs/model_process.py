"""Starts the model process (models/child.py), asks it for work and passes its events on.

It runs in a session of its own: Ctrl-C in the terminal reaches only this process, which then ends the other.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import models
from service.errors import ModelProcessDied, rebuild
from service.settings import LLM_API_KEY, Settings

ROOT = Path(models.__file__).resolve().parents[1]
DEFAULT_ENGINES = "models.registry:Engines"

Report = Callable[[str, float], None]
"""Told the name of a step and the share 0..1 of it that is done."""


@dataclass(frozen=True, slots=True)
class Event:
    """`progress` with step and share 0..1, or `partial` and `result` with documents."""

    kind: Literal["progress", "partial", "result"]
    content: dict[str, Any]


class ModelProcess:
    """One model process for many requests, used as a context manager; it starts with the first request.

    That request must come from a thread which outlives the work: Linux counts the end of the starting thread
    as the end of the parent.
    """

    def __init__(self, settings: Settings, engines: str = DEFAULT_ENGINES) -> None:
        self._settings = settings
        self._engines = engines
        self._process: subprocess.Popen[bytes] | None = None
        self._requests = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()

    @property
    def pid(self) -> int | None:
        """Number of the process while one runs."""
        return None if self._process is None else self._process.pid

    def request(self, op: str, **fields: object) -> Iterator[Event]:
        """Events up to and with the `result`; an iterator that is left early cancels the work.

        Raises the ModelsError that the process reports, or ModelProcessDied; the next request starts afresh.
        """
        process = self._process = self._process or self._start()
        self._requests += 1
        answered = False
        try:
            _ask(process, {"id": self._requests, "op": op, **fields})
            for told in _answers(process):
                answered = told["event"] in {"result", "error"}
                if told["event"] == "error":
                    raise rebuild(told["class"], told["key"], told["values"])
                yield Event(told["event"], told)
                if answered:
                    return
            raise ModelProcessDied("model_process_died", how=_how(process))
        finally:
            if not answered:
                self.cancel()

    def ask(
        self, report: Report, op: str, keep: Callable[[dict[str, Any]], None] | None = None, **fields: object
    ) -> dict[str, Any]:
        """The content of the result. `report` is told the progress; `keep` gets documents before it."""
        told: dict[str, Any] = {}
        for event in self.request(op, **fields):
            told = event.content
            if event.kind == "progress":
                report(told["step"], told["share"])
            elif event.kind == "partial" and keep is not None:
                keep(told)
        return told

    def cancel(self) -> None:
        """Ends the process and whatever it started, at once; its memory goes back."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _start(self) -> subprocess.Popen[bytes]:
        wanted = ["--models-dir", str(self._settings.models_dir), "--threads", str(self._settings.threads)]
        # -P and PYTHONPATH: a folder "models" where the user works must not be imported in our place.
        command = [sys.executable, "-P", "-m", "models.child", *wanted, "--engines", self._engines]
        inherited = {name: value for name, value in os.environ.items() if name != LLM_API_KEY}
        environment = inherited | {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "OMP_NUM_THREADS": str(self._settings.threads),
            "HF_HUB_OFFLINE": "1",  # inference never speaks to the network
        }
        try:
            return subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libraries' chatter; errors come as events
                start_new_session=True,
            )
        except OSError as error:
            raise ModelProcessDied("model_process_not_started", reason=error.strerror) from error


def _ask(process: subprocess.Popen[bytes], request: dict[str, object]) -> None:
    if process.stdin is None:
        return
    # A process that is gone is noticed when its answers end.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
        process.stdin.flush()


def _answers(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    for line in process.stdout or ():
        yield json.loads(line)


def _how(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    return f"signal {-code}" if code < 0 else f"exit code {code}"
