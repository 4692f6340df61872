"""Measures `rapport web` over HTTP: start, memory, and twenty managers at work on ten thousand meetings.

`python -m tests.bench.load [--data DIR] [--seconds 60] [--database URL]`
"""

from __future__ import annotations

import argparse
import csv
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from tests.bench import fill
from tests.bench.tables import heading, table

CLIENTS = 20
ARRIVALS_S = 2
"""People who come a second, until all are there; counting begins then."""
AIM_P95_MS, AIM_START_S, AIM_MIB = 120.0, 1.5, 150.0
MEASURED = ("list", "review: meeting", "review: draft", "review: transcript", "confirm")
STARTS = 5
LOCUST = Path(__file__).with_name("locustfile.py")


@dataclass(frozen=True)
class Web:
    """A running web process. `start_s`: from its start to its first answer."""

    process: subprocess.Popen[bytes]
    address: str
    start_s: float

    def mebibytes(self) -> float:
        return psutil.Process(self.process.pid).memory_info().rss / 2**20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def web(data: Path, database: str | None):
    """`rapport web` on that folder, until the block ends."""
    port = free_port()
    settings = {"RAPPORT_DATA": str(data), "RAPPORT_DATABASE": database or "", "RAPPORT_LANG": "en"}
    command = [sys.executable, "-m", "service.cli", "web", "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    begun = time.monotonic()
    with (
        (data / "web.log").open("ab") as log,
        subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=log) as process,
    ):
        try:
            while not _answers(address):
                if process.poll() is not None or time.monotonic() - begun > 60:
                    raise RuntimeError((data / "web.log").read_text("utf-8")[-2000:])
                time.sleep(0.02)
            yield Web(process, address, time.monotonic() - begun)
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    """By the plainest client: a richer one would take the processor from the process that starts."""
    connection = HTTPConnection(address.partition("//")[2], timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def load(address: str, people: Path, seconds: int, clients: int = CLIENTS) -> list[dict[str, str]]:
    """Rows of locust's statistics."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "locust", "-f", str(LOCUST), "--headless", "--host", address]
        command += [
            "-u",
            str(clients),
            "-r",
            str(ARRIVALS_S),
            "-t",
            f"{round(clients / ARRIVALS_S) + seconds}s",
        ]
        command += ["--reset-stats", "--csv", f"{folder}/out", "--only-summary", "--loglevel", "WARNING"]
        command += ["--stop-timeout", "5", "--exit-code-on-error", "0"]
        environment = os.environ | {"RAPPORT_BENCH_PEOPLE": str(people)}
        subprocess.run(
            command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with Path(folder, "out_stats.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))


def main(arguments: list[str]) -> int:
    """Prints the tables; 1 where an aim was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--database")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--meetings", type=int, default=fill.MEETINGS)
    parser.add_argument("--managers", type=int, default=fill.MANAGERS)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as made:
        data = chosen.data or Path(made)
        if not (data / fill.PEOPLE).exists():
            sizes = ["--meetings", str(chosen.meetings), "--managers", str(chosen.managers)]
            fill.main([str(data), *sizes, *(["--database", chosen.database] if chosen.database else [])])
        return measure(data, chosen.database, chosen.seconds)


def measure(data: Path, database: str | None, seconds: int) -> int:
    starts, fresh = [], []
    for _ in range(STARTS):
        with web(data, database) as running:
            starts.append(running.start_s)
            fresh.append(running.mebibytes())
    with web(data, database) as running:
        rows = load(running.address, data / fill.PEOPLE, seconds)
        after = running.mebibytes()
    start, memory = statistics.median(starts), max(statistics.median(fresh), after)
    print(heading(f"rapport web, {CLIENTS} managers with 1 s think time for {seconds} s"))
    print(f"All are signed in; {ARRIVALS_S} come a second and are counted once all {CLIENTS} are there.\n")
    named = [one for one in rows if one["Name"] in MEASURED]
    shown = [*named, *(one for one in rows if one not in named)]
    print(table(("request", "count", "errors", "p50 ms", "p95 ms", "aim p95"), [_row(one) for one in shown]))
    print(
        table(
            ("process", "measured", "aim"),
            [
                ("start to first answer, s", f"{start:.2f}", f"{AIM_START_S}"),
                ("memory after start, MiB", f"{statistics.median(fresh):.0f}", f"{AIM_MIB:.0f}"),
                ("memory after load, MiB", f"{after:.0f}", f"{AIM_MIB:.0f}"),
            ],
        )
    )
    slow = [one["Name"] for one in named if float(one["95%"]) > AIM_P95_MS]
    errors = sum(int(one["Failure Count"]) for one in rows if one["Name"] == "Aggregated")
    missed = bool(slow or errors or start > AIM_START_S or memory > AIM_MIB)
    print(f"p95 over {AIM_P95_MS:.0f} ms: {', '.join(slow) or 'none'}; errors: {errors}")
    return int(missed)


def _row(one: dict[str, str]) -> tuple[str, ...]:
    aim = f"{AIM_P95_MS:.0f}" if one["Name"] in MEASURED else "-"
    return one["Name"], one["Request Count"], one["Failure Count"], one["50%"], one["95%"], aim


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
