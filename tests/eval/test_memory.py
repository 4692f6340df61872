from __future__ import annotations

import os
import subprocess
import sys
from operator import methodcaller

import pytest

from eval.memory import Trace, figures, tree_rss_mb, watch

HOLDS_80_MB = "import sys; held = bytearray(b'x' * 80_000_000); print('ready', flush=True); sys.stdin.read()"


def test_children_count() -> None:
    before = tree_rss_mb(os.getpid())
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_80_MB], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert tree_rss_mb(os.getpid()) - before > 75
        assert tree_rss_mb(child.pid) > 80


def test_a_process_that_is_gone_holds_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert tree_rss_mb(child.pid) == 0


def test_growth_is_from_the_first_hour_to_the_last() -> None:
    trace = Trace(
        peak_mb=950.0,
        wall_s=100.0,
        at_event=(
            ("listen", 1.0, 400.0),
            ("transcribe", 0.3, 600.0),
            ("transcribe", 0.34, 700.0),
            ("transcribe", 1.0, 720.0),
        ),
    )
    values = {f.key: f.value for f in figures(trace, hours=3).figures}
    assert values["peak_memory"] == 950
    assert values["memory_after_first_hour"] == 700
    assert values["memory_growth"] == 20


def test_without_progress_only_the_peak_is_told() -> None:
    keys = [f.key for f in figures(Trace(950.0, 100.0, ()), hours=3).figures]
    assert keys == ["peak_memory", "wall_seconds"]


def test_a_watched_process_tells_its_progress_and_its_peak() -> None:
    trace = watch(methodcaller("send", ("transcribe", 1.0)), ())
    assert trace.after("transcribe", 1.0) is not None
    assert trace.after("draft", 1.0) is None
    assert trace.peak_mb > 5


def test_a_watched_process_that_fails_is_an_error() -> None:
    with pytest.raises(RuntimeError):
        watch(methodcaller("no_such_method"), ())
