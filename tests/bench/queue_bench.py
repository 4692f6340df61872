"""What the queue costs: one, two and three workers on PostgreSQL with engines that need no time.

`RAPPORT_TEST_POSTGRES=... python -m tests.bench.queue_bench` prints a table. The overhead of a step is the
time from an answer of the model process to the next question: encrypting and storing the document, the rows
of job and document, the checkpoint, counting the try. A job's first step, in which the sound is decrypted and
the process starts, has no answer before it.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from service.db.migrate import upgrade
from tests.crash.house import House
from tests.models.sounds import tone
from tests.service.conftest import postgresql_database

WORKERS = (1, 2, 3)
JOBS_PER_WORKER = 2
SECONDS = 240.0
"""Of each recording: sixty windows, as many as an hour of talk has."""
BUDGET_MS = 30.0


def overheads_ms(log: Path) -> list[float]:
    """From each answer to the next question of the same worker."""
    answered: dict[str, float] = {}
    found = []
    for line in log.read_text("utf-8").splitlines():
        at, pid, point = line.split(maxsplit=2)
        if point.endswith(" answered"):
            answered[pid] = float(at)
        elif point.endswith(" asked") and pid in answered:
            found.append((float(at) - answered.pop(pid)) * 1000)
        elif point == "ended":
            answered.pop(pid, None)
    return found


def measure(workers: int) -> dict[str, float]:
    """Seconds of a run, overhead in ms, and how often a step was done more than once."""
    with postgresql_database() as url, tempfile.TemporaryDirectory() as folder:
        upgrade(url)
        house = House(Path(folder) / "house", url)
        try:
            content = house.sound(tone(SECONDS)[None])
            for number in range(workers):
                house.worker(node=f"node{number}")
            for number in range(workers):
                house.until_ready(f"node{number}")
            began = time.monotonic()
            jobs = [house.enqueue(house.meeting(content)) for _ in range(JOBS_PER_WORKER * workers)]
            states = {house.until_job(job, "done", "failed", "parked").state for job in jobs}
            took = time.monotonic() - began
            times = Counter(house.points())
            overheads = sorted(overheads_ms(house.log))
        finally:
            house.close()
    if states != {"done"}:
        raise SystemExit(f"not every job was done: {states}")
    kept = {point: count for point, count in times.items() if point.endswith(" kept")}
    return {
        "seconds": took,
        "steps": float(sum(kept.values())),
        "repeated": float(sum(count - len(jobs) for count in kept.values())),
        "median": statistics.median(overheads),
        "p95": overheads[int(0.95 * len(overheads))],
    }


def main() -> int:
    """Prints the table; 1 when a figure misses its budget."""
    if not os.environ.get("RAPPORT_TEST_POSTGRES"):
        sys.stderr.write("RAPPORT_TEST_POSTGRES names no server: nothing to measure on.\n")
        return 1
    now = datetime.now(UTC).date()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"Queue overhead per step on PostgreSQL, {now}, {machine}, budget p95 {BUDGET_MS:g} ms\n")
    print("| workers | steps | seconds | median ms | p95 ms | repeated steps |\n|---|---|---|---|---|---|")
    good = True
    for workers in WORKERS:
        found = measure(workers)
        good = good and found["p95"] <= BUDGET_MS and found["repeated"] == 0
        print(
            f"| {workers} | {found['steps']:.0f} | {found['seconds']:.1f} | {found['median']:.1f} "
            f"| {found['p95']:.1f} | {found['repeated']:.0f} |",
            flush=True,
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
