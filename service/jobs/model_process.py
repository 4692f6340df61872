"""Starts the model process (models/child.py), asks it for work and passes its events on.

It runs in a session of its own: Ctrl-C in the terminal reaches only this process, which then ends the other.
A recording need not be on disk: the process inherits `pass_fds`, and reads an open file as `/proc/self/fd/N`.

Linux counts the end of the starting thread as the end of the parent, so the first request must come from a
thread that outlives the work. With AsyncModelProcess that is the thread of the event loop, which does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Literal, Protocol, Self, TypeVar, cast

import models
from service.errors import ModelProcessDied, rebuild
from service.settings import Settings

ROOT = Path(models.__file__).resolve().parents[1]
DEFAULT_ENGINES = "models.registry:Engines"
OUR_VARIABLES = "RAPPORT_"
ENDINGS = frozenset({"result", "error"})
LONGEST_LINE = 1 << 30
"""Bytes of one event: a transcript is a single line."""

Report = Callable[[str, float], None]
"""Told the name of a step and the share 0..1 of it that is done."""

Keep = Callable[[dict[str, Any]], None]
"""Given the documents that come before the result."""


@dataclass(frozen=True, slots=True)
class Event:
    """`progress` with step and share 0..1, or `partial` and `result` with documents."""

    kind: Literal["progress", "partial", "result"]
    content: dict[str, Any]


class _Numbered(Protocol):
    @property
    def pid(self) -> int: ...


Started = TypeVar("Started", bound=_Numbered)


class _Startable(Generic[Started]):
    """How the process is started and spoken to, whoever waits for it."""

    def __init__(
        self, settings: Settings, engines: str = DEFAULT_ENGINES, pass_fds: tuple[int, ...] = ()
    ) -> None:
        self._settings = settings
        self._engines = engines
        self._pass_fds = pass_fds
        self._requests = 0
        self._process: Started | None = None

    @property
    def pid(self) -> int | None:
        """Number of the process while one runs."""
        return None if self._process is None else self._process.pid

    def _line(self, op: str, fields: dict[str, object]) -> bytes:
        self._requests += 1
        return json.dumps({"id": self._requests, "op": op, **fields}).encode("ascii") + b"\n"

    def _command(self) -> list[str]:
        store, threads = str(self._settings.models_dir), str(self._settings.threads)
        # -P and PYTHONPATH: a folder "models" where the user works must not be imported in our place.
        child = [sys.executable, "-P", "-m", "models.child", "--engines", self._engines]
        return [*child, "--models-dir", store, "--threads", threads]

    def _options(self) -> dict[str, Any]:
        # Keys and addresses of the service are nothing to a process that reads files of strangers.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OUR_VARIABLES)}
        return {
            "env": inherited
            | {
                "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
                "OMP_NUM_THREADS": str(self._settings.threads),
                "HF_HUB_OFFLINE": "1",  # inference never speaks to the network
            },
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.DEVNULL,  # libraries' chatter; errors come as events
            "start_new_session": True,
            "pass_fds": self._pass_fds,
        }


class ModelProcess(_Startable[subprocess.Popen[bytes]]):
    """One model process for many requests, used as a context manager; it starts with the first request."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()

    def request(self, op: str, **fields: object) -> Iterator[Event]:
        """Events up to and with the `result`; an iterator that is left early cancels the work.

        Raises the ModelsError that the process reports, or ModelProcessDied; the next request starts afresh.
        """
        process = self._process = self._process or self._start()
        answered = False
        try:
            _ask(process, self._line(op, fields))
            for line in process.stdout or ():
                told = json.loads(line)
                answered = told["event"] in ENDINGS
                yield _event(told)
                if answered:
                    return
            raise ModelProcessDied("model_process_died", how=_how(process.wait()))
        finally:
            if not answered:
                self.cancel()

    def ask(self, report: Report, op: str, keep: Keep | None = None, **fields: object) -> dict[str, Any]:
        """The content of the result. `report` is told the progress; `keep` gets documents before it."""
        told: dict[str, Any] = {}
        for event in self.request(op, **fields):
            told = _passed_on(event, report, keep)
        return told

    def cancel(self) -> None:
        """Ends the process and whatever it started, at once; its memory goes back."""
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process.pid)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(self._command(), **self._options())
        except OSError as error:
            raise ModelProcessDied("model_process_not_started", reason=error.strerror) from error


class AsyncModelProcess(_Startable[asyncio.subprocess.Process]):
    """The same for an event loop, one request at a time, used with `async with`. A task that is cancelled
    while it waits for an answer ends the process at once, in the middle of whatever it computes.
    """

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.cancel()

    async def request(self, op: str, **fields: object) -> AsyncGenerator[Event, None]:
        """Events up to and with the `result`. Close the iterator (contextlib.aclosing) when leaving it early.

        Raises the ModelsError that the process reports, or ModelProcessDied; the next request starts afresh.
        """
        process = self._process = self._process or await self._start()
        answered = False
        try:
            await _ask_async(process, self._line(op, fields))
            answers = cast("asyncio.StreamReader", process.stdout)
            while line := await answers.readline():
                told = json.loads(line)
                answered = told["event"] in ENDINGS
                yield _event(told)
                if answered:
                    return
            raise ModelProcessDied("model_process_died", how=_how(await process.wait()))
        finally:
            if not answered:
                await self.cancel()

    async def ask(
        self, report: Report, op: str, keep: Keep | None = None, **fields: object
    ) -> dict[str, Any]:
        """The content of the result. `report` is told the progress; `keep` gets documents before it."""
        told: dict[str, Any] = {}
        async with contextlib.aclosing(self.request(op, **fields)) as events:
            async for event in events:
                told = _passed_on(event, report, keep)
        return told

    async def cancel(self) -> None:
        """Ends the process and whatever it started, at once; its memory goes back."""
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process.pid)
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command(), **self._options(), limit=LONGEST_LINE
            )
        except OSError as error:
            raise ModelProcessDied("model_process_not_started", reason=error.strerror) from error


def _event(told: dict[str, Any]) -> Event:
    if told["event"] == "error":
        raise rebuild(told["class"], told["key"], told["values"])
    return Event(told["event"], told)


def _passed_on(event: Event, report: Report, keep: Keep | None) -> dict[str, Any]:
    if event.kind == "progress":
        report(event.content["step"], event.content["share"])
    elif event.kind == "partial" and keep is not None:
        keep(event.content)
    return event.content


# A process that is gone is noticed when its answers end, so a broken pipe is no error.


def _ask(process: subprocess.Popen[bytes], line: bytes) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(line)
            process.stdin.flush()


async def _ask_async(process: asyncio.subprocess.Process, line: bytes) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(line)
            await process.stdin.drain()


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)  # there it ends the process at once
        else:
            os.killpg(pid, signal.SIGKILL)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
