"""What became of recommendations: an append-only log as JSON Lines, one decision a line.

    {"at": "2026-05-08T09:30:00Z", "resource": "sql-101", "gap_skill": "SQL", "decision": "accept",
     "rank": 1, "score": 0.83, "catalogue_sha256": "..."}

It holds no names and no quotes. Ranking does not learn from it: a log of one manager's choices is too small
to learn from without copying their habits. It is kept so that such learning can be judged first.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from service.errors import CannotWrite, WrongUsage

Verdict = Literal["accept", "reject", "complete"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `at`: UTC, RFC 3339. `rank`: place among the recommendations of its gap, from 1."""

    at: str
    resource: str
    gap_skill: str
    decision: Verdict
    rank: int
    score: float
    catalogue_sha256: str


def check_log(path: Path) -> None:
    """Refuses a file that is something else, before anything is written. Raises WrongUsage, CannotWrite."""
    try:
        with path.open("rb") as file:
            first = file.readline(100_000)
    except FileNotFoundError:
        return
    except OSError as error:
        raise CannotWrite.of(path, error) from error
    if first and not _is_decision(first):
        raise WrongUsage("not_decisions", path=path)


def _is_decision(line: bytes) -> bool:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"at", "resource", "decision"} <= found.keys()


def append(path: Path, decisions: Sequence[Decision]) -> None:
    """Adds the decisions at the end and forces them to disk: on return they stay. Raises CannotWrite.

    All lines go out in one write. What stood there before is never changed, and a failed write is taken back.
    One writer at a time: a line that is half written must not be taken for one that was cut off.
    """
    lines = "".join(json.dumps(asdict(one), ensure_ascii=False, allow_nan=False) + "\n" for one in decisions)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, flags, 0o600), "rb+", buffering=0) as file:
            _wait_for_others(file.fileno())
            before = file.seek(0, os.SEEK_END)
            # A machine that lost power may have left half a line: it must not swallow the next decision.
            content = b"\n" * _is_open_line(file.fileno(), before) + lines.encode("utf-8")
            try:
                _write_all(file.fileno(), content)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(file.fileno(), before)
                raise
    except OSError as error:
        raise CannotWrite.of(path, error) from error


def _wait_for_others(descriptor: int) -> None:
    """Holds the file until it is closed."""
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_open_line(descriptor: int, size: int) -> bool:
    if not size:
        return False
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"


def _write_all(descriptor: int, content: bytes) -> None:
    """One write is enough unless the disk is nearly full; the second one then says why."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
    os.fsync(descriptor)
