from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def noise(tmp_path: Path) -> Callable[[str, float], Path]:
    """Writes white noise, 16 kHz mono, of so many seconds."""

    def write(name: str, seconds: float) -> Path:
        path = tmp_path / name
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(16_000)
            samples = np.random.default_rng(0).normal(0, 3000, int(seconds * 16_000))
            out.writeframes(samples.astype("<i2").tobytes())
        return path

    return write
