"""Tables of figures as Markdown, under a line with date and hardware."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil


def heading(title: str) -> str:
    """The title, the day and the machine."""
    return f"\n## {title}\n{datetime.now(UTC):%Y-%m-%d}, {hardware()}\n"


def hardware() -> str:
    """Processor, cores, memory, Python."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A pipe table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _processor() -> str:
    found = Path("/proc/cpuinfo")
    text = found.read_text("utf-8") if found.exists() else ""
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()
