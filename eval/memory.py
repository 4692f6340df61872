"""Memory of a long recording: the peak of the whole process tree, and whether it grows with the hours.

The pipeline runs in a process of its own, as it does for users, so that nothing an evaluation loaded counts.
Resident set sizes are summed over the tree, so pages shared between processes count more than once: the
figure errs on the high side.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from eval.figures import Outcome, single

SAMPLE_EVERY_S = 0.5
MB = 1e6
Event = tuple[str, float]
"""(step, share of it that is done)."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Samples of one run: seconds since its start, megabytes, and the step that was running."""

    peak_mb: float
    wall_s: float
    at_event: tuple[tuple[str, float, float], ...]
    """(step, share, MB) whenever the pipeline told its progress."""

    def after(self, step: str, share: float) -> float | None:
        """Megabytes when that share of the step was done; None when the step never came so far."""
        return next((mb for name, done, mb in self.at_event if name == step and done >= share - 1e-6), None)


def tree_rss_mb(pid: int) -> float:
    """Summed resident sets of a process and all its descendants, in MB (1e6 bytes); 0 when it is gone."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / MB


def watch(target: Callable[..., None], arguments: Sequence[object]) -> Trace:
    """Runs `target(*arguments, connection)` in a fresh process and samples its tree until it ends. The target
    sends (step, share) through the connection. Raises RuntimeError when the process fails.
    """
    context = multiprocessing.get_context("spawn")
    events, sender = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, sender))
    started = time.perf_counter()
    process.start()
    sender.close()
    peak, at_event = 0.0, []
    while process.is_alive():
        told = _told(events)
        now = tree_rss_mb(process.pid or 0)
        peak = max(peak, now)
        at_event += [(step, share, now) for step, share in told]
    process.join()
    if process.exitcode:
        message = f"the watched process ended with {process.exitcode}"
        raise RuntimeError(message)
    return Trace(peak, time.perf_counter() - started, tuple(at_event))


def record_to_draft(models_dir: Path, threads: int, path: Path, speakers: int, events: Connection) -> None:
    """The watched work: a recording to its draft, telling its progress."""
    from eval.shipped import Shipped, bare_recording  # noqa: PLC0415 - only in the watched process
    from models.registry import Engines  # noqa: PLC0415

    shipped = Shipped(Engines(models_dir, threads), lambda step, share: events.send((step, share)))
    shipped.recording_to_draft(bare_recording(path, speakers))


def figures(trace: Trace, hours: int) -> Outcome:
    """Peak, and the resident set after the first hour of speech and after the last."""
    found = single("peak_memory", f"all/{hours}h", trace.peak_mb)
    found += single("wall_seconds", f"all/{hours}h", trace.wall_s)
    first, last = trace.after("transcribe", 1 / hours), trace.after("transcribe", 1.0)
    if first is not None and last is not None:
        found += single("memory_after_first_hour", f"all/{hours}h", first)
        found += single("memory_growth", f"all/{hours}h", last - first)
    return Outcome(
        tuple(found), [{"id": f"{hours}h", "peak_mb": trace.peak_mb, "events": len(trace.at_event)}]
    )


def _told(events: Connection) -> list[Event]:
    """What the process said since the last look, after waiting at most half a second."""
    told: list[Event] = []
    try:
        while events.poll(0 if told else SAMPLE_EVERY_S):
            told.append(events.recv())
    except EOFError:
        time.sleep(SAMPLE_EVERY_S / 10)
    return told
