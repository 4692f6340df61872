"""Logs as JSON lines that hold no text of anybody: ids, routes, numbers, kinds and places of errors.

Messages of other people's packages can quote what they worked on, and so can the words of an exception. Of
those only the place in the source is kept.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

import structlog
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import (
    BoundLogger,
    ExtraAdder,
    LoggerFactory,
    ProcessorFormatter,
    add_log_level,
    add_logger_name,
    filter_by_level,
)
from structlog.typing import EventDict, WrappedLogger

OURS = "service"
FIELDS = frozenset(
    "request method route status ms job step node code count kind schedule".split()  # noqa: SIM905
)
"""What a line may hold besides its event; ids, codes and numbers."""

KEPT = FIELDS | {"event", "level", "logger", "timestamp", "_record", "_from_structlog"}


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
    structlog.configure(
        processors=[filter_by_level, *_ABOUT, ProcessorFormatter.wrap_for_formatter],
        logger_factory=LoggerFactory(),
        wrapper_class=BoundLogger,
        cache_logger_on_first_use=True,
    )
    for name in ("dbos", "alembic", "botocore", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)


def json_lines() -> logging.Formatter:
    """One JSON object a line."""
    return ProcessorFormatter(
        foreign_pre_chain=[*_ABOUT, ExtraAdder(allow=FIELDS)],
        processors=[_without_text, ProcessorFormatter.remove_processors_meta, JSONRenderer()],
    )


_ABOUT = (add_log_level, add_logger_name, TimeStamper(fmt="iso", utc=True))


def _without_text(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    failure = event.pop("exc_info", None)
    for name in event.keys() - KEPT:
        del event[name]
    if record.name.partition(".")[0] != OURS:
        event["event"] = "log"
        event["where"] = f"{record.filename}:{record.lineno}"
    if failure and failure[0]:
        event["error"] = failure[0].__name__
        event["where"] = _place(failure[2])
    return event


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
