"""Logs as JSON lines that hold no text of anybody: ids, routes, numbers, kinds and places of errors.

Messages of other people's packages can quote what they worked on, and so can the words of an exception. Of
those only the place in the source is kept.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

OURS = "service"
FIELDS = tuple(
    "request method route status ms job step node code count kind schedule".split()  # noqa: SIM905
)
"""What a line may hold besides its event, given as `extra`; ids, codes and numbers."""


def write_json_lines(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Sends every log of this process, warnings included, to stderr or `stream`. For entry points only."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(json_lines())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in ("dbos", "alembic", "botocore", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)


def json_lines() -> logging.Formatter:
    """One JSON object a line."""
    return _JsonLines()


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        line.update((name, vars(record)[name]) for name in FIELDS if name in vars(record))
        if record.name.partition(".")[0] != OURS:
            line["event"] = "log"
            line["where"] = f"{record.filename}:{record.lineno}"
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _place(record.exc_info[2])
        return json.dumps(line, default=str)


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
