"""A gate in a job, where work waits until it is opened, and the fake engines with a gate in each window."""

from __future__ import annotations

import os
from pathlib import Path

from models.engines.fake import Engines


class Gate:
    """A named pipe that is there while the gate is shut."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)

    def open(self) -> None:
        """Lets go who waits, or comes next, and all after it."""
        with self.path.open("wb"):
            self.path.unlink()


def wait_at(path: Path) -> None:
    """Until the gate there is opened; not at all where there is none."""
    if path.exists():
        with path.open("rb") as gate:
            gate.read()


def engines(models_dir: Path, threads: int) -> Engines:
    """Each window waits at a gate in the folder of the model store."""
    return Engines(models_dir, threads, lambda audio: wait_at(models_dir / "gate"))
