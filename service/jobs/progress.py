"""How far a job is, as one share of the whole, and how long the rest takes at the speed measured so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"probe": 0.02, "listen": 0.25, "window": 0.55, "assemble": 0.02, "draft": 0.16}
)
"""Share of the whole time that each kind of step takes, all windows together: a first guess."""

ENOUGH = 0.1
"""Share of the whole that has to be worked on before its speed says anything."""


class Progress:
    """Of one worker's run over a job. `clock`: seconds, monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._weights = WEIGHTS
        self._step = ""
        self._share = 0.0
        self._windows = 1
        self._spent_s = 0.0
        self._gained = 0.0
        self._since: tuple[float, float] | None = None

    def only(self, step: str) -> None:
        """There is no other step: nothing has to be listened to."""
        self._weights = {step: 1.0}

    def plan(self, windows: int) -> None:
        """The number of windows is known."""
        self._windows = max(1, windows)

    def work(self, step: str, number: int, share: float) -> None:
        """The share 0..1 of one step, and of the window with that number, is done by work of now."""
        before = self._share
        self._at(step, number, share)
        now = self._clock()
        if self._since is not None and self._since[1] <= self._share:
            self._spent_s += now - self._since[0]
            self._gained += max(0.0, self._share - before)
        self._since = (now, self._share)

    def skip(self, step: str, number: int) -> None:
        """That step was done before, so its time is not counted."""
        self._at(step, number, 1.0)
        self._since = None

    def fields(self) -> dict[str, Any]:
        """step, share and left_s of the job's row; left_s None: not known yet."""
        known = self._gained >= ENOUGH
        left_s = round((1.0 - self._share) * self._spent_s / self._gained, 1) if known else None
        return {"step": self._step, "share": round(self._share, 4), "left_s": left_s}

    def _at(self, step: str, number: int, share: float) -> None:
        before = sum(weight for name, weight in self._weights.items() if _earlier(name, step))
        done = (number + share) / self._windows if step == "window" else share
        self._step = step
        self._share = max(self._share, min(1.0, before + self._weights[step] * min(1.0, done)))


def _earlier(name: str, step: str) -> bool:
    order = list(WEIGHTS)
    return order.index(name) < order.index(step)
