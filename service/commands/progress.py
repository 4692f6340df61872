"""How far the work is: a live bar on a terminal, a rare line elsewhere, with an estimate of the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from service.commands.surroundings import WORDING, Surroundings, complain
from service.export.plain_text import clean, clock
from service.jobs.model_process import Report

WEIGHTS = {
    "load": 0.05,
    "listen": 0.3,
    "transcribe": 0.55,
    "understand": 0.07,
    "draft": 0.03,
    "fetch": 0.9,
    "prepare": 0.1,
}
"""How long each step usually takes in proportion to the others of its job."""

FIRST_GUESS_SHARE = 0.03
"""Below this share of the whole an estimate would only mislead."""

QUIET_S = 20.0
"""Seconds between lines when stderr is a file or a pipe: short work stays silent there."""


class Estimate:
    """Overall share of the work and time left, from the steps told so far."""

    def __init__(self, steps: Sequence[str], now: Callable[[], float] = time.monotonic) -> None:
        self._weights = {step: WEIGHTS[step] for step in steps}
        self._now = now
        self._started = now()
        self.share = 0.0

    def update(self, step: str, share: float) -> None:
        """The step is done to that share 0..1; the overall share never goes back."""
        names = list(self._weights)
        if step in names:
            before = sum(self._weights[name] for name in names[: names.index(step)])
            done = (before + self._weights[step] * share) / sum(self._weights.values())
            self.share = max(self.share, min(1.0, done))

    def left_s(self) -> float | None:
        """Seconds left at the speed so far, None while nothing can be said."""
        if self.share < FIRST_GUESS_SHARE:
            return None
        return (self._now() - self._started) * (1 - self.share) / self.share


@contextmanager
def progress(name: str, around: Surroundings, steps: Sequence[str]) -> Iterator[Report]:
    """Shows the progress of one input on stderr while the block runs; `steps`: those of the job, in order."""
    estimate = Estimate(steps)
    language = around.settings.language
    if not sys.stderr.isatty():
        yield _plain(clean(name), estimate, language)
        return
    # Only a terminal needs rich, and --help must not wait for it.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    text = (TextColumn("{task.fields[name]}", markup=False), TextColumn("{task.fields[step]}", markup=False))
    left = TextColumn("{task.fields[left]}", markup=False)
    console = Console(stderr=True)
    with Progress(*text, BarColumn(), TaskProgressColumn(), left, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0, name=clean(name), step=_words(steps[0], language), left="")

        def show(step: str, share: float) -> None:
            estimate.update(step, share)
            words = _words(step, language)
            bar.update(task, completed=estimate.share, step=words, left=_left(estimate, language))

        yield show


def _plain(name: str, estimate: Estimate, language: str) -> Report:
    last = time.monotonic()

    def show(step: str, share: float) -> None:
        nonlocal last
        estimate.update(step, share)
        if time.monotonic() - last < QUIET_S:
            return
        last = time.monotonic()
        words, left = _words(step, language), _left(estimate, language)
        percent = round(100 * estimate.share)
        complain(WORDING.say("progress_line", language, name=name, step=words, percent=percent, left=left))

    return show


def _left(estimate: Estimate, language: str) -> str:
    seconds = estimate.left_s()
    return "" if seconds is None else WORDING.say("left", language, time=clock(seconds))


def _words(step: str, language: str) -> str:
    """The step in words, or its own name for one that a later engine reports."""
    return WORDING.say(f"step_{step}", language) if f"step_{step}" in WORDING.table else clean(step)
