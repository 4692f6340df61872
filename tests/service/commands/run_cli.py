"""Runs `rapport` as a user would: a process of its own, with fake engines behind it."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = "import sys; from service.cli import main; sys.exit(main(sys.argv[2:], engines=sys.argv[1]))"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line on stderr."""
        (line,) = self.err.splitlines()
        assert "Traceback" not in line
        return line


def command(*arguments: object, engines: str = "Fakes") -> list[str]:
    return [sys.executable, "-c", PROGRAM, f"tests.service.fake_engines:{engines}", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return kept | {"PYTHONPATH": str(ROOT), "RAPPORT_LANG": "en", "RAPPORT_THREADS": "1"} | more


def rapport(*arguments: object, cwd: Path, engines: str = "Fakes", **more: object) -> Ran:
    done = subprocess.run(
        command(*arguments, engines=engines),
        cwd=cwd,
        env=environment(RAPPORT_MODELS_DIR=str(cwd / "store"), **more.pop("env", {})),
        capture_output=True,
        encoding="utf-8",
        check=False,
        **more,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def recording(path: Path, length_s: float = 1.0) -> Path:
    """A valid, silent recording."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * int(16_000 * length_s)))
    return path
